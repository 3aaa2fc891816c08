import { IMAGE, type Kind, makeRegions, type WorkRegion } from '#bench/workload.ts'
import type { Size } from '#geometry/point.ts'

/** What a measured page offers to the driver (docs: the driver's contract). Places are image px unless named otherwise. */
export interface BenchPage {
  /** Which gesture does what. */
  readonly caps: { readonly zoom: 'wheel' | 'ctrl' | 'none'; readonly pan: 'drag' | 'middle' | 'none' }
  /** Makes the regions and warms the cache; not timed. */
  prepare(): Promise<void>
  /** Mounts image and regions and waits until they are painted; ms. */
  load(): Promise<number>
  /** Image px → CSS px of the viewport, in the current view. */
  toClient(x: number, y: number): { x: number; y: number }
  getView(): { scale: number; x: number; y: number }
  hovered(): string | null
  selected(): string[]
  count(): number
  geometry(id: string): { x: number; y: number; w: number; h: number } | { points: readonly number[] } | undefined
  /** Where the handle of the corner or vertex at `p` is, image px; without it: there. */
  handle?(id: string, p: readonly [number, number]): readonly [number, number]
  /** `start` makes the next drag a stroke of a new mask; `finish` makes its message, and says what that took. */
  brush?: {
    start(size?: number): void
    finish(): Promise<{ readonly ms: number; readonly bytes: number }>
  }
  /** Makes the messages of all regions, as if each had been changed; ms of the main thread. */
  encodeAll?(): number
  /** Shows another image with as many regions, fetched and decoded before; ms until both are painted. */
  next?(): Promise<number>
  /** ms of one hit test, of so many spread over the image. */
  hits?(count: number): number
}

declare global {
  interface Window {
    __bench?: BenchPage
  }
}

export const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done))

/** Where the page's content goes: fills the window. */
export const rootElement = (): HTMLElement => document.querySelector<HTMLElement>('#root')!

interface Mounted extends Omit<BenchPage, 'prepare' | 'load'> {
  /** What else is not timed. */
  readonly ready?: (regions: readonly WorkRegion[]) => Promise<void>
  /** Shows the image and the regions; resolves when they are drawn. */
  readonly mount: (regions: readonly WorkRegion[]) => Promise<void>
}

const query = new URLSearchParams(location.search)

/** Of the image, px: `?size=8000` makes it a square of that side. */
export const size: Size = query.has('size')
  ? { width: Number(query.get('size')), height: Number(query.get('size')) }
  : IMAGE

/** Offers a page to the driver; regions are as the address says: `?n=10000&kind=mixed`. */
export const offer = ({ mount, ready, ...page }: Mounted): void => {
  const n = Number(query.get('n') ?? 1000)
  const kind = (query.get('kind') ?? 'mixed') as Kind
  let regions: readonly WorkRegion[] = []
  window.__bench = {
    ...page,
    async prepare() {
      regions = makeRegions(n, kind)
      await (await fetch(IMAGE.url)).blob()
      await ready?.(regions)
    },
    async load() {
      const began = performance.now()
      await mount(regions)
      await frame()
      await frame()
      return performance.now() - began
    },
  }
  // opened by a person rather than by the driver: just show it
  if (!query.has('driven')) void window.__bench.prepare().then(() => window.__bench?.load())
}

/** The view that shows the whole image in a surface, with a margin in CSS px. */
export const fitted = (width: number, height: number, margin = 24) => {
  const scale = Math.min((width - 2 * margin) / IMAGE.width, (height - 2 * margin) / IMAGE.height)
  return { scale, x: (width - IMAGE.width * scale) / 2, y: (height - IMAGE.height * scale) / 2 }
}
