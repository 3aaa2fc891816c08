import { useEffect, useId, useRef, useState } from 'react'
import parts from '#app/workspace/parts.module.css'
import { useBeside } from '#app/workspace/useBeside.ts'
import { useCloseOutside } from '#app/workspace/useCloseOutside.ts'
import type { Editor } from '#editor/editor.ts'
import type { Size } from '#geometry/point.ts'
import type { Box } from '#geometry/shape.ts'
import { ConceptLine } from './ConceptPanel.tsx'
import classes from './ConceptPicker.module.css'
import { enterMeans, isNewName, searchConcepts } from './conceptSearch.ts'
import type { Concepts } from './useConcepts.ts'

const SIZE: Size = { width: 220, height: 268 }
const SHOWN = 50

interface Props {
  editor: Editor
  concepts: Concepts
  /** image px: the picker stands beside it, never on it where there is room */
  near: Box
  onPick: (id: string) => void
  onMake: (name: string) => void
  /** without a choice: the regions stay as they are */
  onClose: () => void
}

/** Asks what a region is, at the region. What was used last comes first; digits choose, Enter takes the top one. */
export function ConceptPicker({ editor, concepts, near, onPick, onMake, onClose }: Props) {
  const [typed, setTyped] = useState('')
  /** where the arrows or the pointer went; undefined = what Enter means by itself */
  const [moved, setActive] = useState<number>()
  const root = useRef<HTMLDivElement>(null)
  const listId = useId()
  const shown = searchConcepts(concepts.list, typed, concepts.recent).slice(0, SHOWN)
  const mayMake = !concepts.loading && isNewName(concepts.list, typed)
  const choices = shown.length + (mayMake ? 1 : 0) // making a new one comes last
  const meant = enterMeans(shown, typed, mayMake)
  const active = moved ?? (meant && 'make' in meant ? shown.length : 0)
  useCloseOutside(root, onClose)
  const position = useBeside(editor, near, SIZE)
  const slotOf = (digit: number) => concepts.list.find(({ slot }) => slot === (digit || 10))
  const early = useRef<number>(undefined)
  useEffect(() => {
    const row = early.current === undefined ? undefined : slotOf(early.current)
    if (!row) return
    early.current = undefined
    onPick(row.id) // pressed before it was known what it stands for
  })
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape') onClose()
    else if (step !== undefined) setActive((active + step + choices) % Math.max(1, choices))
    else if (digit !== undefined && typed === '' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const row = slotOf(Number(digit))
      if (row) onPick(row.id)
      else if (concepts.loading) early.current = Number(digit)
    } else if (event.key === 'Enter') {
      const row = shown[active]
      if (row) onPick(row.id)
      else if (mayMake) onMake(typed.trim())
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      ref={root}
      role="dialog"
      aria-label="Concept of the region"
      className={parts.popup}
      style={{ left: position[0], top: position[1], width: SIZE.width, maxHeight: SIZE.height }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: it opens because the person has to answer, at the place they look at
        autoFocus
        role="combobox"
        aria-label="Choose or make a concept"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={shown[active] && `${listId}-${active}`}
        placeholder="What is it?"
        className={classes.input}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setActive(undefined)
        }}
        onKeyDown={onKeyDown}
        autoComplete="off"
        spellCheck={false}
      />
      <div id={listId} role="listbox" aria-label="Concepts for the region" className={classes.list}>
        {shown.map((row, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field holds the focus and answers the keys
          <div
            key={row.id}
            id={`${listId}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            className={classes.row}
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => setActive(i)}
            onClick={() => onPick(row.id)}
          >
            <ConceptLine row={row} />
          </div>
        ))}
      </div>
      {mayMake && (
        <button
          type="button"
          className={classes.make}
          data-active={active === shown.length || undefined}
          onClick={() => onMake(typed.trim())}
        >
          Make “{typed.trim()}”
        </button>
      )}
      {shown.length === 0 && !mayMake && <p className={classes.none}>{noneText(concepts)}</p>}
    </div>
  )
}

const noneText = ({ loading, error }: Concepts): string => {
  if (loading) return 'Concepts are loading…'
  return error ? 'The concepts could not be loaded.' : 'No concepts yet. Type a name to make one.'
}
