import { expect, it } from 'vitest'
import { Flight } from './flight.ts'

/** Passes a row every so many ms, from row 0 on. */
const passing = (flight: Flight, msEach: number, rows: number, from = { row: 0, at: 0 }) =>
  Array.from({ length: rows }, (_, i) => flight.pass(from.row + i, from.at + i * msEach))

it('does not fly while rows can be looked at', () => {
  expect(passing(new Flight(), 100, 20)).not.toContain(true)
})

it('flies from the fourth of quick rows, and on while some still pass', () => {
  const flight = new Flight()
  expect(passing(flight, 20, 10)).toEqual([false, false, false, false, true, true, true, true, true, true])
  expect(passing(flight, 100, 6, { row: 10, at: 280 })).not.toContain(false)
  expect(passing(flight, 260, 3, { row: 16, at: 1100 }).at(-1)).toBe(false)
})

it('flies at once over a leap, wherever it goes', () => {
  const flight = new Flight()
  flight.pass(500, 0)
  expect(flight.pass(20, 5000)).toBe(true)
})

it('is forgotten when the list stands still', () => {
  const flight = new Flight()
  passing(flight, 10, 30)
  flight.land(30, 300)
  expect(flight.pass(31, 310)).toBe(false)
})
