import { ConnectError } from '@connectrpc/connect'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { BATCH, type Delivery, type Parcel, problemOf, type Verb } from './delivery.ts'
import { ApiFailure, classify, isUnreachable } from './errors.ts'
import type { Acknowledged, AnnotationSlot, Ledger } from './ledger.ts'
import type { Outbox } from './outbox.ts'
import { type AppScope, addressOf, appKey } from './scope.ts'
import { type Answer, LIFETIME_MS } from './slot.ts'
import type { SenderState } from './tabs.ts'

/** How long an edit waits for company, in ms. */
const GATHER_MS = 120
/** Calls on the wire at a time. */
const CALLS = 6
/** About as much of annotations as goes into one call, in bytes; one larger annotation goes alone. */
const BATCH_BYTES = 4_000_000
const BACKOFF_MS = { first: 500, most: 30_000 } as const

export interface SenderOptions {
  readonly ledger: Ledger
  readonly outbox: Outbox<Annotation>
  readonly delivery: Delivery
  /** id of this tab */
  readonly tab: string
  /** Puts acknowledged items into the query cache, synchronously. */
  readonly fold: (acknowledged: Acknowledged) => void
  /** True if the browser's session is this person's. @throws when the server cannot be asked */
  readonly confirm: () => Promise<boolean>
  readonly changed: (state: SenderState) => void
  readonly now: () => number
  /** 0…1 */
  readonly random: () => number
}

interface Batch {
  readonly app: AppScope
  readonly verb: Verb
  readonly keys: readonly string[]
}

/**
 * Sends the slots of the ledger while this tab is the browser's sender: in batches, one request per annotation at a
 * time, each marked on the device before it leaves. A failed batch never holds up the others: what cannot be reached
 * closes the gate for all with growing pauses; what the server fails on is retried alone, in halves.
 */
export class Sender {
  readonly #use: SenderOptions
  #state: SenderState = { signedOut: false, unreachable: false, failing: false }
  #active = false
  #confirmed = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #due = Number.POSITIVE_INFINITY
  #round: Promise<void> | undefined
  readonly #calls = new Set<Promise<void>>()
  /** nothing is sent before; ms since the epoch */
  #gate = 0
  #misses = 0
  /** by address: how often it failed, when it may go again, how many may go with it */
  readonly #troubles = new Map<string, { times: number; notBefore: number; company: number }>()

  constructor(options: SenderOptions) {
    this.#use = options
  }

  get state(): SenderState {
    return this.#state
  }

  /** This tab becomes the sender. What a dead sender left on the wire is in doubt. */
  async activate(): Promise<void> {
    this.#active = true
    await this.#recover(({ sending }) => sending !== undefined)
    this.wake(0)
  }

