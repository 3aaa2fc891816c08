import { type RawBuilder, sql } from 'kysely'
import type { Db } from './open.ts'

/*
 * Several people who label an input apart make a set of labels each, and one photograph is one photograph: of what they
 * made in one task (or by their orders) counts what is approved and no copy of another's or, as long as nothing is, what
 * the one of them made who made most. Denied labels do not count there: they were not chosen.
 */

/** Where people of an app label apart. */
export interface Apart {
  readonly tasks: readonly string[]
  /** Those with an order on the same input do, too (app.metadata.marquee.review = consensus). */
  readonly orders: boolean
}

/**
 * Where people label apart, or did: undefined = nowhere, and every label counts. Tasks that were deleted are among them.
 * @param orders people with an order on the same input label apart now
 */
export const apartIn = async (db: Db, app: number, orders: boolean): Promise<Apart | undefined> => {
  const copied = sql`select 1 from annotation where annotation.app = ${app} and annotation.same_as is not null`
  const { rows } = await sql<{ id: string | null }>`select task.id from task where task.app = ${app}
      and (task.hides = 1 or exists (${copied} and annotation.task_id = task.id))
    union all select null as id where exists (${copied} and annotation.task_id is null)`.execute(db)
  const tasks = rows.flatMap(({ id }) => (id === null ? [] : [id]))
  return rows.length > 0 || orders ? { tasks, orders: orders || tasks.length < rows.length } : undefined
}

/** By what the labels of an annotation are told apart: its task, `-` for orders, empty where all count. */
export const groupOf = ({ tasks, orders }: Apart): RawBuilder<string> => {
  const ofTask = tasks.length > 0 ? sql`when annotation.task_id in (${sql.join(tasks)}) then annotation.task_id` : sql``
  const ofOrder = orders
    ? sql`when annotation.task_id is null and exists (select 1 from annotation given where given.app = annotation.app
        and given.input_id = annotation.input_id and given.is_order = 1 and given.deleted_at is null
        and given.user_id = annotation.user_id) then '-'`
    : sql``
  return sql<string>`case ${ofTask} ${ofOrder} else '' end`
}

/** Approved, and nobody else's speaks for it. */
export const decided = sql<boolean>`annotation.status_code = 24150 and annotation.same_as is null`
/** Not denied. */
export const standing = sql<boolean>`annotation.status_code <> 24158`

/**
 * `of` and `n`: how many rows of `annotation` count for each key.
 * @param from everything from `from` on, without grouping
 */
export const countedOnce = (
  key: RawBuilder<unknown>,
  from: RawBuilder<unknown>,
  apart: Apart,
): RawBuilder<unknown> => sql`select of_key, sum(n) as n from (
    select of_key, case when sum(chosen) > 0 then sum(chosen) else max(made) end as n from (
      select of_key, part, person,
        sum(case when part = '' or chosen then 1 else 0 end) as chosen,
        sum(case when made then 1 else 0 end) as made
      from (select ${key} as of_key, ${groupOf(apart)} as part, annotation.user_id as person,
          (${decided}) as chosen, (${standing}) as made ${from}) label
      group by of_key, part, person) by_person
    group by of_key, part) by_part
  group by of_key`
