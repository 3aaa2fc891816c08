import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { type Opinion, opinionOf, type Said, similarity } from '#proxy/service/tasks/taskAgreement.ts'

/** Two regions that are taken for the same one. */
export interface Match {
  readonly a: Said
  readonly b: Said
  /** 0 … 1 */
  readonly overlap: number
  /** The concepts are the same, too; else the pair counts 0. */
  readonly same: boolean
}

export interface Comparison {
  /** 0 … 1 */
  readonly agreement: number
  readonly matches: readonly Match[]
}

/**
 * How far two people say the same of an input (docs/team.md):
 * (sum of overlaps of matching regions with the same concepts + concepts both said of the image)
 * / (regions of the one who has more + concepts either said). Two who say nothing agree fully.
 */
export const compare = (a: readonly Annotation[], b: readonly Annotation[]): Comparison =>
  compareOpinions(opinionOf(a), opinionOf(b))

const compareOpinions = (a: Opinion, b: Opinion): Comparison => {
  const matches = matchesOf(a.regions, b.regions)
  const common = [...a.tags].filter((tag) => b.tags.has(tag)).length
  const either = a.tags.size + b.tags.size - common
  const all = Math.max(a.regions.length, b.regions.length) + either
  const overlaps = matches.reduce((sum, { same, overlap }) => sum + (same ? overlap : 0), 0)
  return { agreement: all === 0 ? 1 : (overlaps + common) / all, matches }
}

/**
 * Regions with less in common are not the same thing, however badly it was drawn: two boats side by side share some
 * percent of their boxes, and became one object with two answers.
 */
export const leastOverlap = 0.2

/**
 * Each region has one partner at most: first those with the same concepts, the largest overlap first, then the rest
 * alike. Regions that overlap by less than {@link leastOverlap} are no partners.
 */
const matchesOf = (a: readonly Said[], b: readonly Said[]): Match[] => {
  const pairs = a
    .flatMap((one) => b.map((other) => ({ a: one, b: other, same: one.what === other.what })))
    .map((pair): Match => ({ ...pair, overlap: similarity(pair.a.info, pair.b.info) }))
    .filter(({ overlap }) => overlap >= leastOverlap)
    .sort((one, other) => Number(other.same) - Number(one.same) || other.overlap - one.overlap)
  const taken = new Set<Said>()
  return pairs.filter((pair) => {
    if (taken.has(pair.a) || taken.has(pair.b)) return false
    taken.add(pair.a).add(pair.b)
    return true
  })
}

export const meanOf = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((sum, number) => sum + number, 0) / numbers.length

/** Every two of a list, the one that comes first first. */
export const pairsOf = <T>(items: readonly T[]): [T, T][] =>
  items.flatMap((one, i) => items.slice(i + 1).map((other): [T, T] => [one, other]))
