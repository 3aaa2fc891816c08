import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Region, type RegionKey, regionKey } from '#model/region.ts'
import { aBox, aPolygon, aRegion, byKey, keyOf } from '#testing/builders.ts'
import { SELECTED } from './paint.ts'
import { GONE, HIDDEN_BY_PERSON, LIFTED } from './regionArrays.ts'
import { type RegionLooks, RegionStore } from './regionStore.ts'

const looks: RegionLooks = { colorOf: () => '#102030', lookOf: () => ({ style: 0, badge: undefined }) }

const follow = (store: RegionStore, ...regions: readonly Region[]): boolean =>
  store.update(
    byKey(...regions),
    regions.map(({ key }) => key),
  )

/** What is drawn, in paint order. */
const drawn = ({ arrays }: RegionStore) =>
  Array.from({ length: arrays.count }, (_, slot) => slot)
    .filter((slot) => (arrays.hidden[slot]! & GONE) === 0)
    .map((slot) => ({
      bounds: [...arrays.bounds.subarray(4 * slot, 4 * slot + 4)],
      points: [...arrays.pointsOf(slot)],
    }))

const a = aRegion('a', aBox(1, 2, 3, 4))
const b = aRegion('b', aPolygon([0, 0], [10, 0], [5, 8]))
const c = aRegion('c', aBox(5, 5, 5, 5))

