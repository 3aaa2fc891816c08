import { useStore } from 'zustand'
import { canonicalStroke, onMac, shownKeys, strokesIn } from '#app/keyStroke.ts'
import { useCommands } from '#app/keys/keyStore.ts'
import { Kbd } from '#ui/Kbd.tsx'
import classes from './ChordHint.module.css'
import { chordStore } from './chord.ts'

/** While the second of two keys is waited for: which there are. */
export function ChordHint() {
  const begun = useStore(chordStore, (state) => state.begun)
  const commands = useCommands()
  if (begun === undefined) return null
  const onward = commands.flatMap(({ id, title, keys }) =>
    keys.flatMap((key) => {
      const [first, second] = strokesIn(key)
      return second !== undefined && canonicalStroke(first ?? '') === begun ? [{ id, title, second }] : []
    }),
  )
  return (
    <div role="status" className={classes.hint}>
      <Kbd keys={shownKeys(begun, onMac()).join(' ')} /> then
      {onward.map(({ id, title, second }) => (
        <span key={id} className={classes.way}>
          <Kbd keys={shownKeys(second, onMac()).join(' ')} /> {title}
        </span>
      ))}
    </div>
  )
}
