import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { FileQuestion } from 'lucide-react'
import { EmptyState } from '#ui/EmptyState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'

/** @param what is missing, in words; a page if not said */
export function NotFound({ what = 'page' }: { what?: string }) {
  usePageTitle('Not found')
  return (
    <main>
      <EmptyState
        icon={FileQuestion}
        title={`This ${what} is not here`}
        action={
          <Button component={Link} to="/apps" variant="default">
            Go to my apps
          </Button>
        }
      >
        It may have been deleted or renamed, or it is not shared with you.
      </EmptyState>
    </main>
  )
}
