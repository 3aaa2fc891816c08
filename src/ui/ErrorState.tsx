import { Button } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { EmptyState } from './EmptyState.tsx'

interface Props {
  title: string
  /** What happened and what the person can do, in words. */
  message: string
  onRetry?: (() => void) | undefined
  /** Whether a retry is running. */
  retrying?: boolean
}

/** What stands where content would be when it could not be had. Says why, and offers a way on. */
export function ErrorState({ title, message, onRetry, retrying = false }: Props) {
  return (
    <div role="alert">
      <EmptyState
        icon={TriangleAlert}
        title={title}
        action={
          onRetry && (
            <Button variant="default" onClick={onRetry} loading={retrying}>
              Try again
            </Button>
          )
        }
      >
        {message}
      </EmptyState>
    </div>
  )
}
