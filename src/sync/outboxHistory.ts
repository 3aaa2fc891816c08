import type { Edit } from '#model/change.ts'
import { Outbox } from './outbox.ts'
import { type Answer, isIdle, type Problem, type Slot, type Step, shown, type ValueKind } from './slot.ts'

/** An annotation reduced to what matters here. `version` is set by the server. */
export interface Thing {
  readonly content: number
  readonly status: number
  readonly version: string
}

export type Fate = 'ok' | 'lost request' | 'lost reply' | 'hang'

export type Move =
  | { do: 'edit'; key: string; content: number | undefined }
  | { do: 'edit status'; key: string; status: number }
  | { do: 'send'; key: string; fate: Fate }
  /** one of the requests under way reaches the server; the answer gets back if the sender still waits for it */
  | { do: 'land'; pick: number; answered: boolean }
  | { do: 'give up'; key: string }
  | { do: 'crash' }
  | { do: 'wait'; ms: number }
  | { do: 'refetch'; key: string }
  | { do: 'colleague'; key: string; content: number | undefined }
  | { do: 'decide'; key: string; how: 'retry' | 'discard' }

/** Ways to get it wrong, to show that the property notices. */
export type Flaw =
  | 'cancels a create that may have left'
  | 'patches without comparing'
  | 'does not hold back after a doubtful delete'
  | 'forgets what was on the wire when it reloads'
  | 'deletes without settling a doubtful create'

export const thingKind: ValueKind<Thing> = {
  same: (a, b) => a.content === b.content,
  status: (thing) => thing.status,
  version: (thing) => thing.version,
}

/** Requests live so long, in the model's ms. */
const LIFETIME = 30

const CHANGED: Problem = { code: 24_252, details: '', description: '', requestId: '' }

interface Row extends Thing {
  readonly deleted: boolean
}

interface Request {
  readonly key: string
  readonly step: Step<Thing>
  readonly sent: number
  /** the flight it answers; a later flight must not take this answer for its own */
  readonly flight: object
}

/** The server's side: ids stay taken, versions never repeat, patches compare. */
class Server {
  readonly rows = new Map<string, Row>()
  readonly created = new Map<string, number>()
  #version = 0
  readonly #compares: boolean
  constructor(compares: boolean) {
    this.#compares = compares
  }

  live(key: string): Thing | undefined {
    const row = this.rows.get(key)
    return row && !row.deleted ? { content: row.content, status: row.status, version: row.version } : undefined
  }

