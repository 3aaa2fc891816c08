import type { Size } from '#geometry/point.ts'
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
  /** What is shown of {@link WorkerRenderer.#picture}. */
  #shown: Shown | undefined
  /** The last picture, always on the same canvas: a fresh one of the surface's size takes longer than drawing it. */
  #picture: OffscreenCanvas | undefined
  /** The worker's pixels, when it has none. */
  #memory: ArrayBuffer | undefined
  #sentPacking = -1
  /** Counts changes of the regions; a picture of an older version is redrawn. */
  #version = 0
  /** The version that the worker is drawing now. */
  #drawing = 0
  #busy = false
  /** What the worker is drawing is not wanted any more. */
  #forgotten = false
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
    const context = this.#pictureOf(canvas)
    context.clearRect(0, 0, canvas.width, canvas.height)
    context.drawImage(canvas, 0, 0)
    this.#shown = { frame, version: -1 }
  }

  /** Sends what there is and has it drawn, so that what is wanted next comes soon. */
  prepare(frame: Frame): void {
    this.#synchronise()
    this.#ask(frame)
  }

  /** Nothing that has been drawn, or is being drawn, is to be shown again: it is of another image. */
  forget(): void {
    this.#shown = undefined
    this.#wanted = undefined
    this.#forgotten = this.#busy
  }

  paint(context: CanvasRenderingContext2D, frame: Frame): boolean {
    this.#synchronise()
    const shown = this.#shown
    const exact = shown !== undefined && shown.version === this.#version && sameFrame(shown.frame, frame)
    context.clearRect(0, 0, frame.width, frame.height)
    if (shown && this.#picture) {
      const grown = frame.k / shown.frame.k
      const x = Math.round(frame.x - shown.frame.x * grown)
      const y = Math.round(frame.y - shown.frame.y * grown)
      if (grown === 1) context.drawImage(this.#picture, x, y)
      else context.drawImage(this.#picture, x, y, shown.frame.width * grown, shown.frame.height * grown)
    }
    if (!exact) this.#ask(frame)
    return exact
  }

  #pictureOf({ width, height }: Size): OffscreenCanvasRenderingContext2D {
    if (this.#picture?.width !== width || this.#picture.height !== height)
      this.#picture = new OffscreenCanvas(width, height)
    return this.#picture.getContext('2d')!
  }

  #ask(frame: Frame): void {
    this.#wanted = this.#busy ? frame : undefined
    if (this.#busy) return
    this.#busy = true
    this.#drawing = this.#version
    const memory = this.#memory
    this.#memory = undefined
    this.#send({ kind: 'draw', frame, memory }, memory ? [memory] : [])
  }

  #receive({ memory, frame, ms }: RasterReply): void {
    this.#busy = false
    this.#memory = memory
    const forgotten = this.#forgotten
    this.#forgotten = false
    const began = performance.now()
    if (!forgotten) {
      const pixels = new ImageData(new Uint8ClampedArray(memory), frame.width, frame.height)
      this.#pictureOf(frame).putImageData(pixels, 0, 0)
      this.#shown = { frame, version: this.#drawing }
    }
    const took = ms + performance.now() - began
    const next = this.#wanted
    if (next) this.#ask(next)
    if (forgotten) return
    window.__benchContentFrame?.(took)
    this.#onPicture(took)
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
    this.#shown = undefined
    this.#picture = undefined
  }
}
