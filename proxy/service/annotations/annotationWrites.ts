import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { NewAnnotationRow } from '#proxy/store/annotations.ts'
import type { HistoryRow } from '#proxy/store/history.ts'

/** The line of history of a row that was just written by `userId`. */
export const historyOf = (
  row: NewAnnotationRow,
  userId: string,
  at: number,
  before: Uint8Array | null,
  after: Uint8Array | null,
): HistoryRow => ({
  app: row.app,
  rev: row.rev,
  kind: 'annotation',
  input_id: row.input_id,
  item_id: row.id,
  user_id: userId,
  at,
  before,
  after,
})

/** Names an annotation within its app. */
export const annotationKey = ({ inputId, id }: Pick<Annotation, 'inputId' | 'id'>): string => `${inputId}/${id}`
