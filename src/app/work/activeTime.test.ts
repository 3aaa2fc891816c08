import { expect, it } from 'vitest'
import { counted, IDLE_MS, secondsOf, signed, startTime, stopped } from './activeTime.ts'

const s = 1000

it('counts from sign to sign', () => {
  const time = signed(signed(startTime(0), 20 * s), 50 * s)
  expect(secondsOf(counted(time, 55 * s))).toBe(55)
})

it('stops counting a minute after the last sign, and goes on with the next', () => {
  const away = counted(signed(startTime(0), 10 * s), 600 * s)
  expect(secondsOf(away)).toBe(10 + IDLE_MS / s)
  const back = signed(away, 700 * s)
  expect(secondsOf(counted(back, 705 * s))).toBe(10 + IDLE_MS / s + 5)
})

it('does not count what is out of sight', () => {
  const hidden = stopped(startTime(0), 5 * s)
  expect(secondsOf(counted(hidden, 30 * s))).toBe(5)
  expect(secondsOf(counted(signed(hidden, 40 * s), 42 * s))).toBe(7)
})
