import { afterEach, describe, expect, it, vi } from 'vitest'
import { stubPictureWorker } from '#testing/pictureWorker.ts'
import { openPicture, renditionsOf } from './openPicture.ts'

const url = '/media/o/a/i/display?until=1&signature=s'
const tile = { width: 313, height: 313, close: vi.fn() }
const signal = new AbortController().signal

/** Answers by the address's end; anything else is not there. */
const serving = (answers: Readonly<Record<string, BodyInit>>) => {
  const asked: string[] = []
  stubPictureWorker()
  vi.stubGlobal('fetch', (whole: string) => {
    const address = whole.replace('http://marquee.test', '')
    asked.push(address)
    const answer = answers[address.slice('/media/o/a/i/'.length).split('?')[0]!]
    return Promise.resolve(answer === undefined ? new Response('', { status: 404 }) : new Response(answer))
  })
  vi.stubGlobal('createImageBitmap', () => Promise.resolve(tile))
  return asked
}
const info = JSON.stringify({ width: 20_000, height: 20_000, tiles: { side: 512, levels: 7 } })

afterEach(() => vi.unstubAllGlobals())

describe('opening a picture', () => {
  it('never asks for the whole of a 20,000 × 20,000 photograph', async () => {
    const asked = serving({ info, 'tile/6/0/0': 'jpeg' })
    const picture = await openPicture(url, { size: { width: 20_000, height: 20_000 } }, signal)
    expect(picture).toMatchObject({ width: 20_000, height: 20_000 })
    expect(asked).toEqual(['/media/o/a/i/info?until=1&signature=s', '/media/o/a/i/tile/6/0/0?until=1&signature=s'])
    expect(picture.levelFor(1)).toEqual({ bitmap: tile, scale: 313 / 20_000 })
  })

  it('shows the thumbnail of one that is slow to come, and of no other', async () => {
    vi.useFakeTimers()
    serving({ thumbnail: 'webp', display: 'jpeg' })
    const whole = Promise.withResolvers<Response>()
    const soon = fetch
    vi.stubGlobal('fetch', (address: string) =>
      address.endsWith(url) ? whole.promise.then((answer) => answer.clone()) : soon(address),
    )
    const shown: unknown[] = []
    const size = { width: 4000, height: 3000 }
    const opened = openPicture(url, { size, show: (preview) => shown.push(preview.levelFor(1)?.scale) }, signal)
    await vi.advanceTimersByTimeAsync(400)
    expect(shown).toEqual([313 / 4000])
    whole.resolve(new Response('jpeg'))
    await opened
    await openPicture(url, { size, show: () => shown.push('too soon') }, signal)
    await vi.advanceTimersByTimeAsync(400)
    expect(shown).toHaveLength(1)
    vi.useRealTimers()
  })

  it('loads it whole where there are no tiles', async () => {
    const asked = serving({ display: 'jpeg' })
    await openPicture(url, { size: { width: 20_000, height: 20_000 } }, signal)
    expect(asked.at(-1)).toBe(url)
  })

  it('asks for nothing but the picture when it is of an everyday size', async () => {
    const asked = serving({ info, display: 'jpeg' })
    await openPicture(url, { size: { width: 4000, height: 3000 } }, signal)
    expect(asked).toEqual([url])
  })

  it('knows other renditions only of our own addresses', () => {
    expect(renditionsOf('https://images.example/a/display.jpg')).toBeUndefined()
    expect(renditionsOf('/media/o/a/i/display')?.('info')).toBe('/media/o/a/i/info')
  })
})
