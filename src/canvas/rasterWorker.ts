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
      break
    }
  }
})
