import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { sizeDelimitedEncode } from '@bufbuild/protobuf/wire'
import {
  type Annotation,
  AnnotationSchema,
  DatasetVersionMetricsSchema,
  DatasetVersionSchema,
  type Input,
  InputSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { readable } from '#proxy/service/annotations/annotationReading.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { onceEach } from '#proxy/service/team/consensusCopies.ts'
import { keepersOfKnownAnswers } from '#proxy/store/agreement.ts'
import { annotationsAt, appByNo } from '#proxy/store/datasetCut.ts'
import { updateVersion, type VersionRow, versionByNo, versionInputs } from '#proxy/store/datasetVersions.ts'
import { inputsById } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { chosenBy, withoutLabels } from './datasetFilter.ts'
import { isExported, isFoundEmpty, isUnlabelled, labelsOf } from './datasetLabels.ts'
import { MetricsCounter } from './datasetMetrics.ts'

/**
 * Writes down what a version holds, as one blob of inputs with their labels, so that it stays what it was whatever
 * becomes of them. Afterwards the version is READY. Begins anew when it is run again.
 */
export const runVersion = async (no: number, deps: Deps, signal: AbortSignal): Promise<void> => {
  const { store, blobs, now } = deps
  const version = await versionByNo(store.read, no)
  if (!version || version.status_code === StatusCode.DATASET_VERSION_READY) return
  await updateVersion(store.write, no, { status_code: StatusCode.DATASET_VERSION_IN_PROGRESS, modified_at: now() })
  const counter = new MetricsCounter()
  const { hash } = await blobs.put(encoded(inputsOf(version, deps, signal), counter))
  await updateVersion(store.write, no, {
    status_code: StatusCode.DATASET_VERSION_READY,
    snapshot: hash,
    metrics: toBinary(DatasetVersionMetricsSchema, counter.message()),
    modified_at: now(),
  })
}

export const failVersion = async (no: number, reason: string, { store, now }: Deps): Promise<void> => {
  const status_code = StatusCode.DATASET_VERSION_FAILURE
  await updateVersion(store.write, no, { status_code, status_details: reason, modified_at: now() })
}

async function* encoded(inputs: AsyncIterable<Input>, counter: MetricsCounter): AsyncGenerator<Uint8Array> {
  for await (const input of inputs) {
    counter.add(input.data!)
    yield sizeDelimitedEncode(InputSchema, input)
  }
}

/** Few, since their masks come along. */
const inputsAtATime = 100

/** The inputs of a version as they were when it was made, with id and data only. */
async function* inputsOf(version: VersionRow, deps: Deps, signal: AbortSignal): AsyncGenerator<Input> {
  const db = deps.store.read
  const app: AppInUse = { ...(await appByNo(db, Number(version.app))), callerId: '', role: 'owner', scopes: 'all' }
  const message = fromBinary(DatasetVersionSchema, version.message)
  const { dataConfig } = message
  const chosen = await chosenBy(message, app, db)
  const ignoreEmpty = dataConfig.case === 'annotationFilterConfig' && dataConfig.value.ignoreEmptyInputs
  let after = 0
  for (;;) {
    signal.throwIfAborted()
    const page = await versionInputs(db, Number(version.no), after, inputsAtATime)
    const ids = page.map((row) => row.input_id)
    const rows = new Map((await inputsById(db, app.no, ids)).map((row) => [row.id, row]))
    const messages = await annotationsAt(db, app.no, ids, Number(version.cut_rev))
    const all = messages.map((message) => fromBinary(AnnotationSchema, message)).filter(isExported)
    const exported = onceEach(await withoutKnownAnswers(all, app, db))
    const part = await readable(await chosen(exported, [...rows.values()]), app, db, deps)
    const byInput = Map.groupBy(part, (annotation) => annotation.inputId)
    for (const id of ids) {
      const row = rows.get(id)
      const own = byInput.get(id) ?? []
      const labels = labelsOf(own)
      if (!row || (ignoreEmpty && isUnlabelled(labels) && !isFoundEmpty(own))) continue
      const { data } = fromBinary(InputSchema, row.message)
      for (const kind of ['image', 'video', 'text', 'audio'] as const)
        if (data?.[kind]) Object.assign(labels, { [kind]: data[kind] })
      yield create(InputSchema, { id, data: labels })
    }
    if (page.length < inputsAtATime) return
    after = Number(page.at(-1)!.place)
  }
}

/** Known answers were labelled beside the task, to be compared with: the task's own labels of the same things are the result. */
const withoutKnownAnswers = async (
  annotations: readonly Annotation[],
  app: AppInUse,
  db: Db,
): Promise<Annotation[]> => {
  const inputIds = [...new Set(annotations.map(({ inputId }) => inputId))]
  const kept = new Set((await keepersOfKnownAnswers(db, app.no, inputIds)).map((row) => key(row.input_id, row.kept_by)))
  if (kept.size === 0) return [...annotations]
  return annotations.flatMap((annotation) => {
    const { inputId, inputLevel, taskId, worker } = annotation
    const isKept = taskId === '' && worker?.worker.case === 'user' && kept.has(key(inputId, worker.worker.value.id))
    if (!isKept) return [annotation]
    // who keeps the answer has often uploaded the input, too: its file name is no answer
    return inputLevel ? [withoutLabels(annotation)] : []
  })
}

const key = (inputId: string, userId: string): string => JSON.stringify([inputId, userId])
