import type { Insertable, Selectable } from 'kysely'
import { nextRevs } from './apps.ts'
import { batches } from './batches.ts'
import type { InputRow } from './inputs.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type DatasetRow = Selectable<Tables['dataset']>
type Page = { readonly limit: number; readonly offset: number }

const idsPerStatement = 1000

/** The datasets of an app with these ids that are not deleted, in no order. */
export const datasetsById = async (db: Db, app: number, ids: readonly string[]): Promise<DatasetRow[]> => {
  const found: DatasetRow[] = []
  for (const batch of batches([...new Set(ids)], idsPerStatement))
    found.push(
      ...(await db
        .selectFrom('dataset')
        .selectAll()
        .where('app', '=', app)
        .where('id', 'in', batch)
        .where('deleted_at', 'is', null)
        .execute()),
    )
  return found
}

export const datasetById = async (db: Db, app: number, id: string): Promise<DatasetRow | undefined> =>
  (await datasetsById(db, app, [id]))[0]

/** All datasets of some apps that are not deleted, oldest first. */
export const datasetsOf = (db: Db, apps: readonly number[]): Promise<DatasetRow[]> =>
  apps.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('dataset')
        .selectAll()
        .where('app', 'in', apps)
        .where('deleted_at', 'is', null)
        .orderBy('created_at')
        .orderBy('no')
        .execute()

export const insertDatasets = async (tx: Db, rows: readonly Insertable<Tables['dataset']>[]): Promise<void> => {
  for (const batch of batches(rows, 500)) await tx.insertInto('dataset').values(batch).execute()
}

export const updateDataset = async (
  tx: Db,
  no: number,
  change: Partial<Pick<DatasetRow, 'message' | 'rev' | 'modified_at' | 'deleted_at' | 'deleted_by'>>,
): Promise<void> => {
  await tx.updateTable('dataset').set(change).where('no', '=', no).execute()
}

/** How adding inputs to a dataset went. */
export interface Added {
  /** Now in it, and not before. */
  readonly added: ReadonlySet<string>
  /** The app has no such input. */
  readonly unknown: ReadonlySet<string>
}

/** Puts inputs at the end of a dataset, in their order; those that are there stay where they are. */
export const addToDataset = async (
  tx: Db,
  app: number,
  dataset: number,
  inputIds: readonly string[],
  now: number,
): Promise<Added> => {
  const ids = [...new Set(inputIds)]
  const living = await livingInputs(tx, app, ids)
  const there = await idsInDataset(tx, dataset, ids)
  const fresh = ids.filter((id) => living.has(id) && !there.has(id))
  const stamps = await nextRevs(tx, app, fresh.length, now)
  const rows = fresh.map((input_id, i) => ({ dataset, input_id, app, added_at: stamps[i]!.at }))
  for (const batch of batches(rows, 500)) await tx.insertInto('dataset_input').values(batch).execute()
  return { added: new Set(fresh), unknown: new Set(ids.filter((id) => !living.has(id))) }
}

const livingInputs = async (db: Db, app: number, ids: readonly string[]): Promise<Set<string>> => {
  const found = new Set<string>()
  for (const batch of batches(ids, idsPerStatement)) {
    const rows = await db
      .selectFrom('input')
      .select('id')
      .where('app', '=', app)
      .where('id', 'in', batch)
      .where('deleted_at', 'is', null)
      .execute()
    for (const row of rows) found.add(row.id)
  }
  return found
}

/** Of these inputs those that are in a dataset. */
export const idsInDataset = async (db: Db, dataset: number, ids: readonly string[]): Promise<Set<string>> => {
  const found = new Set<string>()
  for (const batch of batches(ids, idsPerStatement)) {
    const rows = await db
      .selectFrom('dataset_input')
      .select('input_id')
      .where('dataset', '=', dataset)
      .where('input_id', 'in', batch)
      .execute()
    for (const row of rows) found.add(row.input_id)
  }
  return found
}

/** Those that are not in it are passed over. */
export const removeFromDataset = async (tx: Db, dataset: number, inputIds: readonly string[]): Promise<void> => {
  for (const batch of batches(inputIds, idsPerStatement))
    await tx.deleteFrom('dataset_input').where('dataset', '=', dataset).where('input_id', 'in', batch).execute()
}

/** An input and when it came into a dataset. */
export type Membership = Pick<Selectable<Tables['dataset_input']>, 'input_id' | 'added_at'>

/**
 * Deleted inputs are left out by a list of them, which is short, and not by looking each one up, so that a page far
 * behind is found in the index alone.
 */
const members = (db: Db, dataset: number) =>
  db
    .selectFrom('dataset_input')
    .select(['dataset_input.input_id', 'dataset_input.added_at'])
    .where('dataset_input.dataset', '=', dataset)
    .where('dataset_input.input_id', 'not in', (eb) =>
      eb
        .selectFrom('input')
        .innerJoin('dataset', 'dataset.app', 'input.app')
        .select('input.id')
        .where('dataset.no', '=', dataset)
        .where('input.deleted_at', 'is not', null),
    )

/** A page of what is in a dataset, in the order it was added. */
export const listMembers = (db: Db, dataset: number, page: Page): Promise<Membership[]> =>
  members(db, dataset).orderBy('added_at').orderBy('input_id').limit(page.limit).offset(page.offset).execute()

/** Up to `count` of what is in a dataset and was added after a moment (µs), in that order. */
export const membersAfter = (db: Db, dataset: number, after: number, count: number): Promise<Membership[]> =>
  members(db, dataset)
    .where('added_at', '>', after)
    .orderBy('added_at')
    .orderBy('dataset_input.input_id')
    .limit(count)
    .execute()

export const countMembers = async (db: Db, dataset: number): Promise<number> => {
  const query = members(db, dataset).clearSelect()
  const { count } = await query.select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

export const memberOf = (db: Db, dataset: number, inputId: string): Promise<Membership | undefined> =>
  members(db, dataset).where('dataset_input.input_id', '=', inputId).executeTakeFirst()

const idsAtATime = 1000

/**
 * The ids of a dataset's inputs that are not deleted, in the order they were added, up to 1000 at a time; nothing when
 * there is no such dataset. Pages by place, so that the last one costs as much as the first.
 */
export async function* inputsOfDataset(db: Db, app: number, datasetId: string): AsyncGenerator<string[]> {
  const dataset = await datasetById(db, app, datasetId)
  if (!dataset) return
  let after = -1
  for (;;) {
    const rows = await membersAfter(db, Number(dataset.no), after, idsAtATime)
    if (rows.length > 0) yield rows.map((row) => row.input_id)
    if (rows.length < idsAtATime) return
    after = Number(rows.at(-1)!.added_at)
  }
}

/** In which datasets these inputs are: ids of datasets by input id. */
export const datasetIdsOf = async (
  db: Db,
  app: number,
  inputs: readonly Pick<InputRow, 'id'>[],
): Promise<Map<string, string[]>> => {
  const found = new Map<string, string[]>()
  for (const batch of batches(inputs, idsPerStatement)) {
    const rows = await db
      .selectFrom('dataset_input')
      .innerJoin('dataset', 'dataset.no', 'dataset_input.dataset')
      .select(['dataset_input.input_id', 'dataset.id'])
      .where('dataset_input.app', '=', app)
      .where(
        'dataset_input.input_id',
        'in',
        batch.map((row) => row.id),
      )
      .where('dataset.deleted_at', 'is', null)
      .orderBy('dataset_input.added_at')
      .execute()
    for (const { input_id, id } of rows) found.set(input_id, [...(found.get(input_id) ?? []), id])
  }
  return found
}
