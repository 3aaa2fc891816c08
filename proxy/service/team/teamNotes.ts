import { fromBinary, type JsonObject } from '@bufbuild/protobuf'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { marqueeInfo } from '#proxy/service/annotations/annotationParts.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import type { NoteRow } from '#proxy/store/orders.ts'

/** What the lists of work say of the notes on an input. */
export interface NotesOfInput {
  /**
   * Threads begun in this task (empty: outside of tasks), for everybody or for this person, of which the newest word
   * about it is not "resolved". The reason of a verdict is told with the verdict and asks for no answer.
   */
  open(taskId: string, workerId: string): number
  /** What came with the newest verdict on this person's work in this task; undefined = nothing. */
  lastVerdict(taskId: string, workerId: string): string | undefined
}

/** A note as it is stored (decisions §12). */
export interface StoredNote {
  readonly thread: string
  readonly text: string
  readonly resolved: boolean | undefined
  readonly verdict: string
  readonly task: string
  readonly to: string
  /** ids of the people it names */
  readonly mentions: readonly string[]
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export const noteOf = ({ message }: Pick<NoteRow, 'message'>): StoredNote => {
  const info = marqueeInfo(fromBinary(AnnotationSchema, message)).note as JsonObject
  const note = isJsonObject(info) ? info : {}
  return {
    thread: text(note.thread),
    text: text(note.text),
    resolved: typeof note.resolved === 'boolean' ? note.resolved : undefined,
    verdict: text(note.verdict),
    task: text(note.task),
    to: text(note.to),
    mentions: Array.isArray(note.mentions) ? note.mentions.filter((id) => typeof id === 'string') : [],
  }
}

/** @param rows notes on one input, oldest first */
export const notesOf = (rows: readonly NoteRow[]): NotesOfInput => {
  const notes = rows.map(noteOf)
  const threads = [...Map.groupBy(notes, ({ thread }) => thread)].filter(([thread]) => thread !== '')
  const open = threads.flatMap(([, [first, ...answers]]) => {
    const last = [first!, ...answers].findLast(({ resolved }) => resolved !== undefined)
    return last?.resolved ? [] : [first!]
  })
  return {
    open: (taskId, workerId) =>
      open.filter(({ task, to, verdict }) => verdict === '' && task === taskId && (to === '' || to === workerId))
        .length,
    lastVerdict: (taskId, workerId) =>
      notes.findLast((note) => note.verdict !== '' && note.task === taskId && (note.to === '' || note.to === workerId))
        ?.text,
  }
}

export const noNotes: NotesOfInput = notesOf([])
