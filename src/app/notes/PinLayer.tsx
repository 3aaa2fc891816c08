import { Check } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import { clickPx } from '#editor/input.ts'
import type { EditorState } from '#editor/state.ts'
import type { Point } from '#geometry/point.ts'
import { toImage, toScreen } from '#geometry/view.ts'
import type { Thread } from '#sync/notes.ts'
import { NoteCard } from './NoteCard.tsx'
import { pinAt, placeOf } from './notePlace.ts'
import classes from './PinLayer.module.css'
import { type Notes, pinsShown } from './useNotes.ts'

/** screen px */
const RADIUS = 12
const CARD = { width: 304, height: 240, gap: 18 }

interface Props {
  session: InputSession
  notes: Notes
  nameOf: (userId: string) => string
  /** ids of threads that have to be answered or dealt with */
  waiting: ReadonlySet<string>
  /** what a note may be about at one press */
  reasons: readonly string[]
}

interface Pin {
  readonly thread: Thread
  readonly number: number
  readonly screen: Point
}

const viewPart = (state: EditorState) => state.view
const regionsPart = (state: EditorState) => state.regions
const viewportPart = (state: EditorState) => state.viewport

/**
 * Pins over the picture. They catch nothing: wheel, clicks and drags reach the canvas as if they were not there. A click
 * of the Select tool that lands on one opens its thread besides; with every other tool it draws.
 */
export function PinLayer({ session, notes, nameOf, waiting, reasons }: Props) {
  const { editor } = session
  const root = useRef<HTMLDivElement>(null)
  const shown = useStore(pinsShown, (state) => state.shown)
  const view = useEditorState(editor, viewPart)
  const regions = useEditorState(editor, regionsPart)
  const viewport = useEditorState(editor, viewportPart)
  const { size } = editor.state
  const [under, setUnder] = useState<string>()
  const pins = useMemo(
    () =>
      notes.threads.flatMap((thread, i): Pin[] => {
        const place = placeOf(thread, regions.values(), size)
        return place ? [{ thread, number: i + 1, screen: toScreen(view, place) }] : []
      }),
    [notes.threads, regions, size, view],
  )
  useClicks(root, session, { pins: shown ? pins : [], notes, onOver: setUnder })
  const opened = notes.threads.find(({ id }) => id === notes.opened)
  const openedAt = pins.find(({ thread }) => thread === opened)?.screen
  const draftPlace = notes.draft && placeOf({ at: notes.draft.at, region: notes.draft.region }, regions.values(), size)
  const draftAt = draftPlace && toScreen(view, draftPlace)
  const hovered = pins.find(({ thread }) => thread.id === under && thread !== opened)
  return (
    <div ref={root} className={classes.layer} data-pins={shown ? pins.length : 0}>
      {shown &&
        pins.map(({ thread, number, screen: [x, y] }) => (
          <button
            key={thread.id}
            type="button"
            className={classes.pin}
            style={{ transform: `translate(${x}px, ${y}px)` }}
            aria-label={`Note ${number}${thread.resolved ? ', resolved' : ''}: ${firstWords(thread)}`}
            aria-expanded={thread === opened}
            data-resolved={thread.resolved || undefined}
            data-waits={waiting.has(thread.id) || undefined}
            data-under={thread.id === under || thread === opened || undefined}
            onClick={() => notes.show(thread === opened ? undefined : thread)}
          >
            {thread.resolved ? <Check size={13} strokeWidth={2.5} aria-hidden /> : number}
          </button>
        ))}
      {draftAt && (
        <span className={classes.pin} data-draft style={{ transform: `translate(${draftAt[0]}px, ${draftAt[1]}px)` }}>
          +
        </span>
      )}
      {hovered && (
        <span className={classes.hover} style={nextTo(hovered.screen, viewport)} aria-hidden>
          <b>{nameOf(hovered.thread.notes[0].by)}</b> {firstWords(hovered.thread)}
        </span>
      )}
      {opened && openedAt && shown && (
        <NoteCard
          style={beside(openedAt, viewport)}
          notes={notes}
          thread={opened}
          nameOf={nameOf}
          waits={waiting.has(opened.id)}
          reasons={reasons}
        />
      )}
      {notes.draft && (
        <NoteCard
          style={beside(draftAt ?? [viewport.width / 2, viewport.height / 3], viewport)}
          notes={notes}
          thread={undefined}
          nameOf={nameOf}
          waits={false}
          reasons={reasons}
        />
      )}
    </div>
  )
}

