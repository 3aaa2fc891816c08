import { lazy, Suspense } from 'react'

/** The source, where its parser is not there yet, or cannot be fetched. */
const Source = ({ children }: { children: string }) => <div style={{ whiteSpace: 'pre-wrap' }}>{children}</div>

// only who reads Markdown loads its parser
const Rendered = lazy(() =>
  import('./MarkdownText.tsx').then(
    ({ MarkdownText }) => ({ default: MarkdownText }),
    () => ({ default: Source }),
  ),
)

/** Markdown from people, as text that cannot run anything. While its parser loads, the source stands in its place. */
export function Markdown({ children }: { children: string }) {
  return (
    <Suspense fallback={<Source>{children}</Source>}>
      <Rendered>{children}</Rendered>
    </Suspense>
  )
}
