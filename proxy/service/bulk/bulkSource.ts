import type { BulkOperation, Search } from '#gen/proto/clarifai/api/resources_pb.ts'
import { findDataset } from '#proxy/service/datasets/datasetFinding.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { visibleIn } from '#proxy/service/people/visibility.ts'
import { planOf } from '#proxy/service/searches/searchRun.ts'
import { countMembers, membersAfter } from '#proxy/store/datasets.ts'
import type { Db } from '#proxy/store/open.ts'
import type { SearchPlan, Subject } from '#proxy/store/searchPlans.ts'
import { annotationsAt, countHits, findTimes, inputsAt } from '#proxy/store/searchRuns.ts'

/** One thing to be done: an input, or an annotation of one. */
export interface Item {
  readonly id: string
  /** Of an annotation; of an input its id. */
  readonly inputId: string
  /** What {@link Source.next} goes on from. */
  readonly at: number
}

/** What an operation is done to, in an order that does not change while it is done. */
export interface Source {
  /** Up to `count` items behind a place; -1 = from the first. */
  next(after: number, count: number): Promise<Item[]>
  /** How many there are now. */
  count(): Promise<number>
}

/** What came after `until` (µs), the moment the operation was asked for, is not in it. */
export const sourceOf = async (
  { inputSource, annotationSource }: BulkOperation,
  app: AppInUse,
  until: number,
  db: Db,
): Promise<Source> => {
  if (annotationSource.case) return searchSource(annotationSource.value, 'annotation', app, until, db)
  switch (inputSource.case) {
    case 'inputIds':
      return listSource(inputSource.value.inputIds)
    case 'search':
      return searchSource(inputSource.value, 'input', app, until, db)
    case 'dataset':
      return datasetSource(inputSource.value.id, app, until, db)
    default:
      throw new Error('a bulk operation without a source')
  }
}

const listSource = (ids: readonly string[]): Source => ({
  next: async (after, count) =>
    ids.slice(after + 1, after + 1 + count).map((id, i) => ({ id, inputId: id, at: after + 1 + i })),
  count: async () => ids.length,
})

const datasetSource = async (id: string, app: AppInUse, until: number, db: Db): Promise<Source> => {
  const no = Number((await findDataset(db, app, id)).no)
  return {
    async next(after, count) {
      const rows = await membersAfter(db, no, after, count)
      return rows
        .map((row) => ({ id: row.input_id, inputId: row.input_id, at: Number(row.added_at) }))
        .filter(({ at }) => at <= until)
    },
    count: () => countMembers(db, no),
  }
}

const searchSource = async (
  search: Search,
  subject: Subject,
  app: AppInUse,
  until: number,
  db: Db,
): Promise<Source> => {
  const visible = await visibleIn(app, db)
  const plan = await planOf(db, subject, search, 'search', { app: app.no, callerId: app.callerId, visible })
  return {
    async next(after, count) {
      for (let from = after; ; ) {
        const times = (await findTimes(db, plan, { limit: count, after: from })).filter((at) => at <= until)
        const items = await itemsAt(db, plan, times)
        if (items.length > 0 || times.length === 0) return items
        from = times.at(-1)! // all of these have been deleted since they were found
      }
    },
    count: () => countHits(db, plan),
  }
}

const itemsAt = async (db: Db, { app, subject }: SearchPlan, times: readonly number[]): Promise<Item[]> => {
  if (subject === 'annotation')
    return (await annotationsAt(db, app, times)).map((row) => ({
      id: row.id,
      inputId: row.input_id,
      at: Number(row.created_at),
    }))
  return (await inputsAt(db, app, times)).map((row) => ({ id: row.id, inputId: row.id, at: Number(row.created_at) }))
}
