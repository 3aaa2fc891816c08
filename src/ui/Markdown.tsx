import { lazy, Suspense } from 'react'

/** The source, where its parser cannot be fetched. */
const Source = ({ children }: { children: string }) => <div style={{ whiteSpace: 'pre-wrap' }}>{children}</div>

// only who reads Markdown loads its parser
const Rendered = lazy(() =>
  import('./MarkdownText.tsx').then(
    ({ MarkdownText }) => ({ default: MarkdownText }),
    () => ({ default: Source }),
  ),
)

/** Its room, while the parser is on its way: signs that mean something else would be read for a moment. */
const Room = ({ children }: { children: string }) => (
  <div style={{ whiteSpace: 'pre-wrap', visibility: 'hidden' }}>{children}</div>
)

/** Markdown from people, as text that cannot run anything. */
export function Markdown({ children }: { children: string }) {
  return (
    <Suspense fallback={<Room>{children}</Room>}>
      <Rendered>{children}</Rendered>
    </Suspense>
  )
}
