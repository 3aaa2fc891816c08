import type { QueryClient } from '@tanstack/query-core'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Change } from '#model/change.ts'
import { foldAnnotations } from './annotations.ts'
import { announcePerson, exclusively, holdLock, isOnline, watchLife } from './browser.ts'
import type { Clients } from './client.ts'
import { type Command, Commands, type Readiness } from './commands.ts'
import { annotationKind } from './content.ts'
import { Delivery } from './delivery.ts'
import { Drafts } from './drafts.ts'
import { type InputState, inputStates } from './inputState.ts'
import { type AtOnce, browserStorage, LastWords, Listening, takeUp } from './lastWords.ts'
import { type Acknowledged, Ledger, type Update } from './ledger.ts'
import { Outbox } from './outbox.ts'
import { type OutboxStore, outboxStoreOf } from './outboxStore.ts'
import { overlaid } from './overlay.ts'
import { basedOn, type Problem, problemOf } from './problem.ts'
import { queryKeys } from './queryKeys.ts'
import { type SaveStatus, saveStatus } from './saveStatus.ts'
import {
  type AnnotationAddress,
  type AppScope,
  addressKey,
  addressOf,
  appKey,
  type InputScope,
  inputKey,
} from './scope.ts'
import { Sender } from './sender.ts'
import { type SenderState, Tabs } from './tabs.ts'
import { workCommands } from './workCommands.ts'

export interface SyncOptions {
  readonly clients: Clients
  readonly queryClient: QueryClient
  /** GetSessionResponse.server_id: the outbox of one server is never sent to another */
  readonly serverId: string
  readonly userId: string
  /** instead of the device's */
  readonly storage?: OutboxStore
  /** instead of the browser's localStorage */
  readonly atOnce?: AtOnce
  readonly now?: () => number
  readonly random?: () => number
}

/** Under this name the device keeps the commands of a person. */
const COMMANDS = 'commands'

/** The outbox of one person on one server; `start()` it. */
export const createSync = (options: SyncOptions): Sync => new Sync(options)

/**
 * What you see = server ⊕ outbox: holds a person's edits from the moment they are made until the server has them, and
 * sends them. Everything read here keeps its identity until it changes.
 */
export class Sync {
  readonly #options: SyncOptions
  readonly #store: OutboxStore
  readonly #outbox = new Outbox(annotationKind)
  readonly #tabs: Tabs
  readonly #ledger: Ledger
  readonly #words: LastWords
  /** Unfinished shapes, kept as they grow. */
  readonly drafts: Drafts
  readonly #sender: Sender
  /** Submit, Skip and their like: in order per input, behind its edits. */
  readonly commands: Commands
  readonly #ended = new Set<(command: Command) => void>()
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()
  readonly #overlays = new WeakMap<readonly Annotation[], { slots: object; result: readonly Annotation[] }>()
  readonly #problems = new WeakMap<object, ReadonlyMap<string, Problem>>()
  readonly #changedInputs = new Map<string, ReadonlyMap<string, InputState>>()
  #status: SaveStatus | undefined
  /** edits that are being made ready */
  #expected = 0
  #holder = false
  #elsewhere: SenderState | undefined
  #stop: (() => void)[] = []
  #stale: ReturnType<typeof setTimeout> | undefined

