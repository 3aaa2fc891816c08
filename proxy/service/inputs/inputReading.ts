import { create, fromBinary } from '@bufbuild/protobuf'
import {
  type Annotation,
  type Data,
  DataSchema,
  type HostedURL,
  HostedURLSchema,
  type Input,
  InputSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import type { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { readable, stored } from '#proxy/service/annotations/annotationReading.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { itemStatus } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { datasetIdsOf } from '#proxy/store/datasets.ts'
import { type InputRow, inputLevelAnnotations } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { hostedMedia } from './media.ts'

/**
 * Stored inputs as they go out: with what their input-level annotations hold (api.md §9-29), with addresses where
 * their bytes are, modified when that annotation was. A few queries for a page, whatever its length.
 */
export const readableInputs = async (
  rows: readonly InputRow[],
  app: AppInUse,
  db: Db,
  deps: Deps,
): Promise<Input[]> => {
  const found = await inputLevelAnnotations(
    db,
    app.no,
    rows.map((row) => row.id),
  )
  const annotations = await readable(found.map(stored), app, db, deps)
  const levels = new Map(annotations.map((annotation) => [annotation.inputId, annotation]))
  const datasets = await datasetIdsOf(db, app.no, rows)
  return rows.map((row) => inputMessage(row, levels.get(row.id), datasets.get(row.id) ?? [], app, deps))
}

const inputMessage = (
  row: InputRow,
  level: Annotation | undefined,
  datasetIds: string[],
  app: AppInUse,
  deps: Deps,
): Input => {
  const input = fromBinary(InputSchema, row.message)
  const data: Data = { ...(level?.data ?? create(DataSchema)), ...payloadOf(input) }
  fillHosted(data, create(HostedURLSchema, hostedMedia(deps, app.user_id, app.id, row.id)))
  return Object.assign(input, {
    data,
    datasetIds,
    status: itemStatus(row.status_code as StatusCode),
    createdAt: timestampOf(Number(row.created_at)),
    modifiedAt: level?.modifiedAt ?? timestampOf(Number(row.modified_at)),
  })
}

const payloadOf = ({ data }: Input) => ({
  ...(data?.image && { image: data.image }),
  ...(data?.video && { video: data.video }),
  ...(data?.text && { text: data.text }),
  ...(data?.audio && { audio: data.audio }),
})

/** Inputs that came as bytes have our own address as their url; the others keep the one they came from. */
const fillHosted = ({ image, video, text, audio }: Data, hosted: HostedURL): void => {
  for (const payload of [image, video, text, audio]) {
    if (!payload) continue
    payload.hosted = hosted
    payload.url ||= `${hosted.prefix}/orig/${hosted.suffix}`
  }
}
