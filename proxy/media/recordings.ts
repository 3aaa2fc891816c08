import { Worker } from 'node:worker_threads'

/** What a video is, without decoding a picture of it. What its container does not say is 0. */
export interface VideoFacts {
  /** As displayed: rotated, with square pixels. */
  readonly width: number
  readonly height: number
  /** Mean of the whole video. */
  readonly framesPerSecond: number
  readonly frames: number
  readonly seconds: number
  /** Bits per second of the pictures alone. */
  readonly bitRate: number
}

export interface AudioFacts {
  /** Hz */
  readonly sampleRate: number
  readonly seconds: number
  /** Bits per second. */
  readonly bitRate: number
}

/** undefined: a container that cannot be read, or without pictures. Never throws for what the bytes are. */
export const readVideo = (bytes: Uint8Array, patienceMs?: number): Promise<VideoFacts | undefined> =>
  read('video', bytes, patienceMs)

/** undefined: a container that cannot be read, or without sound. */
export const readAudio = (bytes: Uint8Array, patienceMs?: number): Promise<AudioFacts | undefined> =>
  read('audio', bytes, patienceMs)

/** Reading the index of a video of 200 MB takes less than a second; whatever takes so long is damaged. */
const usualPatienceMs = 10_000
const memoryMb = 512

const read = <T>(kind: 'video' | 'audio', bytes: Uint8Array, patienceMs = usualPatienceMs): Promise<T | undefined> =>
  new Promise((resolve) => {
    const thread = new Worker(new URL('./recordingReader.ts', import.meta.url), {
      workerData: { kind, bytes },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      stdout: true,
      stderr: true,
    })
    const timer = setTimeout(() => end(undefined), patienceMs)
    const end = (facts: T | undefined) => {
      clearTimeout(timer)
      resolve(facts)
      void thread.terminate()
    }
    thread.once('message', end)
    thread.once('error', () => end(undefined)) // the library threw where nobody waits, or took too much memory
    thread.once('exit', () => end(undefined))
  })
