import { afterEach, describe, expect, it, vi } from 'vitest'
import { levelSizes, loadPicture, Picture, PictureError } from './picture.ts'

const close = vi.fn()
const bitmap = (width: number, height: number) => ({ width, height, close }) as unknown as ImageBitmap

afterEach(() => {
  vi.unstubAllGlobals()
  close.mockClear()
})

describe('levelSizes', () => {
  it('halves down to about a thumbnail', () => {
    expect(levelSizes({ width: 4000, height: 3000 })).toEqual([
      { width: 2000, height: 1500 },
      { width: 1000, height: 750 },
      { width: 500, height: 375 },
    ])
    expect(levelSizes({ width: 300, height: 200 })).toEqual([])
    expect(levelSizes({ width: 20_000, height: 1 }).at(-1)).toEqual({ width: 313, height: 1 })
  })
})

describe('loadPicture', () => {
  it('says that bytes are no image', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new DOMException('no', 'InvalidStateError')))
    const failure = await loadPicture(new Blob(['nonsense'])).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(PictureError)
    expect(failure).toMatchObject({ kind: 'undecodable' })
  })

  it('says what the server answered, and that it did not', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 403 })))
    await expect(loadPicture('/x')).rejects.toMatchObject({ kind: 'refused', status: 403 })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
    await expect(loadPicture('/x')).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it('passes an abort on and frees what was decoded meanwhile', async () => {
    const abort = new AbortController()
    const decoded = bitmap(4, 4)
    vi.stubGlobal('createImageBitmap', () => {
      abort.abort(new Error('next image'))
      return Promise.resolve(decoded)
    })
    await expect(loadPicture(new Blob(['x']), abort.signal)).rejects.toThrow('next image')
    expect(close).toHaveBeenCalledOnce()
  })
})

describe('Picture', () => {
  it('is made smaller once, and tells everybody who waits for it', () => {
    const workers: { onmessage?: (message: { data: readonly ImageBitmap[] }) => void }[] = []
    vi.stubGlobal(
      'Worker',
      class {
        onmessage?: (message: { data: readonly ImageBitmap[] }) => void
        postMessage = vi.fn()
        terminate = vi.fn()
        constructor() {
          workers.push(this)
        }
      },
    )
    const picture = new Picture(bitmap(4000, 3000), new Blob())
    const [ahead, shown] = [vi.fn(), vi.fn()]
    picture.buildLevels(ahead)
    picture.buildLevels(shown)
    const half = bitmap(2000, 1500)
    workers[0]?.onmessage?.({ data: [half] })
    picture.buildLevels(shown)
    expect(workers).toHaveLength(1)
    expect(ahead).toHaveBeenCalledOnce()
    expect(shown).toHaveBeenCalledOnce()
    expect(picture.levelFor(0.4)?.bitmap).toBe(half)
  })

  it('frees its pixels when closed', () => {
    const decoded = bitmap(100, 100)
    const picture = new Picture(decoded, new Blob())
    expect(picture.levelFor(1)?.bitmap).toBe(decoded)
    picture.close()
    expect(close).toHaveBeenCalledOnce()
    expect(picture.levelFor(1)).toBeUndefined()
  })
})
