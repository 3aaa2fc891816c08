import { intersectMasks, unionMasks } from '#geometry/mask.ts'
import { ringArea } from '#geometry/polygon.ts'
import { intersectPolygons, unionPolygons } from '#geometry/polygonBoolean.ts'
import type { Mask, Polygon, Shape } from '#geometry/shape.ts'
import type { Region, RegionKey } from './region.ts'

/** Regions of several people that mean the same thing, at most one of each. */
export interface Group {
  /** the one of the first of them: names the group */
  readonly key: RegionKey
  readonly members: readonly Region[]
  /** mean overlap of its pairs of the same concepts over all pairs of people, 0 … 1 */
  readonly agreement: number
  /** not all of them say the same concepts */
  readonly mixed: boolean
}

/** Two regions that the server has paired (GetAgreement). */
export interface Pairing {
  readonly a: RegionKey
  readonly b: RegionKey
  readonly overlap: number
  readonly sameConcepts: boolean
}

const authorOf = ({ madeBy }: Region): string => madeBy.id

/**
 * Regions that are paired, directly or through others, are one group; of one person only one joins it, the best paired
 * first. Lowest agreement first, where there is most to decide.
 * @param people how many have submitted
 */
export function groupsOf(regions: Iterable<Region>, pairings: readonly Pairing[], people: number): readonly Group[] {
  const byKey = new Map<RegionKey, Region>([...regions].map((region) => [region.key, region]))
  const home = new Map<RegionKey, RegionKey[]>([...byKey.keys()].map((key) => [key, [key]]))
  const best = pairings.toSorted((x, y) => Number(y.sameConcepts) - Number(x.sameConcepts) || y.overlap - x.overlap)
  for (const { a, b } of best) {
    const [one, other] = [home.get(a), home.get(b)]
    if (!one || !other || one === other) continue
    const authors = new Set(one.map((key) => authorOf(byKey.get(key)!)))
    if (other.some((key) => authors.has(authorOf(byKey.get(key)!)))) continue
    const joined = [...one, ...other]
    for (const key of joined) home.set(key, joined)
  }
  const pairs = Math.max(1, (people * (people - 1)) / 2)
  const groups = [...new Set(home.values())].map((keys): Group => {
    const within = pairings.filter(({ a, b, sameConcepts }) => sameConcepts && keys.includes(a) && keys.includes(b))
    const members = keys.map((key) => byKey.get(key)!)
    return {
      key: keys[0]!,
      members,
      agreement: within.reduce((sum, { overlap }) => sum + overlap, 0) / pairs,
      mixed: new Set(members.map(conceptsKey)).size > 1,
    }
  })
  return groups.sort((x, y) => x.agreement - y.agreement || x.key.localeCompare(y.key))
}

const conceptsKey = ({ concepts }: Region): string =>
  concepts
    .map(({ id, value }) => `${id}=${value >= 0.5}`)
    .sort()
    .join(' ')

/** What is chosen of a group: one person's region, all of them merged, or none. */
export type Choice = RegionKey | 'merged' | 'none'

/** Where at least half of the people, and at least two, have it, the one that agrees best with the others; else none. */
export function firstChoice(group: Group, people: number, agreementOf: (key: RegionKey) => number): Choice {
  const { length } = group.members
  if (length < 2 || length * 2 < people) return 'none'
  return group.members.toSorted((a, b) => agreementOf(b.key) - agreementOf(a.key))[0]!.key
}

/** The concepts that most of them say; of as many, those of the first. */
export function commonConcepts(members: readonly Region[]): Region['concepts'] {
  const counts = Map.groupBy(members, conceptsKey)
  return [...counts.values()].toSorted((a, b) => b.length - a.length)[0]?.[0]?.concepts ?? []
}

/**
 * One shape of several: the mean of each side of boxes, the mean of points; of polygons, and of masks, what lies in at
 * least half of them, its largest part. Undefined where kinds differ or nothing is left.
 */
export function mergedShape(shapes: readonly Shape[]): Shape | undefined {
  const [first] = shapes
  if (!first || shapes.some(({ kind }) => kind !== first.kind)) return undefined
  switch (first.kind) {
    case 'box': {
      const boxes = shapes.filter((shape) => shape.kind === 'box')
      const [x, y] = [mean(boxes.map((box) => box.x)), mean(boxes.map((box) => box.y))]
      return { kind: 'box', x, y, w: mean(boxes.map((b) => b.x + b.w)) - x, h: mean(boxes.map((b) => b.y + b.h)) - y }
    }
    case 'point': {
      const points = shapes.filter((shape) => shape.kind === 'point')
      return { kind: 'point', x: mean(points.map(({ x }) => x)), y: mean(points.map(({ y }) => y)) }
    }
    case 'polygon': {
      const parts = half(shapes.filter((shape) => shape.kind === 'polygon')).map((some) => intersectPolygons(some))
      return largest(unionPolygons(parts.flat()))
    }
    case 'mask': {
      const masks = shapes.filter((shape) => shape.kind === 'mask')
      return half(masks)
        .map((some) => some.reduce<Mask | undefined>((all, one) => all && intersectMasks(all, one), some[0]))
        .reduce<Mask | undefined>((all, one) => (all && one ? unionMasks(all, one) : (all ?? one)), undefined)
    }
    case 'asReceived':
      return undefined
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

const largest = (polygons: readonly Polygon[]): Polygon | undefined =>
  polygons.toSorted((a, b) => Math.abs(ringArea(b.points)) - Math.abs(ringArea(a.points)))[0]

/** Every choice of half of them, rounded up. */
function half<T>(items: readonly T[]): readonly (readonly T[])[] {
  const choose = (from: number, n: number): T[][] => {
    if (n === 0) return [[]]
    const found: T[][] = []
    for (let i = from; i <= items.length - n; i++)
      for (const rest of choose(i + 1, n - 1)) found.push([items[i]!, ...rest])
    return found
  }
  return choose(0, Math.ceil(items.length / 2))
}
