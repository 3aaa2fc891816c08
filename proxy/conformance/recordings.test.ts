import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aSound, aVideo } from '#proxy/media/recordingTesting.ts'
import { type ApiClient, grpcOfficial, rest } from './clients.ts'
import { Bench, startEmbedded, type Target } from './target.ts'

// Videos, sounds and texts: kept, described, and given out in parts, without which no video can be wound forward.

let target: Target
let video: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  target = await startEmbedded()
  video = await aVideo('webm', { frames: 40, framesPerSecond: 20, width: 640, height: 360 })
}, 60_000)
afterAll(() => target.stop())

interface Kept {
  status: { code: number; details: string }
  data: Record<string, { url: string; hosted: { prefix: string; suffix: string } } & Record<string, object>>
}
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

describe.each([
  ['gRPC', () => grpcOfficial(target.port)],
  ['REST', () => rest(target.url)],
] as [string, () => ApiClient][])('over %s', (_, connect) => {
  let bench: Bench
  let client: ApiClient
  beforeAll(async () => {
    client = connect()
    bench = await Bench.make(target, client)
  })
  afterAll(() => client.close())
  const added = async (data: object) => {
    const { inputs } = await bench.ok('PostInputs', { inputs: [{ data }] } as never)
    const { id } = (inputs as unknown as { id: string }[])[0]!
    return (await bench.ok('GetInput', { input_id: id })).input as unknown as Kept
  }

  it('a video says its size, frame rate and number of frames', async () => {
    const { data } = await added({ video: { base64: base64(video) } })
    expect(data.video?.video_info).toMatchObject({
      width: 640,
      height: 360,
      fps: 20,
      frame_count: 40,
      duration_seconds: 2,
      video_format: 'WEBM',
      bit_rate: 16_000,
    })
  })

  it('a sound and a text say what they are', async () => {
    const { data: sound } = await added({ audio: { base64: base64(await aSound()) } })
    expect(sound.audio?.audio_info).toMatchObject({ sample_rate: 8000, duration_seconds: 1, bit_rate: 128_000 })
    const { data: text } = await added({ text: { raw: 'Grüße 👋' } })
    expect(text.text).toMatchObject({ raw: 'Grüße 👋', text_info: { char_count: 7, encoding: 'UTF-8' } })
  })

  it('a video whose container cannot be read is kept all the same', async () => {
    const { data, status } = await added({ video: { base64: base64(video.subarray(0, 200)) } })
    expect(status.code).toBe(30_000)
    expect(data.video?.video_info ?? null).toBeNull()
  })

  it('gives out any part of it', async () => {
    const { data } = await added({ video: { base64: base64(video) } })
    const url = data.video?.url ?? ''
    const ask = (headers: Record<string, string>) => fetch(url, { headers })
    const whole = await ask({})
    expect([whole.status, whole.headers.get('accept-ranges')]).toEqual([200, 'bytes'])
    expect(Buffer.from(await whole.arrayBuffer()).equals(video)).toBe(true)
    const etag = whole.headers.get('etag') ?? ''

    const part = await ask({ range: 'bytes=100-299' })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 100-299/${video.length}`)
    expect(part.headers.get('content-length')).toBe('200')
    expect(part.headers.get('content-type')).toBe('video/webm')
    expect(Buffer.from(await part.arrayBuffer()).equals(video.subarray(100, 300))).toBe(true)

    const end = await ask({ range: 'bytes=-50', 'if-range': etag })
    expect([end.status, Buffer.from(await end.arrayBuffer()).equals(video.subarray(-50))]).toEqual([206, true])
    const changed = await ask({ range: 'bytes=0-9', 'if-range': '"another"' })
    expect([changed.status, (await changed.arrayBuffer()).byteLength]).toEqual([200, video.length])
    const beyond = await ask({ range: `bytes=${video.length}-` })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${video.length}`])
  })
})
