import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { type Command, scopeNames } from '#app/command.ts'
import { canonicalStroke, onMac, shownKeys, shownStroke, strokeOf } from '#app/keyStroke.ts'
import { Kbd } from '#ui/Kbd.tsx'
import classes from './CommandKeys.module.css'
import { clashes } from './keymap.ts'
import { keyStore } from './keyStore.ts'
import { whyNotBound } from './reserved.ts'

interface Props {
  command: Command
  /** undefined: given up */
  onDone: (stroke: string | undefined) => void
}

/**
 * Waits for the keys to be pressed, and says who has them already before it takes them. A second key pressed while the
 * first is down makes two keys in a row of them.
 */
export function KeyRecorder({ command, onDone }: Props) {
  const [stroke, setStroke] = useState<string>()
  const field = useRef<HTMLButtonElement>(null)
  /** pressed and still down: alone, or the first of two */
  const first = useRef<string>(undefined)
  useEffect(() => field.current?.focus(), [])
  const verdict = stroke === undefined ? undefined : judge(command, stroke)
  const onKeyDown = (event: React.KeyboardEvent) => {
    // Tab, Enter and Space go on to the buttons below once a key is waiting for an answer
    const pressed = strokeOf(event.nativeEvent)
    if (pressed === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      return onDone(undefined)
    }
    if (pressed === undefined || pressed === 'Tab' || pressed === 'Shift+Tab') return undefined
    event.preventDefault()
    event.stopPropagation()
    if (event.repeat) return undefined
    const before = first.current
    // with Ctrl or Cmd the release of the key may never be told
    if (before === undefined && !/^(Ctrl|Shift\+Alt|Alt)\+./.test(pressed)) {
      first.current = pressed
      return undefined
    }
    first.current = undefined
    return settle(before === undefined ? pressed : `${before} ${pressed}`)
  }
  const onKeyUp = () => {
    const pressed = first.current
    first.current = undefined
    if (pressed !== undefined) settle(pressed)
  }
  const settle = (pressed: string) => {
    const { refused, others } = judge(command, pressed)
    if (refused === undefined && others.length === 0) onDone(pressed)
    else setStroke(pressed)
  }
  return (
    <span className={classes.recorder}>
      <span className={classes.line}>
        <button
          ref={field}
          type="button"
          className={classes.field}
          aria-label={`Press the keys for ${command.title}`}
          onKeyDown={onKeyDown}
          onKeyUp={onKeyUp}
          title="For two keys in a row, keep the first one down"
        >
          {stroke === undefined ? 'Press the keys' : <Kbd keys={shownKeys(stroke, onMac()).join(' ')} />}
        </button>
        {verdict && verdict.refused === undefined && (
          <Button size="compact-xs" onClick={() => onDone(stroke)}>
            Use it here
          </Button>
        )}
        <Button size="compact-xs" variant="default" onClick={() => onDone(undefined)}>
          Cancel
        </Button>
      </span>
      <p className={classes.why} role="alert">
        {verdict?.refused !== undefined && <span className={classes.refused}>{verdict.refused}</span>}
        {verdict && verdict.refused === undefined && stroke !== undefined && (
          <>
            {shownStroke(stroke, onMac())} is the key of{' '}
            {verdict.others.map((other, i) => (
              <span key={other.id}>
                {i > 0 && ' and '}“{other.title}” ({scopeNames[other.scope]})
              </span>
            ))}
            . Used here, it is taken from there.
          </>
        )}
      </p>
    </span>
  )
}

function judge(command: Command, stroke: string): { refused: string | undefined; others: readonly Command[] } {
  const shown = shownStroke(stroke, onMac())
  const why = whyNotBound(command.id, stroke)
  if (why !== undefined) return { refused: `${shown} cannot be used. ${why}`, others: [] }
  if (command.keys.some((key) => canonicalStroke(key) === canonicalStroke(stroke)))
    return { refused: `${shown} is its key already.`, others: [] }
  if (command.held && /^(Ctrl|Alt)\+| /.test(canonicalStroke(stroke)))
    return { refused: `${shown} cannot be held alone: choose one key without Ctrl and Alt.`, others: [] }
  const others = clashes(keyStore.getState().commands, command.id, stroke)
  const fixed = others.find(
    (other) => other.byBrowser && canonicalStroke(other.keys[0] ?? '') === canonicalStroke(stroke),
  )
  if (fixed) return { refused: `${shown} always does “${fixed.title}”: it is the browser’s own key.`, others: [] }
  return { refused: undefined, others }
}
