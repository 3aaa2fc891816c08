import { ActionIcon, Loader, SegmentedControl } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { X } from 'lucide-react'
import { memo, type ReactNode, type Ref, useId, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { onMac, shownStroke } from '#app/keyStroke.ts'
import { useKeys } from '#app/keys/keyStore.ts'
import { count } from '#app/messages.ts'
import parts from '#app/workspace/parts.module.css'
import { Swatch } from '#ui/Swatch.tsx'
import { steady } from '#ui/steady.tsx'
import { useCoarsePointer } from '#ui/useCoarsePointer.ts'
import classes from './ConceptPanel.module.css'
import { setSingleChoice, singleChoice } from './classify.ts'
import { type ConceptRow, enterMeans, isNewName, searchConcepts } from './conceptSearch.ts'
import { ROW, TOUCH_ROW } from './panelHeight.ts'
import type { Concepts } from './useConcepts.ts'

interface Props {
  concepts: Concepts
  /** the active concept */
  active: string | undefined
  /** regions with it, by concept id */
  counts: ReadonlyMap<string, number>
  onPick: (id: string) => void
  onClear: () => void
  /** Says of the whole image that the concept is in it. */
  onTick: (id: string) => void
  /** Makes a concept, and picks it or ticks it for the whole image. */
  onMake: (name: string, about: 'regions' | 'image') => void
  /** after Esc or a choice: back to the canvas */
  onLeave: () => void
  searchRef: Ref<HTMLInputElement>
  /** The same list, to speak about the whole image. */
  wholeImage: (shown: readonly ConceptRow[]) => ReactNode
  /** what is open is no image: there are no regions */
  onlyWhole: boolean
  /** the Classify tool is in hand: digits speak about the whole image */
  classifying: boolean
  onClassify: (classify: boolean) => void
}

/** What a region can be: search, choose, make. The chosen one is what the next region becomes. */
export const ConceptPanel = steady(function ConceptPanel(props: Props) {
  const { concepts, active, onClear, wholeImage, onlyWhole } = props
  const [typed, setTyped] = useState('')
  const about = onlyWhole || props.classifying ? 'image' : 'regions'
  const shown = searchConcepts(concepts.list, typed)
  const mayMake = !concepts.loading && isNewName(concepts.list, typed)
  const make = () => {
    props.onMake(typed.trim(), about)
    setTyped('')
  }
  return (
    <section className={classes.panel} aria-label="Concepts panel">
      <div className={classes.head}>
        <h2 className={classes.title}>Concepts</h2>
        {!onlyWhole && <About about={about} onClassify={props.onClassify} />}
      </div>
      <SearchField
        {...props}
        typed={typed}
        setTyped={setTyped}
        shown={shown}
        mayMake={mayMake}
        make={make}
        choose={about === 'regions' ? props.onPick : props.onTick}
      />
      {about === 'regions' && active !== undefined && typed === '' && (
        <div className={classes.active}>
          <span className={classes.activeText}>
            New regions become <b>{concepts.byId.get(active)?.name ?? active}</b>
          </span>
          <ActionIcon
            size={22}
            aria-label="Ask for the concept after each region instead"
            title="Ask after each region instead"
            onClick={onClear}
          >
            <X size={14} aria-hidden />
          </ActionIcon>
        </div>
      )}
      {about === 'image' && <SingleChoice />}
      {about === 'image' ? wholeImage(shown) : <ConceptList {...props} shown={shown} />}
      {mayMake && (
        <button type="button" className={classes.make} onClick={make}>
          Make the concept “{typed.trim()}”
        </button>
      )}
      <State concepts={concepts} nothing={shown.length === 0 && !mayMake} typed={typed} />
    </section>
  )
}, 'wholeImage')

/** What the concepts are said of; with the panel it would render at each image, and it is its dearest part. */
const About = memo(function About({ about, onClassify }: { about: string; onClassify: (classify: boolean) => void }) {
  return (
    <SegmentedControl
      size="xs"
      value={about}
      onChange={(value) => onClassify(value === 'image')}
      data={[
        { value: 'regions', label: 'Regions' },
        { value: 'image', label: 'Whole image' },
      ]}
      aria-label="What the concepts are for"
    />
  )
})

/** One concept an image, and on to the next one. */
function SingleChoice() {
  const on = useStore(singleChoice, (state) => state.on)
  return (
    <label className={classes.single}>
      <input type="checkbox" checked={on} onChange={(event) => setSingleChoice(event.currentTarget.checked)} />
      One choice, then the next image
    </label>
  )
}

interface SearchProps extends Props {
  typed: string
  setTyped: (typed: string) => void
  shown: readonly ConceptRow[]
  mayMake: boolean
  make: () => void
  /** what Enter does with the top one */
  choose: (id: string) => void
}

function SearchField({ typed, setTyped, shown, mayMake, make, choose, onLeave, searchRef }: SearchProps) {
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      setTyped('')
      onLeave()
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const meant = enterMeans(shown, typed, mayMake)
      if (!meant) return
      if ('pick' in meant) {
        choose(meant.pick.id)
        setTyped('')
      } else make()
      onLeave()
    } else if (event.key === 'ArrowDown') {
      event.preventDefault()
      event.currentTarget.closest('section')?.querySelector<HTMLElement>('[role=listbox], ul')?.focus()
    }
  }
  const [key] = useKeys('concept.search')
  return (
    <input
      ref={searchRef}
      type="search"
      aria-label="Search concepts"
      placeholder={`Search or make a concept${key ? `  ${shownStroke(key, onMac())}` : ''}`}
      className={classes.search}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      autoComplete="off"
      spellCheck={false}
    />
  )
}

