import { compose, type Edit } from '#model/change.ts'
import {
  type Answer,
  type Belief,
  type Flight,
  isIdle,
  LIFETIME_MS,
  type Problem,
  type Slot,
  type Step,
  type ValueKind,
} from './slot.ts'

/** How long a doubtful patch is remembered, in ms. It is harmless once the version moved; this bounds storage only. */
const PATCH_MEMORY_MS = 24 * 3_600_000

/**
 * The outbox of one annotation: pure functions over a {@link Slot}; the values are of any kind, so that the
 * property test can use small ones. What is on the screen is the server's last answer
 * with every slot laid over it ({@link shown}); there is no rollback code.
 *
 * **The rule that must not be lost:** an edit that may have left can be overwritten, never cancelled. Creating and then
 * deleting is nothing only if the create was never sent.
 *
 * **A request of ours that lands late** — the tab was reloaded, the request was not dead, and lands after newer ones —
 * must not undo the newer ones. Per request:
 * - *post*: the id is taken once any post has landed, even after a delete, so a late post changes nothing. Therefore a
 *   delete of something whose post is in doubt first posts once more (then the id is surely taken), then deletes.
 * - *patch, status*: they carry the version they were based on, and a write always moves the version on, so a late one
 *   is refused by the server's comparison as soon as any newer write has landed. Therefore a slot whose content
 *   already equals what the person wants is written once more while such a request is in doubt against the very
 *   version the server holds.
 * - *delete, restore*: they carry no version. Their lifetime is bounded instead: a call has a deadline, after which the
 *   browser and the server drop it. While one is in doubt the *opposite* one is held back until {@link LIFETIME_MS}
 *   after it was sent; the same one may be repeated at once, being idempotent. Doubts outlive the edit in the slot.
 *   A delete carries no version either, so what it would delete is read first, and is deleted only if it is what the
 *   person saw: somebody else's newer change is a conflict, as it is for a patch.
 * And there is one sender per browser (Web Locks) whose every request is in the slot, durably, before it leaves, so
 * nothing in doubt is ever forgotten by a reload.
 *
 * **Somebody else's write** moves the version too. After a refused comparison the item is read: our own earlier state or
 * the state our edit was based on ⇒ go on from its version; anything else ⇒ a conflict for the person to decide.
 */
export class Outbox<V> {
  readonly #kind: ValueKind<V>
  readonly #lifetime: number
  constructor(kind: ValueKind<V>, lifetime = LIFETIME_MS) {
    this.#kind = kind
    this.#lifetime = lifetime
  }

  /** The person edits. Undefined: nothing is left to do. */
  append(slot: Slot<V> | undefined, edit: Edit<V>, now: number): Slot<V> | undefined {
    if (!slot || isIdle(slot)) return this.#tidy(this.#first(slot, edit), now)
    if (!slot.rejected) return this.#tidy({ ...slot, queued: slot.queued ? compose(slot.queued, edit) : edit }, now)
    const whole = compose(slot.rejected.edit, edit)
    if (slot.rejected.kind === 'refused') return this.#tidy({ ...slot, rejected: undefined, queued: whole }, now)
    if (whole.after === undefined) return this.retry({ ...slot, rejected: { ...slot.rejected, edit: whole } }, now)
    return { ...slot, rejected: { ...slot.rejected, edit: whole } }
  }

  /** What to send next; `wait` = not before that time; undefined = nothing. */
  plan(slot: Slot<V>, now: number): Step<V> | { readonly wait: number } | undefined {
    if (slot.sending || slot.rejected || !slot.queued) return undefined
    const next = this.#next(slot, slot.queued)
    if (next === 'done') return undefined
    const against = next.verb === 'delete' ? 'restore' : next.verb === 'post' ? undefined : 'delete'
    // a read, patch or restore says nothing while a delete of ours may still land behind it
    const until = Math.max(0, ...slot.doubts.filter((d) => d.verb === against).map((d) => d.until))
    return until > now ? { wait: until } : next
  }

  /** The slot with its next step on the wire; undefined when it has none now. Store it before sending. */
  take(slot: Slot<V>, by: string, now: number): Slot<V> | undefined {
    const step = this.plan(slot, now)
    if (!step || 'wait' in step) return undefined
    return { ...slot, sending: { edit: slot.queued!, step, since: now, by }, queued: undefined }
  }

  /** The answer to the step on the wire. Undefined: acknowledged, and nothing left. */
  settle(slot: Slot<V>, answer: Answer<V>, now: number): Slot<V> | undefined {
    const flight = slot.sending
    if (!flight) return slot
    const back = { ...slot, sending: undefined, queued: whole(flight.edit, slot.queued) }
    return this.#tidy(this.#settled(back, flight, slot.queued, answer), now)
  }

  /** After a reload, and for a sender that died: what was on the wire is in doubt and queued again. */
  recover(slot: Slot<V>, now: number): Slot<V> | undefined {
    return slot.sending ? this.settle(slot, { is: 'lost' }, now) : this.#tidy(slot, now)
  }

