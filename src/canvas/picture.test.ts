import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { stubPictureWorker } from '#testing/pictureWorker.ts'
import { loadPicture, Picture, PictureError } from './picture.ts'
import { firstSize, levelSizes } from './pictureSizes.ts'

const close = vi.fn()
const bitmap = (width: number, height: number) => ({ width, height, close }) as unknown as ImageBitmap

/** The browser decodes bytes to `whole`, and makes what it is asked for of bitmaps. */
const decoding = (whole: ImageBitmap) =>
  vi.stubGlobal('createImageBitmap', (source: object, size: { resizeWidth?: number; resizeHeight?: number } = {}) => {
    if (source instanceof Blob) return Promise.resolve(whole)
    return Promise.resolve(size.resizeWidth ? bitmap(size.resizeWidth, size.resizeHeight!) : source)
  })

let worker: ReturnType<typeof stubPictureWorker>
beforeEach(() => {
  worker = stubPictureWorker()
})
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

describe('firstSize', () => {
  const size = { width: 4000, height: 3000 }
  it('is the least a JPEG can be decoded in that is sharp in the window', () => {
    expect(firstSize(size, { width: 1280, height: 800 }, 1)).toEqual({ width: 1000, height: 750 })
    expect(firstSize(size, { width: 1440, height: 900 }, 1)).toEqual({ width: 1500, height: 1125 })
    expect(firstSize({ width: 3000, height: 4001 }, { width: 1280, height: 800 }, 1)).toEqual({
      width: 750,
      height: 1001,
    })
  })
  it('is left out where all of it is wanted, or is soon decoded', () => {
    expect(firstSize(size, { width: 1440, height: 900 }, 2)).toBeUndefined()
    expect(firstSize({ width: 1600, height: 1200 }, { width: 800, height: 600 }, 1)).toBeUndefined()
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

  it('gives up what is aborted', async () => {
    const abort = new AbortController()
    vi.stubGlobal('createImageBitmap', () => new Promise(() => undefined))
    const loaded = loadPicture(new Blob(['x']), {}, abort.signal)
    abort.abort(new Error('next image'))
    await expect(loaded).rejects.toThrow('next image')
    expect(worker.ended).toHaveBeenCalledOnce()
  })

  it('has all versions at once of one that nobody waits for', async () => {
    decoding(bitmap(4000, 3000))
    const picture = await loadPicture(new Blob(['x']), { ahead: true })
    expect(picture.levelFor(0.2)?.bitmap.width).toBe(1000)
    picture.complete()
    expect(worker.asked).toHaveLength(1)
  })

  it('shows a large JPEG in fewer pixels first, and in all of them when it is completed', async () => {
    const size = { width: 4000, height: 3000 }
    decoding(bitmap(4000, 3000))
    const side = vi.fn()
    vi.stubGlobal(
      'VideoFrame',
      class {
        readonly rotation = 0
      },
    )
    Object.defineProperty(VideoFrame.prototype, 'rotation', { get: () => 0 })
    vi.stubGlobal(
      'ImageDecoder',
      class {
        close = vi.fn()
        constructor({ desiredWidth }: { desiredWidth: number }) {
          side(desiredWidth)
        }
        decode = () => Promise.resolve({ image: bitmap(1000, 750) })
      },
    )
    const jpeg = new Blob(['x'], { type: 'image/jpeg' })
    const picture = await loadPicture(jpeg, { size, first: { width: 1000, height: 750 } })
    expect(side).toHaveBeenCalledWith(1000)
    expect(picture).toMatchObject(size)
    expect(picture.levelFor(1)?.scale).toBe(0.25)
    expect([picture.isCoarseAt(0.25), picture.isCoarseAt(0.3)]).toEqual([false, true])
    const changed = Promise.withResolvers<void>()
    picture.follow(changed.resolve)
    picture.complete()
    await changed.promise
    expect(picture.levelFor(1)?.bitmap.width).toBe(4000)
    expect(picture.isCoarseAt(1)).toBe(false)
    // what was there first is of no more use
    expect(close).toHaveBeenCalled()
  })

  it('goes on with the pixels it has where there is no memory for more', async () => {
    const whole = bitmap(4000, 3000)
    decoding(whole)
    const picture = await loadPicture(new Blob(['x']))
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new RangeError('memory')))
    const changed = Promise.withResolvers<void>()
    picture.follow(changed.resolve)
    picture.complete()
    await changed.promise
    expect(picture.levelFor(0.1)?.bitmap).toBe(whole)
  })
})

describe('Picture', () => {
  it('is made smaller once, and tells everybody who follows it', async () => {
    decoding(bitmap(4000, 3000))
    const picture = await loadPicture(new Blob(['x']))
    const [one, gone] = [vi.fn(), vi.fn()]
    const changed = Promise.withResolvers<void>()
    picture.follow(one)
    picture.follow(gone)()
    picture.follow(changed.resolve)
    picture.complete()
    picture.complete()
    await changed.promise
    expect(worker.asked.map(({ kind }) => kind)).toEqual(['read', 'rest'])
    expect(one).toHaveBeenCalledOnce()
    expect(gone).not.toHaveBeenCalled()
    expect(picture.levelFor(0.4)?.bitmap.width).toBe(2000)
  })

  it('frees its pixels when closed', () => {
    const decoded = bitmap(100, 100)
    const picture = new Picture(decoded)
    expect(picture.levelFor(1)?.bitmap).toBe(decoded)
    picture.close()
    expect(close).toHaveBeenCalledOnce()
    expect(picture.levelFor(1)).toBeUndefined()
  })
})
