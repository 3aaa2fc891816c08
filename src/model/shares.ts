/**
 * How `slots` are shared out by weight: whole numbers that add up to `slots`, each less than one away from its exact
 * share, none above `most`. The largest remainders get what rounding down leaves, the earlier one of equals.
 * `weights` are positive, and none is so large that its share exceeds `most`.
 */
export const sharesOf = (weights: readonly number[], slots: number, most: number): number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const exact = weights.map((weight) => Math.min(most, (slots * weight) / total))
  const shares = exact.map(Math.floor)
  let left = slots - shares.reduce((sum, share) => sum + share, 0)
  const byRemainder = exact.map((_, i) => i).sort((a, b) => exact[b]! - shares[b]! - (exact[a]! - shares[a]!) || a - b)
  for (const i of byRemainder) {
    if (left === 0) break
    if (shares[i]! >= most) continue
    shares[i]!++
    left--
  }
  return shares
}

/** An input to be given to people, and who has it already. */
export interface Place {
  readonly inputId: string
  /** People whose work on it stays theirs, whether they are still among the workers or not. */
  readonly kept: readonly string[]
}

export interface Person {
  readonly id: string
  readonly weight: number
}

export interface Given {
  readonly inputId: string
  readonly workerId: string
}

/**
 * Gives each input to as many people as are missing to `perInput`, nobody twice to the same one, so that everybody
 * comes as near to their share as what is kept allows; exactly there when nothing is kept.
 * Each input goes to those who lack most: of M inputs left nobody lacks more than M, so it always comes out even.
 */
export const distribute = (inputs: readonly Place[], people: readonly Person[], perInput: number): Given[] => {
  const place = new Map(people.map(({ id }, i) => [id, i]))
  const has = people.map(() => 0)
  let slots = 0
  for (const { kept } of inputs) {
    const theirs = kept.flatMap((id) => place.get(id) ?? [])
    for (const i of theirs) has[i]!++
    slots += theirs.length + Math.max(0, perInput - kept.length)
  }
  const shares = sharesOf(
    people.map(({ weight }) => weight),
    slots,
    inputs.length,
  )
  const lacks = shares.map((share, i) => share - has[i]!)
  return inputs.flatMap(({ inputId, kept }) => {
    const taken = new Set(kept.flatMap((id) => place.get(id) ?? []))
    const given: Given[] = []
    for (let missing = perInput - kept.length; missing > 0; missing--) {
      const next = neediest(lacks, taken)
      if (next < 0) break
      taken.add(next)
      lacks[next]!--
      given.push({ inputId, workerId: people[next]!.id })
    }
    return given
  })
}

/** The place of the largest number that is not taken, the first of equals; -1 when all are. */
const neediest = (lacks: readonly number[], taken: ReadonlySet<number>): number => {
  let best = -1
  for (let i = 0; i < lacks.length; i++) if (!taken.has(i) && (best < 0 || lacks[i]! > lacks[best]!)) best = i
  return best
}

/**
 * Which of `count` inputs are reviewed when `share` (0…1) of them are to be: exactly that many, rounded, spread by
 * `order`, a permutation nobody can foresee.
 */
export const sampleOf = (count: number, share: number, order: readonly number[]): Set<number> =>
  new Set(order.slice(0, Math.round(count * share)))

/** Why work cannot be shared out like this, for people; undefined when it can. */
export const whyNoShares = (people: readonly Person[], perInput: number): string | undefined => {
  if (people.length === 0) return 'Choose at least one person.'
  if (perInput > people.length)
    return `Each input is to go to ${perInput} people, but only ${people.length === 1 ? '1 is' : `${people.length} are`} chosen.`
  const bad = people.find(({ weight }) => !(weight > 0) || !Number.isFinite(weight))
  if (bad) return `The weight of ${bad.id} must be more than 0.`
  const total = people.reduce((sum, { weight }) => sum + weight, 0)
  const large = people.find(({ weight }) => weight * perInput > total * (1 + 1e-9))
  return (
    large &&
    `${large.id} would get some inputs twice: with ${perInput} people for each input nobody may have more than 1/${perInput} of the weight.`
  )
}
