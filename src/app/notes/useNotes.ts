import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { create } from 'zustand'
import { useApp } from '#app/appContext.tsx'
import type { StudioNotes } from '#app/command.ts'
import type { NoticeAction } from '#app/workspace/NoticeBar.tsx'
import type { Opened } from '#app/workspace/session/opened.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useSessionState } from '#app/workspace/session/useSession.ts'
import type { Point } from '#geometry/point.ts'
import { bounds } from '#geometry/shape.ts'
import { toImage } from '#geometry/view.ts'
import { mentionsIn, type Named } from '#sync/mentions.ts'
import { type Note, type Thread, threadsOf } from '#sync/notes.ts'
import { isRegionOf, placeOf } from './notePlace.ts'

/** Whether pins are on the screen; stays from image to image. */
export const pinsShown = create(() => ({ shown: true }))

/** Where a new note points at. */
export interface NotePlace {
  readonly at?: Note['at']
  /** id of a region */
  readonly region?: string | undefined
}

/** The notes of the open input, and what can be done with them. */
export interface Notes {
  readonly threads: readonly Thread[]
  readonly people: readonly Named[]
  /** the thread that is open on the picture */
  readonly opened: string | undefined
  /** what is being written, where */
  readonly draft: NotePlace | undefined
  /** the next click on the picture says where */
  readonly placing: boolean
  readonly show: (thread: Thread | undefined) => void
  readonly begin: (place: NotePlace) => void
  readonly askWhere: () => void
  readonly cancel: () => void
  readonly add: (text: string, place: NotePlace) => void
  readonly answer: (thread: Thread, text: string, resolved?: boolean) => void
  readonly remove: (note: Note) => void
  /** where the pointer is over the picture, image px; kept by PinLayer */
  readonly pointer: { current: Point | undefined }
  /** The pin of a note at a point of the image, px, on the region there if there is one. */
  readonly placeAt: (x: number, y: number) => NotePlace
}

interface Options {
  readonly session: InputSession
  readonly opened: Opened | undefined
  readonly people: readonly Named[]
  readonly say: (text: string, offer?: NoticeAction | (() => void)) => void
  /** a thread that the address names */
  readonly wanted: string | undefined
}

export function useNotes({ session, opened, people, say, wanted }: Options): Notes {
  const { person } = useApp()
  const { annotations } = useSessionState(session)
  const [shown, setShown] = useState<string>()
  const [draft, setDraft] = useState<NotePlace>()
  const [placing, setPlacing] = useState(false)
  const task = opened?.task
  const threads = useMemo(
    () =>
      threadsOf(annotations ?? []).filter((thread) => task === undefined || concerns(thread, task, opened, person.id)),
    [annotations, task, opened, person.id],
  )
  const { editor } = session
  const pointer = useRef<Point>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image has other notes
  useEffect(() => {
    setShown(undefined)
    setDraft(undefined)
    setPlacing(false)
  }, [session])
  const there = wanted !== undefined && threads.some(({ id }) => id === wanted)
  useEffect(() => {
    if (!there) return
    pinsShown.setState({ shown: true })
    setShown(wanted)
  }, [there, wanted])
  const show = useCallback(
    (thread: Thread | undefined) => {
      setShown(thread?.id)
      setDraft(undefined)
      if (!thread) return
      pinsShown.setState({ shown: true })
      const named = [...editor.state.regions.values()].find((one) => thread.region && isRegionOf(one, thread.region))
      const place = placeOf(thread, editor.state.regions.values(), editor.state.size)
      if (named) editor.select([named.key])
      if (place) editor.showPoint(place)
      else if (named) editor.reveal(named.key)
    },
    [editor],
  )
  return useMemo(() => {
    const write = (note: Parameters<InputSession['addNote']>[0]) =>
      session.addNote({ ...note, task: task ?? '', mentions: mentionsIn(note.text, people) })
    return {
      threads,
      people,
      opened: shown,
      draft,
      placing,
      pointer,
      show,
      begin: (place) => {
        pinsShown.setState({ shown: true })
        setPlacing(false)
        setShown(undefined)
        setDraft(place)
      },
      askWhere: () => {
        pinsShown.setState({ shown: true })
        setPlacing(true)
        say('Click where the note belongs. Esc ends it.')
      },
      cancel: () => {
        setDraft(undefined)
        setPlacing(false)
      },
      add: (text, place) => {
        const id = write({ text, ...place, ...(opened?.as === 'review' && { to: opened.worker }) })
        setDraft(undefined)
        say(`Noted: ${text}`, () => void session.removeNote(id))
      },
      answer: (thread, text, resolved) => {
        const id = write({ thread: thread.id, text, resolved })
        if (resolved !== undefined) say(resolved ? 'Resolved.' : 'Open again.', () => void session.removeNote(id))
      },
      remove: (note) => {
        const back = session.removeNote(note.annotation.id)
        if (back) say('Note deleted.', back)
      },
      placeAt: (x, y) => {
        const { size, regions } = editor.state
        const under = editor.state.index
          .search({ kind: 'box', x, y, w: 0, h: 0 })
          .flatMap((key) => regions.get(key) ?? [])
          .toSorted((a, b) => areaOf(a.shape) - areaOf(b.shape))[0]
        const at = { row: clamp(y / size.height), col: clamp(x / size.width) }
        return under ? { at, region: under.id } : { at }
      },
    }
  }, [threads, people, shown, draft, placing, show, session, editor, task, opened, say])
}

const clamp = (n: number): number => Math.min(1, Math.max(0, n))

const areaOf = (shape: Parameters<typeof bounds>[0]): number => {
  const { w, h } = bounds(shape)
  return w * h
}

/** For keys and palette. */
export const notesStudio = ({ editor }: InputSession, notes: Notes): StudioNotes => ({
  toggle: notes.threads.length > 0 ? () => pinsShown.setState(({ shown }) => ({ shown: !shown })) : undefined,
  add: () => {
    const { view, viewport, selected, regions } = editor.state
    const region = regions.get([...selected][0] ?? '')
    if (region && !notes.pointer.current) return notes.begin({ region: region.id })
    const [x, y] = notes.pointer.current ?? toImage(view, [viewport.width / 2, viewport.height / 2])
    notes.begin(notes.placeAt(x, y))
  },
})

/** Of this task or of none; where it is work, for everybody or for this person. */
function concerns({ notes }: Thread, task: string, opened: Opened | undefined, me: string): boolean {
  const [first] = notes
  const of = first.task === '' || first.task === task
  if (opened?.as === 'consensus') return of
  const whose = opened?.as === 'review' ? opened.worker : me
  return of && (first.to === '' || first.to === whose || first.by === me)
}
