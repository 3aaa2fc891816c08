import type { Edit } from '#model/change.ts'

/**
 * One annotation's unacknowledged work, as {@link Outbox} moves it on. Plain data: it is stored and sent between tabs.
 */
export interface Slot<V> {
  readonly belief: Belief<V>
  /** what the person wants and is not on the wire */
  readonly queued?: Edit<V> | undefined
  /** the request on the wire, and the edit it serves */
  readonly sending?: Flight<V> | undefined
  /** needs the person: Retry or Discard */
  readonly rejected?: Rejected<V> | undefined
  /** contents of ours that may have landed since `belief` was certain */
  readonly trail: readonly V[]
  /** requests without an answer that may still land */
  readonly doubts: readonly Doubt[]
}

/** What we believe the server holds. `final`: there is nothing to restore either, so it can only be posted. */
export type Belief<V> =
  | { readonly at: 'absent'; readonly final?: boolean }
  /** `seen`: it was read for this very edit, which may therefore delete it */
  | {
      readonly at: 'present'
      readonly value: V
      readonly status: number
      readonly version: string
      readonly seen?: boolean
    }
  | { readonly at: 'deleted' }
  /** `own`: whatever is there, we brought it back ourselves just now, or meant to; `status`: what it was when last known */
  | { readonly at: 'unknown'; readonly own?: boolean; readonly status?: number | undefined }

export type Step<V> =
  | { readonly verb: 'post'; readonly value: V }
  | { readonly verb: 'patch' | 'status'; readonly value: V; readonly version: string }
  | { readonly verb: 'delete' | 'restore' | 'read' }

export interface Flight<V> {
  readonly edit: Edit<V>
  readonly step: Step<V>
  /** ms since the epoch */
  readonly since: number
  /** id of the tab that sends */
  readonly by: string
}

export interface Doubt {
  readonly verb: 'patch' | 'status' | 'delete' | 'restore'
  /** the version a patch or status compares with */
  readonly version?: string
  /** ms since the epoch: it cannot land later */
  readonly until: number
}

export interface Rejected<V> {
  readonly edit: Edit<V>
  readonly kind: 'refused' | 'conflict'
  readonly error: Problem
  /** conflict: what the server holds; absent = it was deleted */
  readonly theirs?: V | undefined
}

/** The fields of an ApiFailure, storable. */
export interface Problem {
  readonly code: number
  readonly details: string
  readonly description: string
  readonly requestId: string
}

/** What came of a step. */
export type Answer<V> =
  /** written, or read; `value` is the server's message */
  | { readonly is: 'stored'; readonly value: V }
  /** deleted; or there is nothing to read, patch or restore */
  | { readonly is: 'gone' }
  | { readonly is: 'restored' }
  /** the id is taken by something else, or the version compared did not match */
  | { readonly is: 'differs'; readonly error: Problem }
  /** no answer: it may or may not have landed, now or later */
  | { readonly is: 'lost' }
  /** certainly not carried out: worth sending again unchanged */
  | { readonly is: 'unsent' }
  | { readonly is: 'refused'; readonly error: Problem }

/** How the outbox looks at the things it carries. */
export interface ValueKind<V> {
  /** equal in content; status and what the server adds do not count */
  same(a: V, b: V): boolean
  status(value: V): number
  /** of a value that came from the server; empty otherwise */
  version(value: V): string
}

/** No delete or restore lands later than this after it was sent, in ms: the deadline of a call, and a margin. */
export const LIFETIME_MS = 30_000

/** Nothing for the server, nothing for the person; kept only for its doubts. */
export const isIdle = <V>(slot: Slot<V>): boolean => !slot.queued && !slot.sending && !slot.rejected

/**
 * What the person sees in place of the server's message: `value` undefined = nothing there; undefined itself = the
 * server's. A delete that was rejected shows the thing again, since that is where its warning is.
 */
export function shown<V>(slot: Slot<V>): { readonly value: V | undefined } | undefined {
  const edit = slot.queued ?? slot.sending?.edit
  if (edit) return { value: edit.after }
  return slot.rejected?.edit.after === undefined ? undefined : { value: slot.rejected.edit.after }
}
