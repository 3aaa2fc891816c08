import { FileAudio, FileText, FileVideo, FileWarning, ImageOff } from 'lucide-react'
import { useState } from 'react'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'

const icons: Record<string, typeof FileText> = { video: FileVideo, text: FileText, audio: FileAudio }

/** An input's small picture, or a sign for what has none. Decoration: the name stands beside it. */
export function Thumbnail({ input }: { input: InputSummary }) {
  const [failed, setFailed] = useState<string>()
  const { thumbnailUrl: url } = input
  if (url && url !== failed)
    return <img src={url} alt="" decoding="async" draggable={false} onError={() => setFailed(url)} />
  const Icon = url ? ImageOff : (icons[input.kind] ?? FileWarning)
  return <Icon size={28} strokeWidth={1.3} aria-hidden />
}
