import { Anchor, Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count } from '#app/messages.ts'
import classes from './SignInDialog.module.css'
import { SignInForm } from './SignInForm.tsx'
import { useWaiting } from './useSyncStatus.ts'

/** Shown while the session has run out. Asks to sign in again over whatever the person was doing. Put off, it stays as a bar: nothing is lost meanwhile. */
export function SignInDialog() {
  const { person } = useApp()
  const waiting = useWaiting()
  const [opened, setOpened] = useState(true)

  const kept =
    waiting > 0
      ? `${count(waiting, 'change')} ${waiting === 1 ? 'waits' : 'wait'} on this device and will be sent as soon as you are back.`
      : 'Nothing is lost: what you do meanwhile is kept on this device.'
  return (
    <>
      <Modal opened={opened} onClose={() => setOpened(false)} title="You have been signed out" size={380}>
        <p className={classes.kept}>{kept}</p>
        <SignInForm userId={person.id} onSignedIn={() => setOpened(false)} />
        <p className={classes.other}>
          Not {person.id}? <Anchor href="/sign-in">Sign in as somebody else</Anchor>
        </p>
      </Modal>
      {!opened && (
        <section className={classes.bar} aria-label="Signed out">
          <span>Signed out. {kept}</span>
          <Button size="compact-xs" onClick={() => setOpened(true)}>
            Sign in
          </Button>
        </section>
      )}
    </>
  )
}
