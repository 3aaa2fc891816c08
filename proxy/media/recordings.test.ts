import { expect, it } from 'vitest'
import { readAudio, readVideo } from './recordings.ts'
import { aSound, aVideo } from './recordingTesting.ts'

it.each(['mp4', 'mov', 'webm'] as const)('reads what a %s is', async (kind) => {
  const facts = await readVideo(await aVideo(kind, { frames: 50, framesPerSecond: 12.5, width: 640, height: 360 }))
  expect(facts).toMatchObject({ width: 640, height: 360, frames: 50, bitRate: 10_000 })
  expect(facts?.framesPerSecond).toBeCloseTo(12.5, 3)
  expect(facts?.seconds).toBeCloseTo(4, 3)
})

it('gives the size as displayed', async () => {
  expect(await readVideo(await aVideo('mp4', { width: 320, height: 180, rotation: 90 }))).toMatchObject({
    width: 180,
    height: 320,
  })
})

it('reads what a sound is', async () => {
  expect(await readAudio(await aSound())).toMatchObject({ sampleRate: 8000, seconds: 1, bitRate: 128_000 })
  expect(await readVideo(await aSound())).toBeUndefined()
})

it('knows nothing of what is cut off, damaged or something else', async () => {
  const video = await aVideo('webm')
  expect(await readVideo(video.subarray(0, 40))).toBeUndefined()
  expect(await readVideo(new Uint8Array(5000).fill(7))).toBeUndefined()
  expect(await readVideo(new Uint8Array())).toBeUndefined()
})

it('gives up on what keeps it busy for ever', async () => {
  const began = performance.now()
  expect(await readVideo(await endless(), 1500)).toBeUndefined()
  expect(performance.now() - began).toBeLessThan(10_000)
})

/** A video of which one byte of the index is wrong: the library looks for its end without ever coming to one. */
const endless = async (): Promise<Uint8Array> => {
  const video = await aVideo('webm')
  video[1351]! ^= 0xff
  return video
}
