import type { Frame } from './frame.ts'
import { Raster } from './raster.ts'
import type { FlatRegion, RegionSnapshot } from './regionArrays.ts'
import { RegionArrays } from './regionArrays.ts'

/** What the page sends. All of it is copied or transferred: no shared memory, so no cross-origin isolation is needed. */
export type RasterRequest =
  | { readonly kind: 'all'; readonly regions: RegionSnapshot }
  | { readonly kind: 'some'; readonly regions: readonly { slot: number; hidden: number; region: FlatRegion }[] }
  | { readonly kind: 'hidden'; readonly slots: Uint32Array; readonly values: Uint8Array }
  /** `memory` comes back with the pixels: that of the last reply, where the page has one */
  | { readonly kind: 'draw'; readonly frame: Frame; readonly memory: ArrayBuffer | undefined }

/** The pixels of a frame, as ImageData takes them, and how long they took to draw, in ms. */
export interface RasterReply {
  readonly frame: Frame
  readonly memory: ArrayBuffer
  readonly ms: number
}

/** Pieces drawn in vain after the first picture, each in a task of its own, at so many zooms. */
const WARMING = 12
const ZOOMS = 4

const regions = new RegionArrays()
let raster: Raster | undefined

const draw = (frame: Frame, given: ArrayBuffer | undefined): RasterReply => {
  const began = performance.now()
  const { width, height } = frame
  const length = 4 * width * height
  // the same memory each time: a screen of fresh memory takes longer than drawing 10,000 regions into it
  const memory = given?.byteLength === length ? given : new ArrayBuffer(length)
  if (raster?.width === width && raster.height === height) raster.use(memory)
  else raster = new Raster(width, height, memory)
  raster.draw(regions, frame)
  return { frame, memory, ms: performance.now() - began }
}

let cold = true

/**
 * Has the code compiled before somebody waits for a picture: of 100,000 regions the first took 300 to 400 ms each, the
 * tenth 30. Pieces of a quarter of the width and height, nearer and nearer, so that outlines and fills are drawn, too.
 */
const warm = ({ width, height, ...frame }: Frame, times = WARMING): void => {
  if (times === 0) return
  const zoom = 2 ** (times % ZOOMS)
  const middle = (size: number, at: number) => Math.round(size / 8 + (at - size / 2) * zoom)
  const piece = { width: width >> 2, height: height >> 2, x: middle(width, frame.x), y: middle(height, frame.y) }
  new Raster(piece.width, piece.height).draw(regions, { ...frame, ...piece, k: frame.k * zoom })
  setTimeout(() => warm({ width, height, ...frame }, times - 1))
}

addEventListener('message', ({ data }: MessageEvent<RasterRequest>) => {
  switch (data.kind) {
    case 'all':
      regions.adopt(data.regions)
      break
    case 'some':
      for (const { slot, region, hidden } of data.regions) {
        regions.set(slot, region)
        regions.hidden[slot] = hidden
      }
      break
    case 'hidden':
      data.slots.forEach((slot, i) => {
        regions.hidden[slot] = data.values[i]!
      })
      break
    case 'draw': {
      const reply = draw(data.frame, data.memory)
      postMessage(reply, { transfer: [reply.memory] })
      if (cold) setTimeout(() => warm(data.frame))
      cold = false
      break
    }
  }
})
