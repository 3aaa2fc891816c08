import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
  WavOutputFormat,
  WebMOutputFormat,
} from 'mediabunny'

const formats = {
  mp4: () => new Mp4OutputFormat(),
  mov: () => new MovOutputFormat(),
  webm: () => new WebMOutputFormat(),
}

interface VideoShape {
  readonly frames?: number
  readonly framesPerSecond?: number
  readonly width?: number
  readonly height?: number
  /** Degrees clockwise at which it is shown. */
  readonly rotation?: 0 | 90 | 180 | 270
}

/** A video whose container is in order; the pictures in it are noise, which nobody here decodes. */
export const aVideo = async (kind: keyof typeof formats, shape: VideoShape = {}): Promise<Uint8Array<ArrayBuffer>> => {
  const { frames = 10, framesPerSecond = 25, width = 320, height = 180, rotation } = shape
  return written(formats[kind](), async (output, started) => {
    const track = new EncodedVideoPacketSource('vp8')
    output.addVideoTrack(track, { frameRate: framesPerSecond, ...(rotation && { rotation }) })
    await started()
    const first = { decoderConfig: { codec: 'vp8', codedWidth: width, codedHeight: height } }
    for (let i = 0; i < frames; i++) {
      const bytes = new Uint8Array(100).fill(i)
      const packet = new EncodedPacket(bytes, i === 0 ? 'key' : 'delta', i / framesPerSecond, 1 / framesPerSecond)
      await track.add(packet, i === 0 ? first : undefined)
    }
  })
}

/** A second of silence at 8000 Hz. */
export const aSound = (): Promise<Uint8Array<ArrayBuffer>> =>
  written(new WavOutputFormat(), async (output, started) => {
    const track = new EncodedAudioPacketSource('pcm-s16')
    output.addAudioTrack(track)
    await started()
    const first = { decoderConfig: { codec: 'pcm-s16', numberOfChannels: 1, sampleRate: 8000 } }
    await track.add(new EncodedPacket(new Uint8Array(16_000), 'key', 0, 1), first)
  })

const written = async (
  format: OutputFormat,
  fill: (output: Output, started: () => Promise<void>) => Promise<void>,
): Promise<Uint8Array<ArrayBuffer>> => {
  const target = new BufferTarget()
  const output = new Output({ format, target })
  await fill(output, () => output.start())
  await output.finalize()
  return new Uint8Array(target.buffer!)
}
