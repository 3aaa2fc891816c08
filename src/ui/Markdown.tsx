import { lazy, Suspense } from 'react'

// only who reads Markdown loads its parser
const Rendered = lazy(async () => ({ default: (await import('./MarkdownText.tsx')).MarkdownText }))

/** Markdown from people, as text that cannot run anything. While its parser loads, the source stands in its place. */
export function Markdown({ children }: { children: string }) {
  return (
    <Suspense fallback={<div style={{ whiteSpace: 'pre-wrap' }}>{children}</div>}>
      <Rendered>{children}</Rendered>
    </Suspense>
  )
}
