import type { Input } from '#gen/web/proto/clarifai/api/resources_pb.ts'

/** What an input that is no image says of itself, in the words under it; what is not known is left out. */
export const plainFacts = ({ data }: Input): string[] => {
  const { video, audio, text } = data ?? {}
  const {
    width = 0,
    height = 0,
    fps = 0,
    frameCount = 0,
    durationSeconds = 0,
    videoFormat = '',
  } = video?.videoInfo ?? {}
  const sound = audio?.audioInfo
  const all = [
    videoFormat || sound?.audioFormat,
    width > 0 && height > 0 && `${width} × ${height} px`,
    fps > 0 && `${rounded(fps)} frames a second`,
    frameCount > 0 && `${frameCount.toLocaleString('en')} ${frameCount === 1 ? 'frame' : 'frames'}`,
    sound && sound.sampleRate > 0 && `${rounded(sound.sampleRate / 1000)} kHz`,
    duration(durationSeconds || (sound?.durationSeconds ?? 0)),
    text?.textInfo && `${text.textInfo.charCount.toLocaleString('en')} characters`,
  ]
  return all.filter((fact) => typeof fact === 'string' && fact !== '') as string[]
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100)

/** 0:07, 12:30, 1:02:03. */
const duration = (seconds: number): string => {
  if (seconds <= 0) return ''
  const whole = Math.max(1, Math.round(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (part: number) => String(part).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
