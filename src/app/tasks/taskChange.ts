import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Task, TaskSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { TaskDraft } from './taskDraft.ts'
import { draftOf, taskOf, withMarquee } from './taskWire.ts'

/** What an edit changes: only the fields that differ from the task as it was when the edit began. */
export type DraftChanges = Partial<TaskDraft>

type Field = keyof TaskDraft
const fieldsOf = (draft: DraftChanges): Field[] => Object.keys(draft) as Field[]
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export function changesOf(before: TaskDraft, after: TaskDraft): DraftChanges {
  return Object.fromEntries(
    fieldsOf(after).flatMap((field) => (same(before[field], after[field]) ? [] : [[field, after[field]]])),
  )
}

/** Fields of an edit that somebody else has changed since it began, to something else. */
export function clashesOf(before: TaskDraft, changes: DraftChanges, now: TaskDraft): readonly Field[] {
  return fieldsOf(changes).filter((field) => !same(before[field], now[field]) && !same(changes[field], now[field]))
}

/** Somebody else has changed fields of a task that this person changes too. */
export class ChangedMeanwhile extends Error {
  readonly fields: readonly Field[]
  constructor(fields: readonly Field[]) {
    super(`changed elsewhere: ${fields.join(', ')}`)
    this.name = 'ChangedMeanwhile'
    this.fields = fields
  }
}

/** The parts of a task, and the fields of a draft they are made of. */
const parts = {
  name: ['name'],
  type: ['type'],
  priority: ['priority'],
  inputSource: ['source', 'sourceId'],
  concepts: ['concepts'],
  worker: ['labelers', 'give', 'perInput'],
  review: ['review', 'sample', 'agree', 'reviewers'],
} as const satisfies Partial<Record<keyof Task, readonly Field[]>>

/**
 * What PatchTasks is sent (`overwrite`: what is absent stays): the parts that an edit changes, laid over the task as it
 * is now. Undefined: nothing differs.
 */
export function patchOf(now: Task, changes: DraftChanges): MessageInitShape<typeof TaskSchema> | undefined {
  const wanted = { ...draftOf(now), ...changes }
  const changed = changesOf(draftOf(now), wanted)
  if (Object.keys(changed).length === 0) return undefined
  const whole = taskOf(wanted, now)
  const sent = Object.entries(parts).filter(([, fields]) => fields.some((field) => field in changed))
  return {
    id: now.id,
    ...Object.fromEntries(sent.map(([part]) => [part, whole[part as keyof typeof parts]])),
    ...(('instructions' in changed || 'overlap' in changed) && {
      metadata: withMarquee(now.metadata, saidOf(wanted, changed)),
    }),
  }
}

const saidOf = ({ instructions, overlap }: TaskDraft, changed: DraftChanges) => ({
  ...('instructions' in changed && { instructions }),
  ...('overlap' in changed && { overlap: overlap / 100 }),
})
