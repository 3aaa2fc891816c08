import { useEffect, useSyncExternalStore } from 'react'
import { SaidActions } from './SaidActions.tsx'
import classes from './SaidPlace.module.css'
import { hideSaid, holdSaid, letSaidGo, onSaid, openPlace, saidNow } from './said.ts'

/** The place in a bar where what was just done is said, with the way to take it back. */
export function SaidPlace() {
  const said = useSyncExternalStore(onSaid, saidNow)
  useEffect(openPlace, [])
  if (!said) return null
  const { message, actions, failed } = said
  return (
    <span
      className={classes.said}
      data-failed={failed || undefined}
      onPointerEnter={holdSaid}
      onPointerLeave={letSaidGo}
    >
      <span className={classes.message} title={message}>
        {message}
      </span>
      <SaidActions actions={actions} hide={hideSaid} />
    </span>
  )
}