export const firstWords = ({ notes }: Thread): string => notes.find(({ text }) => text !== '')?.text ?? ''

/** Where a card belongs that speaks of this point: right of it, else left, all of it on the surface. */
function beside([x, y]: Point, { width, height }: { width: number; height: number }) {
  const right = x + CARD.gap + CARD.width <= width - 8
  const left = right ? x + CARD.gap : Math.max(8, x - CARD.gap - CARD.width)
  const top = Math.max(8, Math.min(y - 14, height - CARD.height - 8))
  return { left, top, width: Math.min(CARD.width, width - 16), maxHeight: Math.max(120, height - top - 8) }
}

function nextTo(at: Point, viewport: { width: number; height: number }) {
  const { left, top } = beside(at, viewport)
  return { left, top }
}

interface Clicks {
  readonly pins: readonly Pin[]
  readonly notes: Notes
  readonly onOver: (thread: string | undefined) => void
}

/** Listens beside the canvas, never in its way. */
function useClicks(root: React.RefObject<HTMLElement | null>, session: InputSession, clicks: Clicks): void {
  const latest = useRef(clicks)
  useLayoutEffect(() => {
    latest.current = clicks
  })
  useEffect(() => {
    const surface = root.current?.parentElement?.querySelector<HTMLElement>('[role=application]')
    if (!surface) return
    const stop = new AbortController()
    const { signal } = stop
    const at = (event: PointerEvent): Point => {
      const { left, top } = surface.getBoundingClientRect()
      return [event.clientX - left, event.clientY - top]
    }
    let pressed: Point | undefined
    surface.addEventListener(
      'pointerdown',
      (event) => {
        const { notes } = latest.current
        pressed = event.button === 0 ? at(event) : undefined
        if (!notes.placing || event.button !== 0) return
        // this press says where a note belongs: it is no stroke
        event.preventDefault()
        event.stopImmediatePropagation()
        const [x, y] = toImage(session.editor.state.view, at(event))
        notes.begin(notes.placeAt(x, y))
        pressed = undefined
      },
      { signal, capture: true },
    )
    surface.addEventListener(
      'pointerup',
      (event) => {
        const { notes, pins } = latest.current
        const from = pressed
        pressed = undefined
        const to = at(event)
        const moved = !from || Math.hypot(from[0] - to[0], from[1] - to[1]) > clickPx
        if (moved || session.editor.state.tool !== 'select') return
        const pin = pinAt(pins, to, RADIUS)
        // after the click has selected what lies there
        if (pin) setTimeout(() => notes.show(pin.thread.id === notes.opened ? undefined : pin.thread))
        else if (notes.opened !== undefined) notes.show(undefined)
      },
      { signal },
    )
    surface.addEventListener(
      'pointermove',
      (event) => {
        const { pins, notes, onOver } = latest.current
        notes.pointer.current = toImage(session.editor.state.view, at(event))
        const selecting = session.editor.state.tool === 'select' && event.buttons === 0
        onOver(selecting ? pinAt(pins, at(event), RADIUS)?.thread.id : undefined)
      },
      { signal, passive: true },
    )
    surface.addEventListener(
      'pointerleave',
      () => {
        latest.current.notes.pointer.current = undefined
        latest.current.onOver(undefined)
      },
      { signal },
    )
    return () => stop.abort()
  }, [root, session])
  const { placing } = clicks.notes
  useEffect(() => {
    const surface = root.current?.parentElement?.querySelector<HTMLElement>('[role=application]')
    if (!surface || !placing) return
    const stop = new AbortController()
    const before = surface.style.cursor
    surface.style.cursor = 'copy'
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopImmediatePropagation()
        latest.current.notes.cancel()
      },
      { signal: stop.signal, capture: true },
    )
    return () => {
      surface.style.cursor = before
      stop.abort()
    }
  }, [root, placing])
}
