import { deterministicId } from './ids.ts'
import { distribute, type Given, type Person } from './shares.ts'

/** One input that a person is to label, as it is posted (docs/decisions.md, 8). */
export interface Order {
  readonly inputId: string
  readonly userId: string
  /** Of the annotation; the same for everybody who makes the same order of the same batch, so that it is made once. */
  readonly id: string
}

/** How many inputs go to each person, and all of it. */
export interface Plan {
  readonly given: readonly Given[]
  readonly counts: ReadonlyMap<string, number>
  /** Inputs that have their people already. */
  readonly served: number
}

/**
 * Who gets which input. `has` tells who has an open order on an input already: they count among its people, so that
 * nobody gets an input twice and nothing is given out again.
 */
export function planOrders(
  inputIds: readonly string[],
  people: readonly Person[],
  perInput: number,
  has: ReadonlyMap<string, readonly string[]>,
): Plan {
  const places = inputIds.map((inputId) => ({ inputId, kept: has.get(inputId) ?? [] }))
  // what somebody has from before is no part of what is shared out now
  const open = places.filter(({ kept }) => kept.length < perInput)
  const given = distribute(open, people, perInput)
  const counts = new Map(people.map(({ id }) => [id, 0]))
  for (const { workerId } of given) counts.set(workerId, (counts.get(workerId) ?? 0) + 1)
  return { given, counts, served: inputIds.length - open.length }
}

/**
 * Every input to who labelled it last; those that nobody has labelled are shared out evenly to `others`, or left out when
 * there are none.
 */
export function planByAuthor(
  inputIds: readonly string[],
  authors: ReadonlyMap<string, string>,
  others: readonly Person[],
  has: ReadonlyMap<string, readonly string[]>,
): Plan {
  const free = inputIds.filter((id) => (has.get(id) ?? []).length === 0)
  const known = free.flatMap((inputId) => {
    const workerId = authors.get(inputId)
    return workerId === undefined ? [] : [{ inputId, workerId }]
  })
  const rest = free.filter((id) => !authors.has(id))
  const shared = others.length > 0 ? planOrders(rest, others, 1, new Map()).given : []
  const given = [...known, ...shared]
  const counts = new Map(others.map(({ id }) => [id, 0]))
  for (const { workerId } of given) counts.set(workerId, (counts.get(workerId) ?? 0) + 1)
  return { given, counts, served: inputIds.length - free.length }
}

export const ordersOf = (given: readonly Given[], app: { owner: string; app: string }, batch: string): Order[] =>
  given.map(({ inputId, workerId }) => ({
    inputId,
    userId: workerId,
    id: deterministicId('order', app.owner, app.app, inputId, workerId, batch),
  }))
