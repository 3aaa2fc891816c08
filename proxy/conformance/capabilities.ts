import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { At } from './capability.ts'
import { Detector } from './detector.ts'
import { rowsAdding } from './rowsAdding.ts'
import { rowsChanging } from './rowsChanging.ts'
import { rowsListing } from './rowsListing.ts'
import { Bench, PROTOCOLS, type Protocol, type Target } from './target.ts'

const rows = [...rowsAdding, ...rowsListing, ...rowsChanging].toSorted(([a], [b]) => a - b)

/** What a target needs for row 3: its models are on loopback. */
export const forCapabilities = { ALLOW_PRIVATE_INPUT_URLS: 'true', RATE_LIMIT: '0' }

/** What the seed page states, one test a row of the table in api.md §1. */
export const capabilities = (target: () => Target, protocols: readonly Protocol[] = PROTOCOLS): void => {
  it('there are all 52 rows', () => {
    expect(rows.map(([row]) => row)).toEqual(Array.from({ length: 52 }, (_, n) => n + 1))
  })

  let detector: Detector
  beforeAll(async () => {
    detector = await Detector.start()
  })
  afterAll(() => detector.stop())

  describe.each(protocols)('what the page states, over %s', (protocol) => {
    let at: At
    beforeAll(async () => {
      const bench = await Bench.make(target(), target().client(protocol))
      const [input = ''] = await bench.inputs(1)
      at = { bench, target: target(), detector, input }
    })

    it.each(rows.map(([row, says, check]) => [`row ${row}: ${says}`, check] as const))('%s', (_, check) => check(at))
  })
}
