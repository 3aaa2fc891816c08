import { Button, CloseButton } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import classes from './NoticeBar.module.css'

/** What the notice offers to do. */
export interface NoticeAction {
  readonly name: string
  run(): void
}

export interface Notice {
  readonly text: string
  readonly action?: NoticeAction | undefined
}

const SHOWN_MS = 7000

/** The one thing to tell just now; a newer one takes its place. */
export function useNotices() {
  const [notice, setNotice] = useState<Notice>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** A plain function takes back what the notice tells of. */
  const say = useCallback((text: string, offer?: NoticeAction | (() => void)) => {
    clearTimeout(timer.current)
    setNotice({ text, action: typeof offer === 'function' ? { name: 'Undo this', run: offer } : offer })
    timer.current = setTimeout(() => setNotice(undefined), SHOWN_MS)
  }, [])
  const hide = useCallback(() => setNotice(undefined), [])
  useEffect(() => () => clearTimeout(timer.current), [])
  return { notice, say, hide }
}

/** Above the picture, over what the tool says of itself: nothing of what is drawn is covered. */
export function NoticeBar({ notices: { notice, hide } }: { notices: ReturnType<typeof useNotices> }) {
  return (
    <div className={classes.place} aria-live="polite">
      {notice && (
        <div className={classes.notice}>
          <span>{notice.text}</span>
          {notice.action && (
            <Button
              size="compact-xs"
              variant="light"
              onClick={() => {
                hide()
                notice.action?.run()
              }}
            >
              {notice.action.name}
            </Button>
          )}
          <CloseButton size="xs" aria-label="Close the notice" onClick={hide} />
        </div>
      )}
    </div>
  )
}
