import classes from '#app/workspace/CanvasArea.module.css'
import { ErrorState } from '#ui/ErrorState.tsx'

/** Stands over the empty surface when the picture cannot be had; regions can still be looked at. */
export function BrokenPicture({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const reason = error instanceof Error ? error.message : 'The image could not be loaded.'
  return (
    <div className={classes.broken}>
      <ErrorState
        title="The picture cannot be shown"
        message={`${reason} Its regions are kept. Try again, or go on with the next image (D).`}
        onRetry={onRetry}
      />
    </div>
  )
}
