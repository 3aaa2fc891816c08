import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { type DataSchema, InputSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { plainFacts } from './plainFacts.ts'

const facts = (data: MessageInitShape<typeof DataSchema>) => plainFacts(create(InputSchema, { data })).join(' · ')

it('says what is known of a video, a sound and a text, and nothing else', () => {
  const videoInfo = {
    width: 1920,
    height: 1080,
    fps: 29.97,
    frameCount: 1800,
    durationSeconds: 60.06,
    videoFormat: 'MP4',
  }
  expect(facts({ video: { videoInfo } })).toBe('MP4 · 1920 × 1080 px · 29.97 frames a second · 1,800 frames · 1:00')
  expect(facts({ audio: { audioInfo: { audioFormat: 'WAV', sampleRate: 44_100, durationSeconds: 3723 } } })).toBe(
    'WAV · 44.1 kHz · 1:02:03',
  )
  expect(facts({ text: { raw: 'x', textInfo: { charCount: 1234 } } })).toBe('1,234 characters')
  expect(facts({ video: { url: 'x' } })).toBe('')
  expect(facts({ video: { videoInfo: { durationSeconds: 0.2 } } })).toBe('0:01')
})
