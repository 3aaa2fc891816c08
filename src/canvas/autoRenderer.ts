import { Canvas2dRenderer } from './canvas2d.ts'
import { type Frame, sameFrame } from './frame.ts'
import { whenIdleAfter } from './idle.ts'
import { Raster } from './raster.ts'
import type { RegionArrays } from './regionArrays.ts'
import type { RegionRenderer } from './regionRenderer.ts'
import type { RegionStore } from './regionStore.ts'
import { putTurnedPixels } from './turnedPixels.ts'
import { WorkerRenderer } from './workerRenderer.ts'

/** Rasterises in the frame; cheap up to some 10,000 regions. */
export class RasterRenderer implements RegionRenderer {
  readonly #regions: RegionArrays
  #raster: Raster | undefined
  #image: ImageData | undefined
  /** For turned frames. */
  #flat: OffscreenCanvas | undefined

  constructor(regions: RegionArrays) {
    this.#regions = regions
  }

  paint(context: CanvasRenderingContext2D, frame: Frame): boolean {
    if (this.#raster?.width !== frame.width || this.#raster.height !== frame.height) {
      this.#raster = new Raster(frame.width, frame.height)
      this.#image = new ImageData(this.#raster.bytes, frame.width, frame.height)
      this.#flat = undefined
    }
    this.#raster.draw(this.#regions, frame)
    const image = this.#image!
    if (!frame.turn) context.putImageData(image, 0, 0)
    else {
      this.#flat ??= new OffscreenCanvas(image.width, image.height)
      putTurnedPixels(context, image, 0, 0, this.#flat)
    }
    return true
  }

  close(): void {
    this.#raster = undefined
    this.#image = undefined
    this.#flat = undefined
  }
}

// a polygon's corner costs Canvas 2D about as much as a tenth of a box
const CORNERS_A_BOX = 10
// above this Canvas 2D no longer keeps the frame rate of the image alone (bench/canvas)
const EXACT_UP_TO = 300
/** ms a frame may spend on regions before the worker takes over, and how cheap it must be to come back. */
const FRAME_BUDGET = 5
const CHEAP_AGAIN = 3
// slow frames in a row: one may be the compiler or the collector
const PATIENCE = 3
// from here up not even the first frame is drawn on the page: 100,000 regions take 150 ms before the code is compiled
const NEVER_IN_FRAME = 30_000
/** After a slow frame the worker is made ready, when the image has been opened and nothing else is to be done. ms */
const READY_AFTER = 1000

/**
 * Chooses by what is in view and by what it really cost: exact Canvas 2D for few regions, the rasteriser in the frame
 * while that is cheap, else in the worker.
 */
export class AutoRenderer implements RegionRenderer {
  readonly #store: RegionStore
  readonly #repaint: () => void
  readonly #exact: Canvas2dRenderer
  readonly #raster: RasterRenderer
  #worker: WorkerRenderer | undefined
  #inWorker = false
  #slowFrames = 0
  /** What is on the layer, where it was painted in the frame. */
  #painted: Frame | undefined
  #readying: (() => void) | undefined

  /** `repaint` is called when a better picture has become available. */
  constructor(store: RegionStore, repaint: () => void) {
    this.#store = store
    this.#repaint = repaint
    this.#exact = new Canvas2dRenderer(store.arrays)
    this.#raster = new RasterRenderer(store.arrays)
  }

  paint(context: CanvasRenderingContext2D, frame: Frame): boolean {
    const cost = costInView(this.#store.arrays, frame)
    if (cost <= EXACT_UP_TO) {
      this.#inWorker = false
      this.#painted = frame
      return this.#exact.paint(context, frame)
    }
    if (cost > NEVER_IN_FRAME && !this.#inWorker) this.#moveToWorker(context)
    if (this.#inWorker) return this.#readyWorker().paint(context, frame)
    const began = performance.now()
    const done = this.#raster.paint(context, frame)
    const slow = performance.now() - began > FRAME_BUDGET
    // what is painted anew for other reasons than the view is not painted in every frame
    const moved = this.#painted !== undefined && !sameFrame(this.#painted, frame)
    this.#painted = frame
    if (moved) this.#slowFrames = slow ? this.#slowFrames + 1 : 0
    if (this.#slowFrames >= PATIENCE) this.#moveToWorker(context)
    else if (slow) this.#readying ??= whenIdleAfter(READY_AFTER, () => this.#readyWorker().prepare(frame))
    return done
  }

  /** Another image: what the worker has painted is of the last one. */
  begin(): void {
    this.#readying?.()
    this.#readying = undefined
    this.#worker?.forget()
    this.#inWorker = false
    this.#painted = undefined
    this.#slowFrames = 0
  }

  #moveToWorker({ canvas }: CanvasRenderingContext2D): void {
    const worker = this.#readyWorker()
    this.#slowFrames = 0
    this.#inWorker = true
    if (this.#painted) worker.standIn(canvas, this.#painted)
  }

  #readyWorker(): WorkerRenderer {
    this.#worker ??= new WorkerRenderer(this.#store, (ms) => this.#receive(ms))
    return this.#worker
  }

  #receive(ms: number): void {
    if (!this.#inWorker) return
    if (ms < CHEAP_AGAIN) this.#inWorker = false
    this.#repaint()
  }

  close(): void {
    this.#readying?.()
    this.#worker?.close()
    this.#exact.close()
    this.#raster.close()
  }
}

/** What painting with Canvas 2D would cost, in boxes. A linear look at the bounds: < 1 ms for 100,000. */
export const costInView = (regions: RegionArrays, frame: Frame): number => {
  const { bounds, hidden, length, count } = regions
  const left = -frame.x / frame.k
  const top = -frame.y / frame.k
  const right = (frame.width - frame.x) / frame.k
  const bottom = (frame.height - frame.y) / frame.k
  let cost = 0
  for (let slot = 0, b = 0; slot < count; slot++, b += 4) {
    if (bounds[b]! > right || bounds[b + 2]! < left || bounds[b + 1]! > bottom || bounds[b + 3]! < top) continue
    if (!hidden[slot]) cost += 1 + length[slot]! / (2 * CORNERS_A_BOX)
  }
  return cost
}
