import { FileQuestion } from 'lucide-react'
import type { ReactNode } from 'react'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { EmptyState } from '#ui/EmptyState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'

interface Props {
  /** that is missing, in words; a page if not said */
  what?: string
  title?: string
  /** why, where that is known */
  children?: ReactNode
}

export function NotFound({ what = 'page', title = `This ${what} is not here`, children }: Props) {
  usePageTitle('Not found')
  return (
    <main>
      <EmptyState
        wholePage
        icon={FileQuestion}
        title={title}
        action={
          <ButtonLink to="/apps" variant="default">
            Go to my apps
          </ButtonLink>
        }
      >
        {children ?? 'It may have been deleted or renamed, or it is not shared with you.'}
      </EmptyState>
    </main>
  )
}
