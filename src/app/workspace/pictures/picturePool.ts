/** What the pool keeps: something that was loaded and must be closed. */
interface Closable {
  close(): void
}

export type Loaded<P> =
  /** `preview`: a smaller version, to be looked at until the picture is there */
  | { readonly state: 'loading'; readonly preview?: P }
  | { readonly state: 'ready'; readonly picture: P }
  | { readonly state: 'failed'; readonly error: unknown }

interface Entry<P> {
  readonly url: string
  readonly abort: AbortController
  loaded: Loaded<P>
}

/** `show` takes what is to be looked at until then; the pool closes it. */
export type LoadPicture<P> = (url: string, signal: AbortSignal, show: (preview: P) => void) => Promise<P>

/** How many pictures are fetched and decoded at once: the one on the screen never waits behind its neighbours. */
const AT_ONCE = 2

/**
 * The pictures of the image on the screen and its neighbours, decoded and ready. What is no longer wanted is aborted
 * and closed. The first wanted one is loaded first, the others after it, in order.
 */
export class PicturePool<P extends Closable> {
  readonly #load: LoadPicture<P>
  readonly #entries = new Map<string, Entry<P>>()
  readonly #listeners = new Set<() => void>()
  #wanted: readonly { id: string; url: string }[] = []

  constructor(load: LoadPicture<P>) {
    this.#load = load
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The same object until something changed about it. */
  get(id: string): Loaded<P> | undefined {
    return this.#entries.get(id)?.loaded
  }

  /**
   * Says which pictures are wanted from now on, the most urgent first. An address that changed is not fetched again;
   * what failed is, when another picture comes first: a server that was away for a moment is back by then.
   */
  want(pictures: readonly { id: string; url: string }[]): void {
    if (pictures[0]?.id !== this.#wanted[0]?.id)
      for (const [id, { loaded }] of this.#entries) if (loaded.state === 'failed') this.#drop(id)
    this.#wanted = pictures
    const ids = new Set(pictures.map(({ id }) => id))
    for (const id of this.#entries.keys()) if (!ids.has(id)) this.#drop(id)
    this.#go()
  }

  /** Tries a failed one again. */
  retry(id: string): void {
    if (this.#entries.get(id)?.loaded.state !== 'failed') return
    this.#drop(id)
    this.#go()
    this.#notify()
  }

  close(): void {
    this.want([])
  }

  #go(): void {
    const first = this.#wanted[0]
    if (first && !this.#entries.has(first.id)) this.#start(first.id, first.url)
    for (const { id, url } of this.#wanted) {
      const loading = [...this.#entries.values()].filter((entry) => entry.loaded.state === 'loading').length
      if (loading >= AT_ONCE) return
      if (!this.#entries.has(id)) this.#start(id, url)
    }
  }

  #start(id: string, url: string): void {
    const entry: Entry<P> = { url, abort: new AbortController(), loaded: { state: 'loading' } }
    this.#entries.set(id, entry)
    const show = (preview: P) => {
      const isWaiting = this.#entries.get(id) === entry && entry.loaded.state === 'loading' && !entry.loaded.preview
      if (!isWaiting) return preview.close()
      entry.loaded = { state: 'loading', preview }
      this.#notify()
    }
    void this.#load(url, entry.abort.signal, show).then(
      (picture) => {
        if (this.#entries.get(id) !== entry) return picture.close()
        this.#settle(entry, { state: 'ready', picture })
      },
      (error: unknown) => {
        if (this.#entries.get(id) === entry) this.#settle(entry, { state: 'failed', error })
      },
    )
  }

  #settle(entry: Entry<P>, loaded: Loaded<P>): void {
    const { loaded: before } = entry
    entry.loaded = loaded
    this.#notify()
    // after whoever shows it has been told
    close(before)
    this.#go()
  }

  #drop(id: string): void {
    const entry = this.#entries.get(id)
    this.#entries.delete(id)
    entry?.abort.abort()
    if (entry) close(entry.loaded)
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

function close(loaded: Loaded<Closable>): void {
  if (loaded.state === 'ready') loaded.picture.close()
  if (loaded.state === 'loading') loaded.preview?.close()
}

/** The picture, or what stands in for it. */
export const shownOf = <P>(loaded: Loaded<P> | undefined): P | undefined =>
  loaded?.state === 'ready' ? loaded.picture : loaded?.state === 'loading' ? loaded.preview : undefined