  /** The person insists. Over a conflict: ours replaces theirs, if theirs has not changed again. */
  retry(slot: Slot<V>, now: number): Slot<V> | undefined {
    const { rejected } = slot
    if (!rejected) return slot
    const again = { ...slot, rejected: undefined }
    if (rejected.kind === 'refused') return this.#tidy({ ...again, queued: rejected.edit }, now)
    const { theirs } = rejected
    const belief = theirs ? this.#present(theirs, theirs) : ({ at: 'deleted' } as const)
    return this.#tidy({ ...again, belief, queued: { before: theirs, after: rejected.edit.after } }, now)
  }

  /** The person gives up: the server's state counts. A create that may have left is taken back, not forgotten. */
  discard(slot: Slot<V>, now: number): Slot<V> | undefined {
    const { rejected } = slot
    if (!rejected) return slot
    const mayExist = slot.belief.at === 'absent' && slot.trail.length > 0
    return this.#tidy({ ...slot, rejected: undefined, queued: mayExist ? {} : undefined }, now)
  }

  #first(idle: Slot<V> | undefined, edit: Edit<V>): Slot<V> {
    const doubts = idle?.doubts ?? []
    return { belief: this.#assume(idle, edit), queued: edit, trail: idle?.trail ?? [], doubts }
  }

  /** Before anything was sent: the server holds what the person started from. */
  #assume(idle: Slot<V> | undefined, { before, after }: Edit<V>): Belief<V> {
    if (before !== undefined) return this.#kind.version(before) ? this.#present(before, before) : { at: 'unknown' }
    // what has been on the server and is created again was deleted there
    const wasThere = idle?.belief.at === 'deleted' || (after !== undefined && this.#kind.version(after) !== '')
    return wasThere ? { at: 'deleted' } : { at: 'absent' }
  }

