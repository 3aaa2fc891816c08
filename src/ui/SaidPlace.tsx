import { Button } from '@mantine/core'
import { useEffect, useSyncExternalStore } from 'react'
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
      {actions.map(({ name, run }) => (
        <Button
          key={name}
          variant="light"
          size="compact-xs"
          onClick={() => {
            hideSaid()
            run()
          }}
        >
          {name}
        </Button>
      ))}
    </span>
  )
}