/** Virtual, so that thousands of concepts scroll as ten do. */
function ConceptList({ shown, active, counts, onPick, onLeave }: Props & { shown: readonly ConceptRow[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const listId = useId()
  const [at, setAt] = useState(-1)
  const rowHeight = useCoarsePointer() ? TOUCH_ROW : ROW
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const asks = shown.some(({ asked }) => asked)
  const cursor = at >= 0 && at < shown.length ? at : shown.findIndex(({ id }) => id === active)
  const onKeyDown = (event: React.KeyboardEvent) => {
    const to = { ArrowDown: cursor + 1, ArrowUp: cursor - 1, Home: 0, End: shown.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      const next = Math.min(shown.length - 1, Math.max(0, to))
      setAt(next)
      rows.scrollToIndex(next)
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      const row = shown[cursor]
      if (row) onPick(row.id)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      onLeave()
    }
  }
  const visible = rows.getVirtualItems()
  return (
    <div ref={scroller} className={classes.scroller}>
      <div
        role="listbox"
        aria-label="Concepts"
        tabIndex={0}
        aria-activedescendant={visible.some(({ index }) => index === cursor) ? `${listId}-${cursor}` : undefined}
        className={classes.list}
        style={{ height: rows.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {visible.map(({ index, start }) => {
          const row = shown[index]
          if (!row) return null
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list holds the focus and answers the keys
            <div
              key={row.id}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={row.id === active}
              aria-setsize={shown.length}
              aria-posinset={index + 1}
              aria-description={counts.has(row.id) ? count(counts.get(row.id) ?? 0, 'region') : undefined}
              data-cursor={index === cursor || undefined}
              data-other={(asks && !row.asked) || undefined}
              data-divided={(asks && !row.asked && shown[index - 1]?.asked) || undefined}
              className={classes.row}
              style={{ transform: `translateY(${start}px)`, height: rowHeight }}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onPick(row.id)}
            >
              <ConceptLine row={row} uses={counts.get(row.id)} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** The shortest key that sets the concept of a slot, as people read it. */
function useSlotKey(slot: number | undefined): string | undefined {
  const keys = useKeys(`concept.slot.${slot ?? 0}`)
  const shortest = keys.toSorted((a, b) => a.length - b.length)[0]
  return shortest === undefined ? undefined : shownStroke(shortest, onMac())
}

/** Digit, colour, name and how many regions bear it. */
export const ConceptLine = memo(function ConceptLine({ row, uses }: { row: ConceptRow; uses?: number | undefined }) {
  const key = useSlotKey(row.slot)
  return (
    <>
      <span className={classes.slot} data-empty={key === undefined || undefined} aria-hidden>
        {key}
      </span>
      <Swatch color={row.color} />
      <span className={classes.name} title={row.meaning ? `${row.name}: ${row.meaning}` : row.name}>
        {row.name}
      </span>
      {uses ? (
        <span className={classes.count} aria-hidden>
          {uses}
        </span>
      ) : null}
    </>
  )
})

function State({ concepts, nothing, typed }: { concepts: Concepts; nothing: boolean; typed: string }) {
  if (concepts.loading) return <Loader size="xs" className={classes.loader} aria-label="Loading concepts" />
  if (concepts.error) {
    return (
      <p className={classes.empty} role="alert">
        The concepts could not be loaded.{' '}
        <button type="button" className={parts.link} onClick={concepts.retry}>
          Try again
        </button>
      </p>
    )
  }
  if (concepts.list.length === 0 && typed === '') {
    return <p className={classes.empty}>This app has no concepts yet. Type a name above to make the first.</p>
  }
  return nothing && typed !== '' ? <p className={classes.empty}>No concept matches.</p> : null
}
