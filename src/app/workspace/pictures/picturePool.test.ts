import { describe, expect, it } from 'vitest'
import { neighbourhood } from './picture.ts'
import { PicturePool, shownOf } from './picturePool.ts'

/** A pool whose pictures arrive when the test says so. */
function aPool() {
  interface Asked {
    signal: AbortSignal
    preview(): void
    arrive(): Promise<void>
    fail(): Promise<void>
  }
  const asked = new Map<string, Asked>()
  const closed: string[] = []
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve))
  const pool = new PicturePool<{ url: string; close(): void }>(
    (url, signal, show) =>
      new Promise((resolve, reject) => {
        asked.set(url, {
          signal,
          preview: () => show({ url: `${url} small`, close: () => closed.push(`${url} small`) }),
          arrive: () => {
            resolve({ url, close: () => closed.push(url) })
            return settled()
          },
          fail: () => {
            reject(new Error('no'))
            return settled()
          },
        })
      }),
  )
  const want = (...ids: string[]) => pool.want(ids.map((id) => ({ id, url: id })))
  return { pool, asked, closed, want }
}

describe('PicturePool', () => {
  it('asks for the first at once and for the rest two at a time, in order', async () => {
    const { asked, want } = aPool()
    want('a', 'b', 'c', 'd')
    expect([...asked.keys()]).toEqual(['a', 'b'])
    await asked.get('a')!.arrive()
    expect([...asked.keys()]).toEqual(['a', 'b', 'c'])
  })
  it('has something to look at until the picture comes, and closes it then or when it comes too late', async () => {
    const { pool, asked, closed, want } = aPool()
    want('a', 'b')
    asked.get('a')!.preview()
    expect(shownOf(pool.get('a'))?.url).toBe('a small')
    expect(pool.get('a')?.state).toBe('loading')
    await asked.get('a')!.arrive()
    expect(shownOf(pool.get('a'))?.url).toBe('a')
    expect(closed).toEqual(['a small'])
    asked.get('a')!.preview()
    asked.get('b')!.preview()
    await asked.get('b')!.fail()
    expect(closed).toEqual(['a small', 'a small', 'b small'])
    expect(shownOf(pool.get('b'))).toBeUndefined()
  })
  it('does not keep a new first one waiting', () => {
    const { asked, want } = aPool()
    want('a', 'b', 'c')
    want('x', 'a', 'b')
    expect(asked.has('x')).toBe(true)
  })
  it('closes and aborts what is no longer wanted, and what arrives too late', async () => {
    const { pool, asked, closed, want } = aPool()
    want('a', 'b')
    await asked.get('a')!.arrive()
    want('c')
    expect(closed).toEqual(['a'])
    expect(asked.get('b')!.signal.aborted).toBe(true)
    await asked.get('b')!.arrive()
    expect(closed).toEqual(['a', 'b'])
    expect(pool.get('b')).toBeUndefined()
  })
  it('tries again what failed once another picture comes first, and not before', async () => {
    const { pool, asked, want } = aPool()
    want('a', 'b', 'c')
    const ahead = asked.get('b')!
    await ahead.fail()
    want('a', 'b', 'c')
    expect(asked.get('b')).toBe(ahead)
    expect(pool.get('b')?.state).toBe('failed')
    want('b', 'a', 'c')
    expect(asked.get('b')).not.toBe(ahead)
    await asked.get('b')!.arrive()
    expect(shownOf(pool.get('b'))?.url).toBe('b')
  })
  it('tells of what failed, and tries it again when asked', async () => {
    const { pool, asked, want } = aPool()
    let told = 0
    pool.subscribe(() => told++)
    want('a')
    await asked.get('a')!.fail()
    expect(pool.get('a')).toMatchObject({ state: 'failed' })
    expect(told).toBe(1)
    pool.retry('a')
    expect(pool.get('a')).toEqual({ state: 'loading' })
    await asked.get('a')!.arrive()
    expect(pool.get('a')).toMatchObject({ state: 'ready' })
  })
})

describe('neighbourhood', () => {
  it('is the image, three ahead and one behind, the most urgent first', () => {
    expect(neighbourhood(5, 10)).toEqual([5, 6, 4, 7, 8])
    expect(neighbourhood(1, 10)).toEqual([1, 2, 3, 4])
    expect(neighbourhood(10, 10)).toEqual([10, 9])
  })
})
