import { create } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Concept, ConceptSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { conceptOrder, conceptSlots } from '#model/concept.ts'
import { conceptIdFrom, moved, namesake, parseLines, withKey, withMarquee } from './conceptEdits.ts'

const concept = (id: string, order?: number): Concept =>
  create(ConceptSchema, { id, name: id, metadata: order === undefined ? {} : { marquee: { order } } })

/** What the server would hold after the writes. */
const written = (concepts: readonly Concept[], writes: readonly Concept[]): Concept[] =>
  concepts.map((one) => writes.find((write) => write.id === one.id) ?? one)

describe('conceptIdFrom', () => {
  it.each([
    ['Fishing boat', 'fishing-boat'],
    ['  Cars / trucks ', 'cars-trucks'],
    ['Müll', 'müll'],
    ['犬', '犬'],
    ['C++', 'c++'],
    ['???', ''],
  ])('makes %j into %j', (name, id) => {
    expect(conceptIdFrom(name)).toBe(id)
  })
  it('never exceeds 128 bytes, splits no character, and makes an id of an id', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        const id = conceptIdFrom(name)
        expect(new TextEncoder().encode(id).length).toBeLessThanOrEqual(128)
        expect(id.isWellFormed()).toBe(true)
        expect(id).not.toContain('/')
        expect(conceptIdFrom(id)).toBe(id)
      }),
    )
  })
})

describe('parseLines', () => {
  it('sorts lines into new, known and unusable', () => {
    expect(parseLines('Boat\n\n  Car \r\nboat\n!!!\nTree', ['tree'])).toEqual({
      fresh: [
        { id: 'boat', name: 'Boat' },
        { id: 'car', name: 'Car' },
      ],
      known: ['boat', 'Tree'],
      unusable: ['!!!'],
    })
  })
})

describe('moved', () => {
  const list = [concept('a', 0), concept('b', 1), concept('c', 2)]
  const order = (writes: Concept[]) =>
    written(list, writes)
      .toSorted(conceptOrder)
      .map((one) => one.id)

  it.each([
    ['a', 1, ['b', 'a', 'c']],
    ['c', -1, ['a', 'c', 'b']],
    ['c', -9, ['c', 'a', 'b']],
  ])('puts %s %i further', (id, by, expected) => {
    expect(order(moved(list, id, by))).toEqual(expected)
  })
  it('writes nothing at the ends', () => {
    expect(moved(list, 'a', -1)).toEqual([])
    expect(moved(list, 'c', 1)).toEqual([])
  })
  it('writes only what has another place', () => {
    expect(moved(list, 'c', -1).map((one) => one.id)).toEqual(['c', 'b'])
  })
})

describe('withKey', () => {
  const list = [concept('a', 0), withMarquee(concept('b', 1), { hotkey: 3 })]
  it('takes the key from who had it', () => {
    expect(conceptSlots(written(list, withKey(list, 'a', 3))).get(3)).toBe('a')
  })
  it('gives it back', () => {
    expect(conceptSlots(written(list, withKey(list, 'b', undefined)))).toEqual(
      new Map([
        [1, 'a'],
        [2, 'b'],
      ]),
    )
  })
})

describe('withMarquee', () => {
  it('keeps what others wrote beside ours', () => {
    const other = create(ConceptSchema, { id: 'a', metadata: { theirs: [1], marquee: { order: 2, color: '#112233' } } })
    expect(withMarquee(other, { color: undefined, order: 3 }).metadata).toEqual({ theirs: [1], marquee: { order: 3 } })
  })
})

it('finds who has a name already, whatever the case, and nobody in the concept itself', () => {
  const all = [create(ConceptSchema, { id: 'boat' }), create(ConceptSchema, { id: 'c2', name: 'Sheep' })]
  expect(namesake(all, all[0]!, ' sheep')?.id).toBe('c2')
  expect(namesake(all, all[1]!, 'BOAT')?.id).toBe('boat')
  expect(namesake(all, all[1]!, 'sheep')).toBeUndefined()
})
