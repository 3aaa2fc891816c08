import { create, type JsonObject, type JsonValue } from '@bufbuild/protobuf'
import { type Annotation, AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'

/** One thing that somebody wrote: an annotation without data, `annotation_info.marquee.note` (decisions §12). */
export interface Note {
  readonly annotation: Annotation
  /** user id of its author */
  readonly by: string
  /** ms since the epoch; undefined until the server has it */
  readonly time: number | undefined
  readonly thread: string
  readonly text: string
  /** where it points at, in fractions of the image */
  readonly at: { readonly row: number; readonly col: number } | undefined
  /** id of the region it points at */
  readonly region: string | undefined
  /** it resolves the thread, or reopens it */
  readonly resolved: boolean | undefined
  /** it was written with a verdict: "approve", "changes" … */
  readonly verdict: string
  /** of which task it speaks; empty: of none */
  readonly task: string
  /** whose work it speaks of; empty: it is for all */
  readonly to: string
}

/** The notes that share an id, oldest first. */
export interface Thread {
  readonly id: string
  readonly notes: readonly [Note, ...Note[]]
  readonly at: Note['at']
  readonly region: string | undefined
  readonly resolved: boolean
}

/** The note that an annotation is; undefined for a label. */
export function noteOf(annotation: Annotation): Note | undefined {
  const note = objectOf(objectOf(annotation.annotationInfo?.marquee)?.note)
  if (!note) return undefined
  const { createdAt } = annotation
  return {
    annotation,
    by: annotation.userId,
    time: createdAt && Number(createdAt.seconds) * 1000 + createdAt.nanos / 1e6,
    thread: textOf(note.thread),
    text: textOf(note.text),
    at: placeOf(note.at),
    region: textOf(note.region) || undefined,
    resolved: typeof note.resolved === 'boolean' ? note.resolved : undefined,
    verdict: textOf(note.verdict),
    task: textOf(note.task),
    to: textOf(note.to),
  }
}

/** Threads in the order they began; a thread is as resolved as its newest word about that says. */
export function threadsOf(annotations: Iterable<Annotation>): readonly Thread[] {
  const notes = [...annotations].flatMap((annotation) => noteOf(annotation) ?? [])
  // what the server does not have yet is the newest
  const ordered = notes
    .filter(({ thread }) => thread !== '')
    .toSorted((a, b) => (a.time ?? Number.MAX_SAFE_INTEGER) - (b.time ?? Number.MAX_SAFE_INTEGER))
  return [...Map.groupBy(ordered, ({ thread }) => thread)].flatMap(([id, [first, ...more]]) => {
    if (!first) return []
    const all = [first, ...more] as const
    return [
      {
        id,
        notes: all,
        at: all.find(({ at }) => at)?.at,
        region: all.find(({ region }) => region)?.region,
        resolved: all.findLast(({ resolved }) => resolved !== undefined)?.resolved ?? false,
      },
    ]
  })
}

export interface NewNote {
  readonly id: string
  readonly inputId: string
  readonly userId: string
  readonly thread: string
  readonly text: string
  readonly at?: Note['at']
  readonly region?: string | undefined
  readonly resolved?: boolean | undefined
  readonly task?: string | undefined
  /** it is the reason of this verdict, for the person `to` */
  readonly verdict?: string | undefined
  readonly to?: string | undefined
  /** ids of the people it names: they are told */
  readonly mentions?: readonly string[] | undefined
}

/** The annotation of a note of this person. */
export function newNote(fresh: NewNote): Annotation {
  const { id, inputId, userId, thread, text, at, region, resolved, task, verdict, to, mentions } = fresh
  const note: JsonObject = {
    thread,
    text,
    ...(at ? { at: [at.row, at.col] } : {}),
    ...(region === undefined ? {} : { region }),
    ...(resolved === undefined ? {} : { resolved }),
    ...(task ? { task } : {}),
    ...(verdict === undefined ? {} : { verdict }),
    ...(to === undefined ? {} : { to }),
    ...(mentions && mentions.length > 0 ? { mentions: [...mentions] } : {}),
  }
  return create(AnnotationSchema, {
    id,
    inputId,
    userId,
    status: create(StatusSchema, { code: StatusCode.ANNOTATION_SUCCESS }),
    annotationInfo: { marquee: { note } },
  })
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')

function placeOf(value: JsonValue | undefined): Note['at'] {
  if (!Array.isArray(value)) return undefined
  const [row, col] = value
  return typeof row === 'number' && typeof col === 'number' ? { row, col } : undefined
}

const objectOf = (value: JsonValue | undefined): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