  /** What these slots have on the wire is in doubt, and queued again. */
  async #recover(which: (slot: AnnotationSlot) => boolean): Promise<void> {
    const { ledger, outbox, now } = this.#use
    const at = now()
    const left = [...ledger.slots].filter(([, slot]) => which(slot))
    const recover = (slot: AnnotationSlot | undefined): AnnotationSlot | undefined =>
      slot && which(slot) ? outbox.recover(slot, at) : slot
    if (left.length > 0) await ledger.apply(new Map(left.map(([key]) => [key, recover])))
  }

  /**
   * When another tab's flight is over at the latest; never, where there is none. Its mark may reach the device after this
   * tab has looked for it.
   */
  #endOf({ sending }: AnnotationSlot): number {
    return sending && sending.by !== this.#use.tab ? sending.since + LIFETIME_MS : Number.POSITIVE_INFINITY
  }

  deactivate(): void {
    this.#active = false
    clearTimeout(this.#timer)
    this.#due = Number.POSITIVE_INFINITY
  }

  /** There is something to send, or to send again; at the latest in `delay` ms. */
  wake(delay = GATHER_MS): void {
    if (!this.#active || this.#state.signedOut) return
    const due = this.#use.now() + delay
    if (due >= this.#due) return
    clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => void this.#run(), delay)
  }

  /** Online again, looked at again, or asked to: no more waiting. Also finds out who is signed in now. */
  hurry(): void {
    this.#gate = 0
    this.#misses = 0
    for (const trouble of this.#troubles.values()) trouble.notBefore = 0
    this.#confirmed = false
    this.#become({ signedOut: false })
    this.wake(0)
  }

  /** Somebody else signed in in this browser, or nobody is any more: nothing leaves until this person is back. */
  signedOut(): void {
    this.#confirmed = false
    this.#become({ signedOut: true })
  }

  /** Sends all that can be sent now; resolves when nothing is on the wire and what is left cannot go yet. */
  async flush(): Promise<void> {
    while (this.#active && !this.#state.signedOut) {
      await this.#run()
      if (this.#calls.size > 0) await Promise.race(this.#calls)
      else if (this.#misses > 0 || this.#ready().batches.length === 0) return
    }
  }

  #run(): Promise<void> {
    clearTimeout(this.#timer)
    this.#due = Number.POSITIVE_INFINITY
    this.#round ??= this.#send().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  async #send(): Promise<void> {
    if (!this.#active || this.#state.signedOut) return
    const { now } = this.#use
    await this.#recover((slot) => this.#endOf(slot) <= now())
    const { batches, next } = this.#ready()
    if (batches.length === 0) return next < Number.POSITIVE_INFINITY ? this.wake(next - now()) : undefined
    if (this.#gate > now()) return this.wake(this.#gate - now())
    if (!(await this.#isConfirmed())) return
    for (const batch of batches) {
      if (this.#calls.size >= CALLS) return // the end of a call starts the next round
      const parcels = await this.#take(batch)
      if (parcels.length === 0) continue
      const call = this.#call(batch, parcels).finally(() => {
        this.#calls.delete(call)
        this.wake(0)
      })
      this.#calls.add(call)
    }
  }

  async #isConfirmed(): Promise<boolean> {
    if (this.#confirmed) return true
    try {
      this.#confirmed = await this.#use.confirm()
      if (!this.#confirmed) this.#become({ signedOut: true })
      return this.#confirmed
    } catch (error) {
      if (classify(error) === 'signed-out') this.#become({ signedOut: true })
      else this.#missed(isUnreachable(error))
      return false
    }
  }

  /** What may go now, put together; and when the next may. */
  #ready(): { batches: Batch[]; next: number } {
    const { ledger, outbox, now } = this.#use
    const at = now()
    const open = new Map<string, { app: AppScope; verb: Verb; keys: string[]; bytes: number; company: number }>()
    const batches: Batch[] = []
    let next = Number.POSITIVE_INFINITY
    for (const [key, slot] of ledger.slots) {
      const step = outbox.plan(slot, at)
      if (!step) {
        next = Math.min(next, this.#endOf(slot))
        continue
      }
      const trouble = this.#troubles.get(key)
      const from = Math.max('wait' in step ? step.wait : 0, trouble?.notBefore ?? 0)
      if (from > at || 'wait' in step) {
        next = Math.min(next, from)
        continue
      }
      const { owner, app } = addressOf(key)
      const company = trouble?.company ?? BATCH
      const lane = `${appKey({ owner, app })} ${step.verb} ${company}`
      const bytes = 'value' in step ? sizeOf(step.value) : 0
      let batch = open.get(lane)
      if (!batch || batch.keys.length >= company || batch.bytes + bytes > BATCH_BYTES) {
        batch = { app: { owner, app }, verb: step.verb, keys: [], bytes: 0, company }
        open.set(lane, batch)
        batches.push(batch)
      }
      batch.keys.push(key)
      batch.bytes += bytes
    }
    return { batches, next }
  }

  /** Marks the batch as leaving, durably; another tab may have changed a slot meanwhile, so what is stored counts. */
  async #take({ verb, keys }: Batch): Promise<readonly Parcel[]> {
    const { ledger, outbox, tab, now } = this.#use
    const at = now()
    const take = (slot: AnnotationSlot | undefined): AnnotationSlot | undefined => {
      const taken = slot && outbox.take(slot, tab, at)
      return taken?.sending?.step.verb === verb ? taken : slot
    }
    const left = await ledger.apply(new Map(keys.map((key) => [key, take])))
    return [...left].flatMap(([key, slot]) => {
      const flight = slot?.sending
      const mine = flight?.by === tab && flight.since === at && flight.step.verb === verb
      return mine ? [{ key, address: addressOf(key), step: flight.step }] : []
    })
  }

  async #call({ app, verb }: Batch, parcels: readonly Parcel[]): Promise<void> {
    try {
      const answers = await this.#use.delivery.deliver(app, verb, parcels)
      this.#reached(parcels, answers)
      await this.#settle(parcels, (key) => answers.get(key) ?? { is: 'lost' })
    } catch (error) {
      await this.#failed(parcels, error)
    }
  }

  /** The cache and the slots in one synchronous turn, so that nothing flickers; the device afterwards. */
  async #settle(parcels: readonly Parcel[], answerTo: (key: string) => Answer<Annotation>): Promise<void> {
    const { ledger, outbox, tab, now, fold } = this.#use
    const at = now()
    const acknowledged: [string, Annotation | undefined][] = []
    const updates = new Map(
      parcels.map(({ key, step }) => {
        const answer = answerTo(key)
        if (answer.is === 'stored') acknowledged.push([key, answer.value])
        if (answer.is === 'gone' && step.verb !== 'restore') acknowledged.push([key, undefined])
        const settle = (slot: AnnotationSlot | undefined): AnnotationSlot | undefined =>
          slot?.sending?.by === tab ? outbox.settle(slot, answer, at) : slot
        return [key, settle] as const
      }),
    )
    fold(acknowledged)
    await ledger.apply(updates, acknowledged)
  }

  #reached(parcels: readonly Parcel[], answers: ReadonlyMap<string, Answer<Annotation>>): void {
    this.#gate = 0
    this.#misses = 0
    for (const { key } of parcels) {
      const is = answers.get(key)?.is
      if (is === 'lost' || is === 'unsent') this.#trouble(key, BATCH)
      else this.#troubles.delete(key)
    }
    this.#become({ unreachable: false, failing: this.#troubles.size > 0 })
  }

  async #failed(parcels: readonly Parcel[], error: unknown): Promise<void> {
    const kind = classify(error)
    // an answer of the server, or of a gateway before it, that names a fault of the request: nothing was carried out
    const carriedOut = kind === 'retry' && !(error instanceof ApiFailure && isUnreachable(error))
    if (kind === 'signed-out') this.signedOut()
    else if (isUnreachable(error)) this.#missed(true)
    else this.#halve(parcels, kind === 'retry')
    const alone = parcels.length === 1 && (kind === 'refused' || kind === 'conflict')
    const final: Answer<Annotation> = { is: 'refused', error: problemOf(asFailure(error)) }
    await this.#settle(parcels, () => (alone ? final : carriedOut ? { is: 'lost' } : { is: 'unsent' }))
  }

  /** A batch that fails as a whole is tried in halves, down to the one that makes it fail. */
  #halve(parcels: readonly Parcel[], pause: boolean): void {
    for (const { key } of parcels) {
      const trouble = this.#trouble(key, Math.max(1, Math.ceil(parcels.length / 2)))
      if (!pause) trouble.notBefore = 0
    }
    if (parcels.length === 1 && !pause) this.#troubles.delete(parcels[0]!.key)
    this.#become({ unreachable: false, failing: this.#troubles.size > 0 })
  }

  #trouble(key: string, company: number): { notBefore: number } {
    const times = (this.#troubles.get(key)?.times ?? 0) + 1
    const trouble = { times, company, notBefore: this.#use.now() + this.#pause(times) }
    this.#troubles.set(key, trouble)
    return trouble
  }

  #missed(unreachable: boolean): void {
    this.#gate = this.#use.now() + this.#pause(++this.#misses)
    this.#become({ unreachable, failing: true })
    this.wake(this.#gate - this.#use.now())
  }

  #pause(times: number): number {
    return this.#use.random() * Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** times)
  }

  #become(change: Partial<SenderState>): void {
    const next = { ...this.#state, ...change }
    const { signedOut, unreachable, failing } = this.#state
    if (next.signedOut === signedOut && next.unreachable === unreachable && next.failing === failing) return
    this.#state = next
    this.#use.changed(next)
  }
}

/** Roughly, in bytes: only masks are large. */
function sizeOf({ data }: Annotation): number {
  const regions = data?.regions ?? []
  const of = ({ regionInfo }: (typeof regions)[number]): number =>
    (regionInfo?.mask?.image?.base64.length ?? 0) + 16 * (regionInfo?.polygon?.points.length ?? 0)
  return 300 + regions.reduce((sum, region) => sum + of(region), 0)
}

/** A refusal by Connect code has no code of the API; its number is below 100. */
function asFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error
  const said = error instanceof ConnectError ? { code: error.code, description: error.rawMessage } : undefined
  const fields = said ?? { code: 0, description: error instanceof Error ? error.message : String(error) }
  return new ApiFailure({ ...fields, details: '', requestId: '' }, { cause: error })
}
