import { describe, expect, it } from 'vitest'
import { aBox, aPolygon, aRegion } from '#testing/builders.ts'
import { commonConcepts, firstChoice, groupsOf, mergedShape, type Pairing } from './consensus.ts'

const by = (who: string, id: string, concept = 'car') =>
  aRegion(id, aBox(0, 0, 10, 10), { concept, madeBy: { kind: 'user', id: who } })
const pair = (a: string, b: string, overlap: number, sameConcepts = true): Pairing => ({
  a: `${a}/${a}`,
  b: `${b}/${b}`,
  overlap,
  sameConcepts,
})
const ids = (groups: readonly { members: readonly { id: string }[] }[]) =>
  groups.map(({ members }) =>
    members
      .map(({ id }) => id)
      .sort()
      .join('+'),
  )

describe('groups of what several people found', () => {
  const regions = [by('ana', 'a1'), by('bob', 'b1'), by('cem', 'c1'), by('ana', 'a2')]
  it('join what is paired, directly or through another, the least agreed first', () => {
    const groups = groupsOf(regions, [pair('a1', 'b1', 0.9), pair('b1', 'c1', 0.6)], 3)
    expect(ids(groups)).toEqual(['a2', 'a1+b1+c1'])
    expect(groups[1]!.agreement).toBeCloseTo((0.9 + 0.6) / 3)
    expect(groups[0]!.agreement).toBe(0)
  })
  it('hold one region of each person: the best pair wins', () =>
    expect(ids(groupsOf(regions, [pair('a1', 'b1', 0.5), pair('a2', 'b1', 0.9)], 3))).toContain('a2+b1'))
  it('say when the concepts differ, and count nothing for that', () => {
    const mixed = [by('ana', 'a1'), by('bob', 'b1', 'bus')]
    expect(groupsOf(mixed, [pair('a1', 'b1', 0.9, false)], 2)[0]).toMatchObject({ mixed: true, agreement: 0 })
  })
  it('are chosen from where half of the people have it, by agreement; else none', () => {
    const [lone, all] = groupsOf(regions, [pair('a1', 'b1', 0.9), pair('b1', 'c1', 0.6)], 3)
    expect(firstChoice(lone!, 3, () => 1)).toBe('none')
    expect(firstChoice(all!, 3, (key) => (key === 'b1/b1' ? 0.75 : 0.5))).toBe('b1/b1')
    expect(firstChoice(all!, 7, () => 1)).toBe('none')
  })
  it('say what most say', () =>
    expect(commonConcepts([by('a', 'x', 'bus'), by('b', 'y'), by('c', 'z')])).toEqual([{ id: 'car', value: 1 }]))
})

describe('merging', () => {
  it('takes the mean of each side of boxes', () =>
    expect(mergedShape([aBox(0, 0, 10, 10), aBox(2, 4, 12, 10)])).toEqual(aBox(1, 2, 11, 10)))
  it('keeps of polygons what lies in at least half of them', () => {
    const square = (x: number) => aPolygon([x, 0], [x + 10, 0], [x + 10, 10], [x, 10])
    const merged = mergedShape([square(0), square(4), square(6)])
    const xs = merged?.kind === 'polygon' ? merged.points.map(([x]) => x) : []
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([4, 14])
  })
  it('does not mix kinds', () => expect(mergedShape([aBox(0, 0, 1, 1), { kind: 'point', x: 0, y: 0 }])).toBeUndefined())
})