  constructor(options: SyncOptions) {
    const { clients, userId, serverId } = options
    const store = options.storage ?? outboxStoreOf({ serverId, userId })
    const tab = crypto.getRandomValues(new Uint32Array(2)).join('-')
    this.#options = options
    this.#store = store
    this.#now = options.now ?? Date.now
    this.#tabs = new Tabs(`marquee-outbox:${serverId}:${userId}`)
    this.#ledger = new Ledger(store, this.#tabs)
    const atOnce = options.atOnce ?? browserStorage()
    this.#words = new LastWords(`${serverId}:${userId}`, tab, atOnce)
    this.drafts = new Drafts(`${serverId}:${userId}`, tab, atOnce)
    this.#sender = new Sender({
      ledger: this.#ledger,
      outbox: this.#outbox,
      delivery: new Delivery(clients, userId),
      tab,
      fold: (acknowledged) => this.#fold(acknowledged),
      confirm: async () => (await clients.account.getSession({})).person?.id === userId,
      changed: (state) => {
        this.#tabs.postSender(state)
        this.#changed()
      },
      now: this.#now,
      random: options.random ?? Math.random,
    })
    this.commands = new Commands({
      keep: (list) => store.keep(COMMANDS, list),
      load: () => store.load(COMMANDS),
      exclusively: (work) => exclusively(`marquee-commands:${serverId}:${userId}`, work),
      announce: () => this.#tabs.postCommands(),
      run: workCommands(clients, userId),
      readiness: (scope) => this.#readiness(scope),
      ended: (command) => this.#commandEnded(command),
      now: this.#now,
    })
    this.#tabs.onCommands(() => void this.commands.reload())
    this.#tabs.onAcknowledged((acknowledged) => this.#fold(acknowledged))
    const hurry = () => {
      this.#sender.hurry()
      this.commands.hurry()
    }
    this.#tabs.onWake(hurry)
    this.#tabs.onSignedIn(hurry)
    this.#tabs.onSender((state) => {
      this.#elsewhere = state
      this.#changed()
    })
  }

  /** Shows what an earlier visit left, and begins to send as soon as no other tab does. */
  async start(): Promise<void> {
    const { serverId, userId } = this.#options
    await this.#ledger.load()
    const hear = () => takeUp(this.#words, { ledger: this.#ledger, store: this.#store }, this.#outbox, this.#now)
    await hear()
    await this.commands.reload()
    this.#stop = [
      this.drafts.start(),
      new Listening(hear).start(),
      this.#ledger.subscribe(() => {
        this.#changed()
        this.#sender.wake()
        this.commands.wake()
      }),
      this.commands.subscribe(() => this.#changed()),
      watchLife({
        back: () => {
          this.#words.leaving = false
          this.#hurry()
        },
        offline: () => this.#changed(),
        leaving: () => {
          this.#words.leaving = true
          this.#sender.wake(0)
        },
      }),
      announcePerson(serverId, userId, () => this.#sender.signedOut()),
      holdLock(`marquee-sender:${serverId}:${userId}`, () => {
        this.#holder = true
        void this.#sender.activate()
        this.commands.activate()
      }),
    ]
    this.#changed()
  }

  /** Stops sending; what is not sent stays on the device for the next start. */
  stop(): void {
    for (const stop of this.#stop) stop()
    this.#stop = []
    clearTimeout(this.#stale)
    this.#sender.deactivate()
    this.commands.deactivate()
    this.#holder = false
    this.#tabs.close()
    this.#store.close()
  }

  /**
   * Takes over an edit. In the overlay when this returns; the promise resolves when the device has it. `before` is the
   * message as `overlay` last gave it: its modified_at is what the server compares.
   */
  async edit(scope: InputScope, change: Change<string, Annotation>): Promise<void> {
    const now = this.#now()
    const server = this.#serverOf(scope, change.size)
    const edits = [...change].map(
      ([annotation, edit]) => [addressKey({ ...scope, annotation }), basedOn(server(annotation), edit)] as const,
    )
    if (edits.length === 0) return
    const arrived = this.#words.begin(edits)
    await this.#ledger.apply(
      new Map(edits.map(([key, edit]): [string, Update] => [key, (slot) => this.#outbox.append(slot, edit, now)])),
    )
    arrived()
  }

  /** An edit is being made ready: until the returned function is called the status says that it is not saved. */
  expect(): () => void {
    this.#expected++
    this.#changed()
    return () => {
      this.#expected--
      this.#changed()
    }
  }

  /** The server's list with this person's unacknowledged edits laid over it; created ones come last. */
  overlay(scope: InputScope, server: readonly Annotation[]): readonly Annotation[] {
    const slots = this.#ledger.ofInput(inputKey(scope))
    const known = this.#overlays.get(server)
    if (known?.slots === slots) return known.result
    const result = slots.size === 0 ? server : overlaid(slots, server)
    this.#overlays.set(server, { slots, result })
    return result
  }

  /** The edits of this input that need the person, by annotation id. */
  problems(scope: InputScope): ReadonlyMap<string, Problem> {
    const slots = this.#ledger.ofInput(inputKey(scope))
    const known = this.#problems.get(slots)
    if (known) return known
    const problems = new Map<string, Problem>()
    for (const [id, { rejected }] of slots) if (rejected) problems.set(id, problemOf(rejected))
    this.#problems.set(slots, problems)
    return problems
  }

  /** Every edit on this device that needs the person, in all apps. */
  allProblems(): readonly { readonly address: AnnotationAddress; readonly problem: Problem }[] {
    return [...this.#ledger.slots].flatMap(([key, { rejected }]) =>
      rejected ? [{ address: addressOf(key), problem: problemOf(rejected) }] : [],
    )
  }

  /** Sends rejected edits, of any inputs, again; over a conflict, ours then replaces theirs. */
  retry(addresses: readonly AnnotationAddress[]): void {
    const now = this.#now()
    this.#decide(addresses, (slot) => slot && this.#outbox.retry(slot, now))
    this.#hurry()
  }

  /** Gives rejected edits, of any inputs, up: the server's state counts. */
  discard(addresses: readonly AnnotationAddress[]): void {
    const now = this.#now()
    this.#fold(
      addresses.map(addressKey).flatMap((key) => {
        const rejected = this.#ledger.slots.get(key)?.rejected
        return rejected?.kind === 'conflict' ? [[key, rejected.theirs] as const] : []
      }),
    )
    this.#decide(addresses, (slot) => slot && this.#outbox.discard(slot, now))
    for (const scope of new Map(addresses.map((address) => [inputKey(address), address])).values())
      void this.#options.queryClient.invalidateQueries({ queryKey: queryKeys.annotations(scope) })
  }

  status(): SaveStatus {
    this.#status ??= this.#computeStatus()
    return this.#status
  }

  /** The inputs of an app with edits that the server does not have. */
  changedInputs(app: AppScope): ReadonlyMap<string, InputState> {
    const key = appKey(app)
    const known = this.#changedInputs.get(key)
    if (known) return known
    const inputs = inputStates(this.#ledger.slots, app)
    this.#changedInputs.set(key, inputs)
    return inputs
  }

  /** Anything above changed. Returns how to stop listening. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A command of this tab has reached the server, or was refused there (`refused`). Returns how to stop listening. */
  onCommandEnded(listener: (command: Command) => void): () => void {
    this.#ended.add(listener)
    return () => this.#ended.delete(listener)
  }

  /** True if leaving the page would lose edits: warn. */
  get volatile(): boolean {
    return !this.#ledger.durable && this.status().waiting > 0
  }

  /** This person has signed in again; sending goes on, in whichever tab does it. */
  signedIn(): void {
    this.#tabs.postSignedIn()
    this.#sender.hurry()
    this.commands.hurry()
  }

  /** Sends all that can be sent now, if this tab is the sender. */
  flush(): Promise<void> {
    return this.#sender.flush()
  }

  /** Keeps a structured-cloneable value of this person on this device; undefined forgets it. */
  keep(key: string, value: unknown): Promise<void> {
    return this.#store.keep(key, value)
  }

  load(key: string): Promise<unknown> {
    return this.#store.load(key)
  }

  /** Several at once, all or none. */
  async keepAll(values: ReadonlyMap<string, unknown>): Promise<void> {
    const arrived = this.#words.beginKeeping(values)
    await this.#store.keepAll(values).finally(arrived)
  }

  /** Everything kept under keys that begin so. */
  loadAll(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    return this.#store.loadAll(prefix)
  }

  /** How to find an annotation in what the server last said; `wanted` = how many will be asked for. */
  #serverOf(scope: InputScope, wanted: number): (id: string) => Annotation | undefined {
    const list = this.#options.queryClient.getQueryData<readonly Annotation[]>(queryKeys.annotations(scope)) ?? []
    if (wanted < 8) return (id) => list.find((annotation) => annotation.id === id)
    const byId = new Map(list.map((annotation) => [annotation.id, annotation]))
    return (id) => byId.get(id)
  }

  #decide(addresses: readonly AnnotationAddress[], update: Update): void {
    void this.#ledger.apply(new Map(addresses.map((address) => [addressKey(address), update])))
  }

  #hurry(): void {
    if (this.#holder) {
      this.#sender.hurry()
      this.commands.hurry()
    } else this.#tabs.postWake()
    this.#changed()
  }

  #fold(acknowledged: Acknowledged): void {
    const inputs = new Map<string, { scope: InputScope; items: Map<string, Annotation | undefined> }>()
    const apps = new Map<string, AppScope>()
    for (const [key, item] of acknowledged) {
      const { annotation, ...scope } = addressOf(key)
      const input = inputKey(scope)
      const known = inputs.get(input) ?? { scope, items: new Map() }
      inputs.set(input, known)
      known.items.set(annotation, item)
      apps.set(appKey(scope), scope)
    }
    for (const { scope, items } of inputs.values()) foldAnnotations(this.#options.queryClient, scope, items)
    if (apps.size > 0) this.#refreshSummaries([...apps.values()])
  }

  /** Counts in grid and filmstrip follow a moment later, once for a burst of edits. */
  #refreshSummaries(apps: readonly AppScope[]): void {
    clearTimeout(this.#stale)
    this.#stale = setTimeout(() => {
      for (const app of apps) void this.#options.queryClient.invalidateQueries({ queryKey: queryKeys.summaries(app) })
    }, 500)
  }

  #computeStatus(): SaveStatus {
    const slots = [...this.#ledger.slots.values()]
    return saveStatus({
      waiting: slots.filter((slot) => slot.queued || slot.sending).length + this.#due() + this.#expected,
      conflicts: slots.filter(({ rejected }) => rejected?.kind === 'conflict').length,
      refusals:
        slots.filter(({ rejected }) => rejected?.kind === 'refused').length +
        this.commands.list.filter(({ refused }) => refused).length,
      durable: this.#ledger.durable,
      online: isOnline(),
      sender: this.#holder ? this.#sender.state : (this.#elsewhere ?? this.#sender.state),
    })
  }

  /** Commands that should be on the server by now; one that can still be taken back does not count. */
  #due(): number {
    const now = this.#now()
    return this.commands.list.filter(({ refused, notBefore }) => !refused && notBefore <= now).length
  }

  #readiness(scope: InputScope): Readiness {
    const slots = [...this.#ledger.ofInput(inputKey(scope)).values()]
    if (slots.some(({ rejected }) => rejected)) return 'blocked'
    return slots.some((slot) => slot.queued || slot.sending) ? 'waiting' : 'ready'
  }

  /** Work has moved, and with it the states of its annotations. */
  #commandEnded(command: Command): void {
    const { queryClient } = this.#options
    void queryClient.invalidateQueries({ queryKey: queryKeys.annotations(command.scope) })
    void queryClient.invalidateQueries({ queryKey: queryKeys.work(command.scope) })
    for (const listener of [...this.#ended]) listener(command)
  }

  #changed(): void {
    const status = this.#computeStatus()
    if (!this.#status || status.text !== this.#status.text || status.waiting !== this.#status.waiting)
      this.#status = status
    this.#changedInputs.clear()
    for (const listener of this.#listeners) listener()
  }
}
