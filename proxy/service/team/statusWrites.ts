import { toBinary } from '@bufbuild/protobuf'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { bareStatus, setTimes } from '#proxy/service/annotations/annotationForm.ts'
import { stored } from '#proxy/service/annotations/annotationReading.ts'
import { historyOf } from '#proxy/service/annotations/annotationWrites.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { type AnnotationRow, type NewAnnotationRow, replaceAnnotations } from '#proxy/store/annotations.ts'
import { nextRevs } from '#proxy/store/apps.ts'
import { appendHistory } from '#proxy/store/history.ts'
import type { Db } from '#proxy/store/open.ts'
import { markSame, sameAs } from './consensusCopies.ts'

/**
 * Writes annotations of work with another status, with their history; whether they may go there was asked before.
 * @param speakerOf the person whose annotation says the same as one, if any (consensusCopies.ts)
 */
export const writeStatus = async (
  tx: Db,
  app: Pick<AppInUse, 'no' | 'callerId'>,
  rows: readonly AnnotationRow[],
  to: StatusCode,
  now: number,
  speakerOf?: (row: AnnotationRow) => string | undefined,
): Promise<void> => {
  const stamps = await nextRevs(tx, app.no, rows.length, now)
  const moved = rows.map((row, i): NewAnnotationRow => {
    const annotation = { ...stored(row), status: bareStatus(to) }
    markSame(annotation, speakerOf?.(row))
    const { rev, at } = stamps[i]!
    setTimes(annotation, Number(row.created_at), at)
    return {
      ...row,
      status_code: to,
      same_as: sameAs(annotation) ?? null,
      message: toBinary(AnnotationSchema, annotation),
      rev,
      modified_at: at,
    }
  })
  await replaceAnnotations(tx, moved, rows)
  const history = moved.map((row, i) => historyOf(row, app.callerId, row.modified_at, rows[i]!.message, row.message))
  await appendHistory(tx, history)
}
