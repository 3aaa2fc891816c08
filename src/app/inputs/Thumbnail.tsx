import { FileAudio, FileText, FileVideo, FileWarning } from 'lucide-react'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'

const icons: Record<string, typeof FileText> = { video: FileVideo, text: FileText, audio: FileAudio }

/** An input's small picture, or a sign for what has none. Decoration: the name stands beside it. */
export function Thumbnail({ input }: { input: InputSummary }) {
  if (input.thumbnailUrl) return <img src={input.thumbnailUrl} alt="" decoding="async" draggable={false} />
  const Icon = icons[input.kind] ?? FileWarning
  return <Icon size={28} strokeWidth={1.3} aria-hidden />
}
