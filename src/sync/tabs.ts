import type { Acknowledged } from './ledger.ts'
import { decodeAnnotation, encodeAnnotation, type StoredSlot } from './slotCodec.ts'

/** What the sending tab is up to, for the status shown in the others. */
export interface SenderState {
  readonly signedOut: boolean
  /** the last attempt did not reach the server */
  readonly unreachable: boolean
  /** the server was reached, but something has to be tried again */
  readonly failing: boolean
}

type Slots = readonly (readonly [address: string, slot: StoredSlot | undefined])[]

type Message =
  | {
      readonly is: 'slots'
      readonly revision: number
      readonly slots: Slots
      readonly acknowledged: readonly (readonly [string, Uint8Array | undefined])[]
    }
  | { readonly is: 'sender'; readonly state: SenderState }
  | { readonly is: 'wake' }
  | { readonly is: 'commands' }
  | { readonly is: 'signed in' }

/** The other tabs of the same person on the same server. Without BroadcastChannel each tab is on its own. */
export class Tabs {
  #channel: BroadcastChannel | undefined
  readonly #handlers: Partial<{ [K in Message['is']]: (message: Extract<Message, { is: K }>) => void }> = {}
  #acknowledge: ((acknowledged: Acknowledged) => void) | undefined

  constructor(name: string) {
    this.#channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name)
    this.#channel?.addEventListener('message', (event: MessageEvent<Message>) => this.#receive(event.data))
  }

  onSlots(handler: (revision: number, slots: Slots) => void): void {
    this.#handlers.slots = ({ revision, slots, acknowledged }) => {
      // in one turn, the cache first: nothing flickers
      this.#acknowledge?.(acknowledged.map(([key, bytes]) => [key, bytes && decodeAnnotation(bytes)]))
      handler(revision, slots)
    }
  }

  onAcknowledged(handler: (acknowledged: Acknowledged) => void): void {
    this.#acknowledge = handler
  }

  onSender(handler: (state: SenderState) => void): void {
    this.#handlers.sender = ({ state }) => handler(state)
  }

  /** The person asks another tab's sender to try again now. */
  onWake(handler: () => void): void {
    this.#handlers.wake = handler
  }

  /** The commands kept on the device are others now. */
  onCommands(handler: () => void): void {
    this.#handlers.commands = handler
  }

  postCommands(): void {
    this.#post({ is: 'commands' })
  }

  onSignedIn(handler: () => void): void {
    this.#handlers['signed in'] = handler
  }

  postSlots(revision: number, slots: Slots, acknowledged: Acknowledged): void {
    const items = acknowledged.map(([key, item]) => [key, item && encodeAnnotation(item)] as const)
    this.#post({ is: 'slots', revision, slots, acknowledged: items })
  }

  postSender(state: SenderState): void {
    this.#post({ is: 'sender', state })
  }

  postWake(): void {
    this.#post({ is: 'wake' })
  }

  postSignedIn(): void {
    this.#post({ is: 'signed in' })
  }

  close(): void {
    this.#channel?.close()
    this.#channel = undefined
  }

  #receive(message: Message): void {
    const handler = this.#handlers[message.is] as ((message: Message) => void) | undefined
    handler?.(message)
  }

  #post(message: Message): void {
    this.#channel?.postMessage(message)
  }
}
