import { type Frame, sameFrame } from './frame.ts'
import type { RasterReply, RasterRequest } from './rasterWorker.ts'
import type { RegionRenderer } from './regionRenderer.ts'
import type { RegionStore } from './regionStore.ts'

declare global {
  interface Window {
    /** A benchmark's ear: called for each picture drawn off the main thread, with the ms it took to draw. */
    __benchContentFrame?: (ms?: number) => void
  }
}

interface Shown {
  readonly bitmap: ImageBitmap | OffscreenCanvas
  readonly frame: Frame
  /** Which state of the regions it shows. */
  readonly version: number
}

/**
 * Rasterises in a worker. Until a frame's picture comes, the last one is drawn under the new transform: position is
 * right in every frame, only sharpness lags by one redraw (20 ms at 10,000 regions, 33–44 at 100,000).
 */
export class WorkerRenderer implements RegionRenderer {
  readonly #store: RegionStore
  readonly #onPicture: (ms: number) => void
  readonly #worker: Worker
  #shown: Shown | undefined
  #sentPacking = -1
  /** Counts changes of the regions; a picture of an older version is redrawn. */
  #version = 0
  /** The version that the worker is drawing now. */
  #drawing = 0
  #busy = false
  #wanted: Frame | undefined

  /** `onPicture` is called when a fresh picture is there to be painted, with the ms it took. */
  constructor(store: RegionStore, onPicture: (ms: number) => void) {
    this.#store = store
    this.#onPicture = onPicture
    this.#worker = new Worker(new URL('./rasterWorker.ts', import.meta.url), { type: 'module', name: 'regions' })
    this.#worker.onmessage = ({ data }: MessageEvent<RasterReply>) => this.#receive(data)
  }

  /** What is on the layer now stands in until the worker's first picture. */
  standIn(canvas: HTMLCanvasElement, frame: Frame): void {
    if (frame.turn) return // the layer shows turned pixels
    const copy = new OffscreenCanvas(canvas.width, canvas.height)
    copy.getContext('2d')!.drawImage(canvas, 0, 0)
    this.#show({ bitmap: copy, frame, version: -1 })
  }

  paint(context: CanvasRenderingContext2D, frame: Frame): boolean {
    this.#synchronise()
    const shown = this.#shown
    const exact = shown !== undefined && shown.version === this.#version && sameFrame(shown.frame, frame)
    context.clearRect(0, 0, frame.width, frame.height)
    if (shown) {
      const grown = frame.k / shown.frame.k
      const x = Math.round(frame.x - shown.frame.x * grown)
      const y = Math.round(frame.y - shown.frame.y * grown)
      if (grown === 1) context.drawImage(shown.bitmap, x, y)
      else context.drawImage(shown.bitmap, x, y, shown.frame.width * grown, shown.frame.height * grown)
    }
    if (!exact) this.#ask(frame)
    return exact
  }

  #ask(frame: Frame): void {
    this.#wanted = this.#busy ? frame : undefined
    if (this.#busy) return
    this.#busy = true
    this.#drawing = this.#version
    this.#send({ kind: 'draw', frame })
  }

  #receive({ bitmap, frame, ms }: RasterReply): void {
    this.#busy = false
    this.#show({ bitmap, frame, version: this.#drawing })
    const next = this.#wanted
    if (next) this.#ask(next)
    window.__benchContentFrame?.(ms)
    this.#onPicture(ms)
  }

  #show(shown: Shown | undefined): void {
    const old = this.#shown?.bitmap
    if (old instanceof ImageBitmap) old.close()
    this.#shown = shown
  }

  /** Sends what has changed since the last time. */
  #synchronise(): void {
    const { written, toggled, arrays, packing } = this.#store
    if (this.#sentPacking !== packing) {
      this.#sentPacking = packing
      const regions = arrays.snapshot()
      this.#send(
        { kind: 'all', regions },
        Object.values(regions).flatMap((value) => (typeof value === 'number' ? [] : [value.buffer])),
      )
    } else if (written.size) {
      const slots = [...new Set([...written, ...toggled])].sort((a, b) => a - b)
      this.#send({
        kind: 'some',
        regions: slots.map((slot) => ({ slot, region: this.#store.flatOf(slot), hidden: arrays.hidden[slot]! })),
      })
    } else if (toggled.size) {
      const slots = Uint32Array.from(toggled)
      this.#send({ kind: 'hidden', slots, values: Uint8Array.from(slots, (slot) => arrays.hidden[slot]!) })
    } else return
    this.#version++
    this.#store.settle()
  }

  #send(request: RasterRequest, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer)
  }

  close(): void {
    this.#worker.terminate()
    this.#show(undefined)
  }
}
