import { FileQuestion } from 'lucide-react'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { EmptyState } from '#ui/EmptyState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'

/** @param what is missing, in words; a page if not said */
export function NotFound({ what = 'page' }: { what?: string }) {
  usePageTitle('Not found')
  return (
    <main>
      <EmptyState
        wholePage
        icon={FileQuestion}
        title={`This ${what} is not here`}
        action={
          <ButtonLink to="/apps" variant="default">
            Go to my apps
          </ButtonLink>
        }
      >
        It may have been deleted or renamed, or it is not shared with you.
      </EmptyState>
    </main>
  )
}
