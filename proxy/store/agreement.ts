import { type Insertable, type Selectable, sql } from 'kysely'
import { batches } from './batches.ts'
import type { Db } from './open.ts'
import type { Tables } from './schema.ts'

export type AgreementRow = Insertable<Tables['work_agreement']>
export type KnownAnswerRow = Selectable<Tables['known_answer']>

/** Puts these in the place of all there is about the inputs. */
export const putAgreements = async (
  tx: Db,
  app: number,
  taskId: string,
  inputIds: readonly string[],
  rows: readonly AgreementRow[],
): Promise<void> => {
  for (const batch of batches([...new Set(inputIds)], 500))
    await tx
      .deleteFrom('work_agreement')
      .where('app', '=', app)
      .where('task_id', '=', taskId)
      .where('input_id', 'in', batch)
      .execute()
  for (const batch of batches(rows, 1000)) await tx.insertInto('work_agreement').values(batch).execute()
}

/** A mean of `count` numbers. */
export interface Mean {
  readonly mean: number
  readonly count: number
}

const mean = sql<number>`avg(agreement)`
/** On rows of `work_agreement`: of an input that is there. */
const isThere = (app: number) => sql<boolean>`work_agreement.input_id not in (
  select gone.id from input gone where gone.app = ${app} and gone.deleted_at is not null)`
const ofTask = (taskId: string | undefined) => (taskId === undefined ? sql`` : sql`and task_id = ${taskId}`)

/** By person: the mean over all pairs of people they are in; `known`: of their agreement with known answers. */
export const agreementOfPeople = async (
  db: Db,
  app: number,
  taskId: string | undefined,
  known: boolean,
): Promise<Map<string, Mean>> => {
  const pairs = sql<{ id: string; sum: number; count: number }>`
    select worker_a as id, sum(agreement) as sum, count(*) as count from work_agreement
      where app = ${app} and worker_a <> '' and worker_b ${known ? sql`= ''` : sql`<> ''`} ${ofTask(taskId)}
      and ${isThere(app)} group by worker_a`
  const others = sql<{ id: string; sum: number; count: number }>`
    select worker_b as id, sum(agreement) as sum, count(*) as count from work_agreement
      where app = ${app} and worker_b <> '' ${ofTask(taskId)} and ${isThere(app)} group by worker_b`
  const rows = [...(await pairs.execute(db)).rows, ...(known ? [] : (await others.execute(db)).rows)]
  const found = new Map<string, { sum: number; count: number }>()
  for (const { id, sum, count } of rows) {
    const before = found.get(id) ?? { sum: 0, count: 0 }
    found.set(id, { sum: before.sum + Number(sum), count: before.count + Number(count) })
  }
  return new Map([...found].map(([id, { sum, count }]) => [id, { mean: sum / count, count }]))
}

/** The matrix of a task: every pair that has submitted an input in common. */
export const agreementOfPairs = async (
  db: Db,
  app: number,
  taskId: string,
): Promise<(Mean & { a: string; b: string })[]> => {
  const rows = await db
    .selectFrom('work_agreement')
    .select(['worker_a', 'worker_b', mean.as('mean')])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    .where(sql<boolean>`worker_b <> ''`)
    .where(isThere(app))
    .groupBy(['worker_a', 'worker_b'])
    .orderBy('worker_a')
    .orderBy('worker_b')
    .execute()
  return rows.map((row) => ({
    a: row.worker_a,
    b: row.worker_b,
    mean: Number(row.mean),
    count: Number(row.count),
  }))
}

/** How far all agree on an input. */
export interface InputAgreementRow {
  readonly input_id: string
  readonly agreement: number
  readonly people: number
}

const ofInputs = (db: Db, app: number, taskId: string) =>
  db
    .selectFrom('work_agreement')
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    // as the index has it
    .where(sql<boolean>`worker_a = ''`)
    .where(isThere(app))

/** A page of inputs, lowest agreement first. */
export const lowestAgreement = (
  db: Db,
  app: number,
  taskId: string,
  page: { readonly limit: number; readonly after?: readonly [agreement: number, inputId: string] | undefined },
): Promise<InputAgreementRow[]> => {
  let query = ofInputs(db, app, taskId).select(['input_id', 'agreement', 'people'])
  if (page.after) query = query.where(sql<boolean>`(agreement, input_id) > (${page.after[0]}, ${page.after[1]})`)
  return query.orderBy('agreement').orderBy('input_id').limit(page.limit).execute()
}

/** The mean over all inputs of a task that several people have submitted. */
export const meanAgreement = async (db: Db, app: number, taskId: string): Promise<Mean> => {
  const row = await ofInputs(db, app, taskId)
    .select(mean.as('mean'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { mean: Number(row.mean ?? 0), count: Number(row.count) }
}

/** By input: the mean agreement with its known answer. */
export const agreementWithKnown = async (db: Db, app: number, taskId: string): Promise<Map<string, Mean>> => {
  const rows = await db
    .selectFrom('work_agreement as agreement_of')
    .select(['agreement_of.input_id', sql<number>`avg(agreement_of.agreement)`.as('mean')])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('agreement_of.app', '=', app)
    .where('agreement_of.task_id', '=', taskId)
    .where('agreement_of.worker_b', '=', '')
    .where('agreement_of.worker_a', '<>', '')
    .groupBy('agreement_of.input_id')
    .execute()
  return new Map(rows.map((row) => [row.input_id, { mean: Number(row.mean), count: Number(row.count) }]))
}

export const putKnownAnswers = async (tx: Db, rows: readonly KnownAnswerRow[]): Promise<void> => {
  for (const row of rows)
    await tx
      .insertInto('known_answer')
      .values(row)
      .onConflict((conflict) => conflict.columns(['app', 'task_id', 'input_id']).doUpdateSet(row))
      .execute()
}

export const removeKnownAnswers = async (
  tx: Db,
  app: number,
  taskId: string,
  inputIds: readonly string[],
): Promise<void> => {
  await tx
    .deleteFrom('known_answer')
    .where('app', '=', app)
    .where('task_id', '=', taskId)
    .where('input_id', 'in', inputIds)
    .execute()
}

/** The known answers of a task, of these inputs if given, oldest first. */
export const knownAnswers = (
  db: Db,
  app: number,
  taskId: string,
  inputIds?: readonly string[],
): Promise<KnownAnswerRow[]> => {
  let query = db.selectFrom('known_answer').selectAll().where('app', '=', app).where('task_id', '=', taskId)
  if (inputIds) query = query.where('input_id', 'in', inputIds)
  return query.orderBy('kept_at').orderBy('input_id').execute()
}

/** Of which inputs somebody's labels are known answers, of whatever task: theirs are the questions, not the results. */
export const keepersOfKnownAnswers = async (
  db: Db,
  app: number,
  inputIds: readonly string[],
): Promise<{ input_id: string; kept_by: string }[]> => {
  const found: { input_id: string; kept_by: string }[] = []
  for (const batch of batches(inputIds, 500))
    found.push(
      ...(await db
        .selectFrom('known_answer')
        .select(['input_id', 'kept_by'])
        .where('app', '=', app)
        .where('input_id', 'in', batch)
        .execute()),
    )
  return found
}