describe('RegionStore', () => {
  it('holds bounds and points of each region in paint order', () => {
    const store = new RegionStore(looks)
    follow(store, b, a)
    expect(drawn(store)).toEqual([
      { bounds: [0, 0, 10, 8], points: [0, 0, 10, 0, 5, 8] },
      { bounds: [1, 2, 4, 6], points: [] },
    ])
    expect(store.arrays.rgb[0]).toBe(0x302010)
  })

  it('writes one slot for an edit of one region', () => {
    const store = new RegionStore(looks)
    follow(store, a, b, c)
    const { packing } = store
    follow(store, a, { ...b, shape: aPolygon([0, 0], [10, 0], [10, 9], [0, 9]) }, c)
    expect(store.packing).toBe(packing)
    expect([...store.written]).toEqual([1])
    expect(drawn(store)[1]).toEqual({ bounds: [0, 0, 10, 9], points: [0, 0, 10, 0, 10, 9, 0, 9] })
  })

  it('traces a mask that the overlay shows only when it is let go', () => {
    const store = new RegionStore(looks)
    const mask = (w: number) => aRegion('m', { kind: 'mask', x: 1, y: 2, w, h: 1, runs: Uint32Array.of(0, w) })
    store.lift(new Set([keyOf('m')]))
    follow(store, a, mask(3))
    expect(drawn(store)[1]).toEqual({ bounds: [1, 2, 4, 3], points: [] })
    follow(store, a, mask(5))
    expect(store.lift(new Set())).toBe(true)
    expect(drawn(store)[1]).toEqual({ bounds: [1, 2, 6, 3], points: [1, 2, 6, 2, 6, 3, 1, 3] })
    expect(store.arrays.hidden[1]).toBe(0)
  })

  it('appends what is new on top, and leaves a gap for what was deleted', () => {
    const store = new RegionStore(looks)
    follow(store, a, b)
    const { packing } = store
    follow(store, a, b, c)
    follow(store, b, c)
    expect(store.packing).toBe(packing)
    expect(drawn(store).map(({ bounds }) => bounds[0])).toEqual([0, 5])
    expect(store.slotOf(a.key)).toBeUndefined()
  })

  it('packs anew for another paint order', () => {
    const store = new RegionStore(looks)
    follow(store, a, b)
    follow(store, b, a)
    expect(drawn(store).map(({ bounds }) => bounds[0])).toEqual([0, 1])
  })

  it('tells whether a change can be seen: what is lifted or hidden can not', () => {
    const store = new RegionStore(looks)
    follow(store, a, b)
    expect(store.lift(new Set([a.key]))).toBe(true)
    expect(follow(store, { ...a, shape: aBox(9, 9, 9, 9) }, b)).toBe(false)
    expect(store.lift(new Set())).toBe(true)
    expect(follow(store, a, b)).toBe(true)
    expect(store.hide(new Set([keyOf('nobody')]))).toBe(false)
  })

  it('keeps the reasons for hiding apart', () => {
    const store = new RegionStore(looks)
    follow(store, a, b)
    store.lift(new Set([a.key]))
    store.hide(new Set([a.key]))
    expect(store.arrays.hidden[0]).toBe(HIDDEN_BY_PERSON | LIFTED)
    store.lift(new Set())
    expect(store.arrays.hidden[0]).toBe(HIDDEN_BY_PERSON)
  })

  it('marks regions that are selected but not lifted, and takes the mark back', () => {
    const store = new RegionStore(looks)
    follow(store, a, b)
    store.mark(new Set([b.key]))
    expect([...store.arrays.style.subarray(0, 2)]).toEqual([0, SELECTED])
    store.mark(new Set())
    expect([...store.arrays.style.subarray(0, 2)]).toEqual([0, 0])
  })

  it('parts the rings of a polygon with holes by a pair that is no number', () => {
    const store = new RegionStore(looks)
    const hole = [
      [2, 2],
      [3, 2],
      [3, 3],
    ] as const
    follow(
      store,
      aRegion('h', {
        kind: 'polygon',
        points: [
          [0, 0],
          [9, 0],
          [9, 9],
        ],
        holes: [hole],
      }),
    )
    expect(drawn(store)[0]?.points).toEqual([0, 0, 9, 0, 9, 9, Number.NaN, Number.NaN, 2, 2, 3, 2, 3, 3])
  })

  it('never draws what was received without a single point', () => {
    const store = new RegionStore(looks)
    follow(store, aRegion('e', { kind: 'asReceived', what: 'span', points: [] }))
    const [left, top, right, bottom] = store.arrays.bounds
    expect(left! > right! && top! > bottom!).toBe(true)
  })

  it('shows after any history what a fresh store shows', () => {
    const shape = fc.oneof(
      fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50)).map(([x, y, w, h]) => aBox(x, y, w, h)),
      fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { minLength: 3, maxLength: 9 }).map((points) => aPolygon(...points)),
    )
    const state = fc.uniqueArray(fc.record({ id: fc.nat(12), shape, z: fc.nat(2) }), { selector: ({ id }) => id })
    const keys = (ids: readonly number[]) => new Set<RegionKey>(ids.map((id) => regionKey(`${id}`, `${id}`)))
    const step = fc.record({ state, lifted: fc.array(fc.nat(12)), hidden: fc.array(fc.nat(12)) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const store = new RegionStore(looks)
        const known = new Map<string, Region>()
        const play = (into: RegionStore, { state, lifted, hidden }: (typeof steps)[number]) => {
          const regions = state
            .map(({ id, shape: form, z }) => {
              const text = JSON.stringify([id, form, z])
              if (!known.has(text)) known.set(text, aRegion(`${id}`, form, { z }))
              return known.get(text)!
            })
            .sort((p, q) => p.z - q.z)
          into.lift(keys(lifted))
          follow(into, ...regions)
          into.hide(keys(hidden))
        }
        for (const each of steps) play(store, each)
        const fresh = new RegionStore(looks)
        play(fresh, steps.at(-1)!)
        const visible = (from: RegionStore) => drawn(from)
        expect(visible(store)).toEqual(visible(fresh))
        const hiddenOf = (from: RegionStore) =>
          [...from.arrays.hidden.subarray(0, from.arrays.count)].filter((bits) => !(bits & GONE))
        expect(hiddenOf(store)).toEqual(hiddenOf(fresh))
      }),
    )
  })
})