  write(key: string, content: number, status: number): Thing {
    this.rows.set(key, { content, status, version: String(++this.#version), deleted: false })
    return this.live(key)!
  }

  remove(key: string): void {
    const row = this.rows.get(key)
    if (row) this.rows.set(key, { ...row, deleted: true })
  }

  carryOut(key: string, step: Step<Thing>): Answer<Thing> {
    const live = this.live(key)
    switch (step.verb) {
      case 'post':
        return this.#post(key, step.value)
      case 'patch':
      case 'status':
        if (!live) return { is: 'gone' }
        if (this.#compares && live.version !== step.version) return { is: 'differs', error: CHANGED }
        return step.verb === 'patch'
          ? { is: 'stored', value: this.write(key, step.value.content, live.status) }
          : { is: 'stored', value: this.write(key, live.content, step.value.status) }
      case 'delete':
        this.remove(key)
        return { is: 'gone' }
      case 'restore':
        return this.#restore(key)
      case 'read':
        return live ? { is: 'stored', value: live } : { is: 'gone' }
    }
  }

  #post(key: string, value: Thing): Answer<Thing> {
    const live = this.live(key)
    if (live?.content === value.content) return { is: 'stored', value: live }
    if (this.rows.has(key)) return { is: 'differs', error: CHANGED }
    this.created.set(key, (this.created.get(key) ?? 0) + 1)
    return { is: 'stored', value: this.write(key, value.content, value.status) }
  }

  /** Times are as before: a restored row has its old version. */
  #restore(key: string): Answer<Thing> {
    const row = this.rows.get(key)
    if (!row) return { is: 'gone' }
    this.rows.set(key, { ...row, deleted: false })
    return { is: 'restored' }
  }
}

/** A browser with its outbox and a server, a network between them that loses and delays, and what the person wants. */
export class History {
  readonly #outbox: Outbox<Thing>
  readonly #flaw: Flaw | undefined
  readonly #server: Server
  readonly #slots = new Map<string, Slot<Thing>>()
  readonly #cache = new Map<string, Thing>()
  readonly #intent = new Map<string, Thing>()
  readonly #wire: Request[] = []
  /** somebody else wrote after the last write of ours that was acknowledged */
  readonly #wrote = new Set<string>()
  /** and the person has had nothing to say about it since: the server may differ from what they last wanted */
  readonly #theirs = new Set<string>()
  /** somebody else wrote at any time */
  readonly #met = new Set<string>()
  #now = 0

  constructor(flaw?: Flaw) {
    this.#flaw = flaw
    this.#outbox = new Outbox(thingKind, flaw === 'does not hold back after a doubtful delete' ? 0 : LIFETIME)
    this.#server = new Server(flaw !== 'patches without comparing')
  }

  play(move: Move): void {
    switch (move.do) {
      case 'edit':
        this.#edit(move.key, move.content === undefined ? undefined : this.#drawn(move.key, move.content))
        break
      case 'edit status': {
        const thing = this.#intent.get(move.key)
        if (thing) this.#edit(move.key, { ...thing, status: move.status })
        break
      }
      case 'send':
        this.#send(move.key, move.fate)
        break
      case 'land':
        this.#land(this.#wire[move.pick % Math.max(1, this.#wire.length)], move.answered)
        break
      case 'give up':
        this.#settle(move.key, { is: 'lost' })
        break
      case 'crash':
        this.#crash()
        break
      case 'wait':
        this.#wait(move.ms)
        break
      case 'refetch':
        this.#refetch(move.key)
        break
      case 'colleague':
        this.#colleague(move.key, move.content)
        break
      case 'decide':
        this.#decide(move.key, move.how)
        break
    }
  }

  checkScreen(): void {
    for (const key of ['a', 'b']) {
      const slot = this.#slots.get(key)
      const laid = slot && shown(slot)
      const screen = laid ? laid.value : this.#cache.get(key)
      const intent = this.#intent.get(key)
      // a rejected delete shows the server's state again: the person decides there
      if (slot?.rejected && slot.rejected.edit.after === undefined) continue
      if (screen?.content !== intent?.content) fail(`screen ${show(screen)} intent ${show(intent)} at ${key}`)
    }
  }

  /** The network heals: everything is sent until nothing is left, and what was under way lands last of all. */
  drain(): void {
    for (let round = 0; round < 40 && this.#busy(); round++) {
      for (const key of [...this.#slots.keys()]) {
        if (this.#slots.get(key)?.sending) this.#settle(key, { is: 'lost' })
        this.#send(key, 'ok')
      }
      this.#wait(10)
    }
    if (this.#busy()) fail('not drained')
    while (this.#wire.length > 0) this.#land(this.#wire[0], false)
  }

  checkEnd(): void {
    for (const key of ['a', 'b']) {
      const held = this.#server.live(key)
      const intent = this.#intent.get(key)
      if ((this.#server.created.get(key) ?? 0) > 1) fail(`created twice: ${key}`)
      const rejected = this.#slots.get(key)?.rejected
      if (rejected && !this.#met.has(key)) fail(`a conflict with nobody: ${key}`)
      if (rejected || this.#theirs.has(key)) continue
      if (held?.content !== intent?.content) fail(`server ${show(held)} intent ${show(intent)} at ${key}`)
      if (held && intent && held.status !== intent.status) fail(`status ${show(held)} intent ${show(intent)} at ${key}`)
    }
  }

  #busy(): boolean {
    return [...this.#slots.values()].some((slot) => slot.queued || slot.sending)
  }

  /** A new drawing on what is there: it keeps status and version; on nothing, a fresh thing. */
  #drawn(key: string, content: number): Thing {
    return { ...(this.#intent.get(key) ?? { status: 0, version: '' }), content }
  }

  #edit(key: string, after: Thing | undefined): void {
    const before = this.#screen(key)
    if (before === undefined && after === undefined) return
    set(this.#intent, key, after)
    this.#append(key, { before, after })
    const slot = this.#slots.get(key)
    if (slot && !isIdle(slot)) this.#theirs.delete(key)
    else if (this.#wrote.has(key)) this.#nothingWanted(key)
  }

  /** Done and undone before it was sent: the person wants what the server has, and somebody else has written there. */
  #nothingWanted(key: string): void {
    this.#theirs.add(key)
    set(this.#intent, key, this.#cache.get(key))
  }

  #screen(key: string): Thing | undefined {
    const slot = this.#slots.get(key)
    const laid = slot && shown(slot)
    return laid ? laid.value : this.#cache.get(key)
  }

  #append(key: string, edit: Edit<Thing>): void {
    const slot = this.#outbox.append(this.#slots.get(key), edit, this.#now)
    const cancelled = slot?.queued?.before === undefined && slot?.queued?.after === undefined && !slot?.sending
    if (this.#flaw === 'cancels a create that may have left' && slot?.queued && cancelled && !slot.rejected)
      return void this.#slots.delete(key)
    set(this.#slots, key, slot)
  }

  #send(key: string, fate: Fate): void {
    const slot = this.#slots.get(key)
    const taken = slot && this.#outbox.take(slot, 'tab', this.#now)
    if (!taken?.sending) return
    this.#slots.set(key, taken)
    const request = { key, step: this.#flawed(taken), sent: this.#now, flight: taken.sending }
    if (fate === 'hang') return void this.#wire.push(request)
    const answer: Answer<Thing> = fate === 'lost request' ? { is: 'lost' } : this.#server.carryOut(key, request.step)
    this.#settle(key, fate === 'ok' ? answer : { is: 'lost' })
  }

  #flawed({ sending, trail }: Slot<Thing>): Step<Thing> {
    const settles = sending!.step.verb === 'post' && sending!.edit.after === undefined && trail.length > 0
    return settles && this.#flaw === 'deletes without settling a doubtful create' ? { verb: 'delete' } : sending!.step
  }

  #land(request: Request | undefined, answered: boolean): void {
    if (!request) return
    this.#wire.splice(this.#wire.indexOf(request), 1)
    const answer = this.#server.carryOut(request.key, request.step)
    if (this.#slots.get(request.key)?.sending !== request.flight) return
    this.#settle(request.key, answered ? answer : { is: 'lost' })
  }

  #settle(key: string, answer: Answer<Thing>): void {
    const slot = this.#slots.get(key)
    if (!slot?.sending) return
    if (answer.is === 'stored') this.#cache.set(key, answer.value)
    if (answer.is === 'gone') this.#cache.delete(key)
    const { verb } = slot.sending.step
    if (verb !== 'read' && (answer.is === 'stored' || verb === 'delete')) this.#wrote.delete(key)
    this.#left(key, this.#outbox.settle(slot, answer, this.#now))
  }

  /** A delete that was only looked into, and taken back meanwhile, was never sent. */
  #left(key: string, slot: Slot<Thing> | undefined): void {
    set(this.#slots, key, slot)
    if ((!slot || isIdle(slot)) && this.#wrote.has(key)) this.#nothingWanted(key)
  }

  #crash(): void {
    for (const [key, slot] of [...this.#slots]) {
      if (this.#flaw === 'forgets what was on the wire when it reloads' && slot.sending) this.#slots.delete(key)
      else this.#left(key, this.#outbox.recover(slot, this.#now))
    }
  }

  /** Deletes and restores have a lifetime: what has not landed by its end lands at its end. All else may take for ever. */
  #wait(ms: number): void {
    const until = this.#now + ms
    for (const request of [...this.#wire]) {
      const bounded = request.step.verb === 'delete' || request.step.verb === 'restore'
      if (!bounded || request.sent + LIFETIME > until) continue
      this.#now = Math.max(this.#now, request.sent + LIFETIME - 1)
      this.#land(request, false)
    }
    this.#now = until
  }

  /** The list is read again. What has no edit of ours now looks as the server has it. */
  #refetch(key: string): void {
    const held = this.#server.live(key)
    set(this.#cache, key, held)
    const slot = this.#slots.get(key)
    if (!slot || isIdle(slot)) set(this.#intent, key, held)
  }

  #colleague(key: string, content: number | undefined): void {
    const held = this.#server.live(key)
    if (!held) return
    const slot = this.#slots.get(key)
    this.#wrote.add(key)
    this.#met.add(key)
    if (!slot || isIdle(slot)) this.#theirs.add(key)
    if (content === undefined) this.#server.remove(key)
    else this.#server.write(key, content, held.status)
  }

  #decide(key: string, how: 'retry' | 'discard'): void {
    const slot = this.#slots.get(key)
    if (!slot?.rejected) return
    set(this.#slots, key, this.#outbox[how](slot, this.#now))
    if (how === 'retry') return
    set(this.#intent, key, undefined)
    this.#refetch(key)
    this.#theirs.add(key)
  }
}

function set<V>(map: Map<string, V>, key: string, value: V | undefined): void {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}

const show = (thing: Thing | undefined): string => (thing ? JSON.stringify(thing) : 'nothing')

function fail(message: string): never {
  throw new Error(message)
}
