import { describe, expect, it } from 'vitest'
import { ApiError } from '#proxy/service/apiError.ts'
import { BodyBudget, RateLimit } from './limits.ts'

const allowed = (limit: RateLimit, subject: string, tries: number) => {
  let count = 0
  for (let i = 0; i < tries; i++) {
    try {
      limit.take(subject)
      count++
    } catch (error) {
      expect(error).toBeInstanceOf(ApiError)
    }
  }
  return count
}

describe('RateLimit', () => {
  it('gives each subject its calls a second, and not more after a long pause', () => {
    let nowMs = 0
    const limit = new RateLimit(10, () => nowMs)
    expect(allowed(limit, 'a', 30)).toBe(10)
    expect(allowed(limit, 'b', 30)).toBe(10)
    nowMs += 500
    expect(allowed(limit, 'a', 30)).toBe(5)
    nowMs += 60_000
    expect(allowed(limit, 'a', 30)).toBe(10)
  })

  it('forgets who has not called for a second', () => {
    let nowMs = 10_000
    const limit = new RateLimit(10, () => nowMs)
    for (let i = 0; i < 1000; i++) limit.take(`address ${i}`)
    expect(limit.size).toBe(1000)
    nowMs += 1500
    limit.take('address 0')
    expect(limit.size).toBe(1)
  })

  it('is off at 0', () => {
    expect(allowed(new RateLimit(0), 'a', 10_000)).toBe(10_000)
  })
})

describe('BodyBudget', () => {
  const chunks = async function* (...sizes: number[]) {
    for (const size of sizes) yield new Uint8Array(size)
  }

  it('counts what is read until it is released', async () => {
    const budget = new BodyBudget({ bodyBytes: 100, bodiesInFlightBytes: 150 })
    const [first, second] = [budget.open(), budget.open()]
    await Array.fromAsync(first.meter(chunks(50, 50)))
    expect(budget.used).toBe(100)
    await expect(Array.fromAsync(second.meter(chunks(40, 40)))).rejects.toThrow('busy')
    second.release()
    expect(budget.used).toBe(100)
    first.release()
    first.release()
    expect(budget.used).toBe(0)
    await Array.fromAsync(budget.open().meter(chunks(80)))
  })

  it('refuses one that is too large', async () => {
    const budget = new BodyBudget({ bodyBytes: 100, bodiesInFlightBytes: 1000 })
    const body = budget.open()
    await expect(Array.fromAsync(body.meter(chunks(60, 60)))).rejects.toThrow('the limit of 100 bytes')
  })
})