  #next(slot: Slot<V>, edit: Edit<V>): Step<V> | 'done' {
    const { belief } = slot
    const want = edit.after
    if (want === undefined) return this.#nextGone(slot)
    switch (belief.at) {
      case 'absent':
        return { verb: 'post', value: want }
      case 'deleted':
        return { verb: 'restore' }
      case 'unknown':
        return { verb: 'read' }
      case 'present':
        return this.#nextPresent(belief, edit, want, slot)
    }
  }

  #nextGone({ belief, trail, doubts }: Slot<V>): Step<V> | 'done' {
    // a restore of ours that lands late would bring it back: one more delete behind it
    if (belief.at === 'deleted' && !doubts.some(({ verb }) => verb === 'restore')) return 'done'
    const isOurs = isOwn(belief) || doubts.some(({ verb }) => verb === 'delete')
    const unread = (belief.at === 'present' && !belief.seen) || (belief.at === 'unknown' && !isOurs)
    if (unread) return { verb: 'read' }
    if (belief.at !== 'absent') return { verb: 'delete' }
    const sent = trail.at(-1)
    return sent === undefined ? 'done' : { verb: 'post', value: sent }
  }

  #nextPresent(
    belief: Belief<V> & { at: 'present' },
    edit: Edit<V>,
    want: V,
    { doubts, trail }: Slot<V>,
  ): Step<V> | 'done' {
    const { version } = belief
    const mayChange = doubts.some((doubt) => doubt.version === version)
    if (mayChange || !this.#kind.same(want, belief.value)) return { verb: 'patch', value: want, version }
    const status = this.#kind.status(want)
    const means = this.#meansStatus(edit) || trail.some((v) => this.#kind.status(v) !== status)
    if (means && status !== belief.status) return { verb: 'status', value: want, version }
    return 'done'
  }

  /**
   * An edit that leaves the status as it was never writes it, so it cannot un-approve work; unless a status of ours
   * may have landed meanwhile (`trail`).
   */
  #meansStatus({ before, after }: Edit<V>): boolean {
    if (after === undefined) return false
    return before === undefined || this.#kind.status(before) !== this.#kind.status(after)
  }

  /** `back`: the slot as if the step had not been sent; `since`: what was edited while it was on the wire. */
  #settled(back: Slot<V>, flight: Flight<V>, since: Edit<V> | undefined, answer: Answer<V>): Slot<V> {
    switch (answer.is) {
      case 'unsent':
        return back
      case 'lost':
        return this.#lost(back, flight)
      case 'stored':
        return flight.step.verb === 'read'
          ? this.#found(back, answer.value)
          : this.#written(back, flight, since, answer.value)
      case 'gone':
        return this.#gone(back, flight.step)
      case 'restored':
        return { ...back, belief: { at: 'unknown', own: true } }
      case 'differs':
        return back.belief.at === 'absent' && back.belief.final
          ? reject(back, 'conflict', answer.error)
          : { ...back, belief: { at: 'unknown', status: statusIn(back.belief) } }
      case 'refused':
        // what was never stored and is not wanted any more needs nobody
        return flight.step.verb === 'post' && flight.edit.after === undefined
          ? { ...back, belief: { at: 'deleted' } }
          : reject(back, 'refused', answer.error)
    }
  }

  #lost(back: Slot<V>, { step, since }: Flight<V>): Slot<V> {
    switch (step.verb) {
      case 'read':
        return back
      case 'delete':
      case 'restore':
        return {
          ...back,
          belief: { at: 'unknown', own: step.verb === 'restore' || isOwn(back.belief) },
          doubts: [...back.doubts, { verb: step.verb, until: since + this.#lifetime }],
        }
      case 'post':
        return this.#mayHaveLanded(back, step.value)
      case 'patch':
      case 'status': {
        const doubt = { verb: step.verb, version: step.version, until: since + PATCH_MEMORY_MS }
        return { ...this.#mayHaveLanded(back, step.value), doubts: [...back.doubts, doubt] }
      }
    }
  }

  #mayHaveLanded(slot: Slot<V>, value: V): Slot<V> {
    const kind = this.#kind
    const known = slot.trail.some((v) => kind.same(v, value) && kind.status(v) === kind.status(value))
    return known ? slot : { ...slot, trail: [...slot.trail, value] }
  }

  #written(back: Slot<V>, { step, edit }: Flight<V>, since: Edit<V> | undefined, stored: V): Slot<V> {
    const value = 'value' in step ? step.value : stored
    // compared with what we sent, not with what the server made of it: it may normalize, and we must not loop
    // a status the server chose instead of ours is not asked for again and again; a repeated post changed nothing
    const asSent = step.verb === 'status' || (step.verb === 'post' && back.trail.length === 0)
    const status = this.#kind.status(asSent ? value : stored)
    const certain = { ...back, belief: { ...this.#present(value, stored), status } }
    const doubts = back.doubts.filter((d) => d.version === undefined)
    const complete = this.#next({ ...certain, doubts }, edit) === 'done'
    if (complete) return { ...certain, doubts, trail: [], queued: since }
    return this.#mayHaveLanded({ ...certain, doubts }, value)
  }

  /** A read found `stored`. Ours, or what we started from: go on from its version. Else it is for the person. */
  #found(back: Slot<V>, stored: V): Slot<V> {
    const { before, after } = back.queued!
    const own = isOwn(back.belief)
    const known = [after, before, ...back.trail].some((v) => v !== undefined && this.#kind.same(v, stored))
    if (own || (known && this.#statusIsOurs(back, stored)))
      return { ...back, belief: { ...this.#present(stored, stored), seen: after === undefined } }
    return conflict(back, stored)
  }

  #statusIsOurs({ belief, queued, trail }: Slot<V>, stored: V): boolean {
    const status = this.#kind.status(stored)
    if (!this.#meansStatus(queued!) || statusIn(belief) === status) return true
    return [queued!.before, queued!.after, ...trail].some((v) => v !== undefined && this.#kind.status(v) === status)
  }

  #gone(back: Slot<V>, step: Step<V>): Slot<V> {
    if (step.verb === 'restore') return { ...back, belief: { at: 'absent', final: true } }
    const { before, after } = back.queued!
    const byUs = step.verb === 'delete' || before === undefined || back.doubts.some((d) => d.verb === 'delete')
    if (after !== undefined && !byUs) return conflict(back, undefined)
    // no delete is sent before every doubtful restore is over
    const doubts = step.verb === 'delete' ? back.doubts.filter(({ verb }) => verb !== 'restore') : back.doubts
    const gone = { ...back, belief: { at: 'deleted' } as const, doubts }
    // what goes on from here starts from nothing: no `before` any more
    return after === undefined ? { ...gone, trail: [] } : { ...gone, queued: { after } }
  }

  #present(value: V, stored: V): Belief<V> & { at: 'present' } {
    return { at: 'present', value, status: this.#kind.status(stored), version: this.#kind.version(stored) }
  }

  #tidy(slot: Slot<V>, now: number): Slot<V> | undefined {
    const done = slot.queued && !slot.sending && !slot.rejected && this.#next(slot, slot.queued) === 'done'
    const tidied = done ? { ...slot, queued: undefined } : slot
    if (!isIdle(tidied)) return tidied
    const doubts = tidied.doubts.filter(({ until }) => until > now)
    return doubts.length > 0 ? { ...tidied, doubts } : undefined
  }
}

const whole = <V>(first: Edit<V>, then: Edit<V> | undefined): Edit<V> => (then ? compose(first, then) : first)

function reject<V>(slot: Slot<V>, kind: 'refused' | 'conflict', error: Problem, theirs?: V): Slot<V> {
  return { ...slot, queued: undefined, rejected: { edit: slot.queued!, kind, error, theirs } }
}

const isOwn = <V>(belief: Belief<V>): boolean => belief.at === 'unknown' && belief.own === true

const statusIn = <V>(belief: Belief<V>): number | undefined => ('status' in belief ? belief.status : undefined)

/** 24252 = ANNOTATION_MODIFY_FAILED (decisions §4). */
const CHANGED = 24_252

const conflict = <V>(slot: Slot<V>, theirs: V | undefined): Slot<V> =>
  reject(
    slot,
    'conflict',
    { code: CHANGED, details: '', description: 'Changed by somebody else', requestId: '' },
    theirs,
  )
