import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { Input as AnyInput, InputAudioTrack, InputVideoTrack } from 'mediabunny'
import type { AudioFacts, VideoFacts } from './recordings.ts'

// The thread in which recordings are read: what is damaged can keep the library busy for ever, and a thread can be ended.

// its one bundle instead of its many modules: a quarter of the time each thread needs to start
const { ALL_FORMATS, BufferSource, Input } = createRequire(import.meta.url)('mediabunny') as typeof import('mediabunny')

const videoFacts = async (input: AnyInput, track: InputVideoTrack): Promise<VideoFacts> => {
  const { packetCount, averagePacketRate, averageBitrate } = await track.computePacketStats()
  return {
    width: whole(await track.getDisplayWidth()),
    height: whole(await track.getDisplayHeight()),
    framesPerSecond: finite(averagePacketRate),
    frames: whole(packetCount),
    seconds: finite(await input.computeDuration()),
    bitRate: whole(averageBitrate),
  }
}

const audioFacts = async (input: AnyInput, track: InputAudioTrack): Promise<AudioFacts> => {
  const { averageBitrate } = await track.computePacketStats()
  return {
    sampleRate: whole(await track.getSampleRate()),
    seconds: finite(await input.computeDuration()),
    bitRate: whole(averageBitrate),
  }
}

const finite = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0)

/** As an int32 holds it. */
const whole = (value: number): number => Math.min(Math.round(finite(value)), 0x7fff_ffff)

const read = async (kind: 'video' | 'audio', bytes: Uint8Array) => {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS })
  if (kind === 'video') {
    const track = await input.getPrimaryVideoTrack()
    return track ? videoFacts(input, track) : undefined
  }
  const track = await input.getPrimaryAudioTrack()
  return track ? audioFacts(input, track) : undefined
}

const { kind, bytes } = workerData as { kind: 'video' | 'audio'; bytes: Uint8Array }
parentPort?.postMessage(await read(kind, bytes).catch(() => undefined))
