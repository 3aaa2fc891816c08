import { describe, expect, it } from 'vitest'
import { newer, readTicks, ticksText, withTicks } from './marks.ts'

describe('ticks of a reviewer', () => {
  const none = readTicks(undefined)
  const of = (work: string, at = 1, before = none) => withTicks(before, work, new Set(['r1', 'r2']), at)

  it('are read as they were written, and count as none where they cannot be', () => {
    expect(readTicks(ticksText(of('t/i/a/0')))).toEqual({ at: 1, works: [['t/i/a/0', ['r1', 'r2']]] })
    for (const text of ['', '{', '3', '[]', '{"at":"1","works":[]}']) expect(readTicks(text)).toEqual(none)
    expect(readTicks('{"at":1,"works":[["w",[1]],["w"],3]}').works).toEqual([])
  })

  it('are of the last pieces of work, as far as there is room', () => {
    let kept = none
    for (let i = 0; i < 60; i++) kept = of(`work ${i}`, i, kept)
    expect([kept.works.length, kept.works[0]?.[0], kept.works.at(-1)?.[0]]).toEqual([40, 'work 59', 'work 20'])
    const many = new Set(Array.from({ length: 1500 }, (_, i) => `region-${i}-${'x'.repeat(20)}`))
    kept = withTicks(withTicks(kept, 'a', many, 61), 'b', many, 62)
    expect(ticksText(kept).length).toBeLessThan(64 * 1024)
    expect(kept.works[0]?.[0]).toBe('b')
    expect(withTicks(kept, 'b', new Set(), 63).works.some(([work]) => work === 'b')).toBe(false)
  })

  it('are those of the device that was used last', () => {
    expect(newer(of('here', 5), of('there', 9)).works[0]?.[0]).toBe('there')
    expect(newer(of('here', 5), none).works[0]?.[0]).toBe('here')
  })
})
