import type { Frame } from './frame.ts'
import { Raster } from './raster.ts'
import type { FlatRegion, RegionSnapshot } from './regionArrays.ts'
import { RegionArrays } from './regionArrays.ts'

/** What the page sends. All of it is copied or transferred: no shared memory, so no cross-origin isolation is needed. */
export type RasterRequest =
  | { readonly kind: 'all'; readonly regions: RegionSnapshot }
  | { readonly kind: 'some'; readonly regions: readonly { slot: number; hidden: number; region: FlatRegion }[] }
  | { readonly kind: 'hidden'; readonly slots: Uint32Array; readonly values: Uint8Array }
  | { readonly kind: 'draw'; readonly frame: Frame }

/** The picture of a frame, and how long it took to draw, in ms. */
export interface RasterReply {
  readonly frame: Frame
  readonly bitmap: ImageBitmap
  readonly ms: number
}

const regions = new RegionArrays()
let raster: Raster | undefined
let canvas: OffscreenCanvas | undefined
let image: ImageData | undefined

const draw = (frame: Frame): RasterReply => {
  const began = performance.now()
  if (canvas?.width !== frame.width || canvas.height !== frame.height) {
    canvas = new OffscreenCanvas(frame.width, frame.height)
    raster = new Raster(frame.width, frame.height)
    image = new ImageData(raster.bytes, frame.width, frame.height)
  }
  raster!.draw(regions, frame)
  canvas.getContext('2d')!.putImageData(image!, 0, 0)
  return { frame, bitmap: canvas.transferToImageBitmap(), ms: performance.now() - began }
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
      const reply = draw(data.frame)
      postMessage(reply, { transfer: [reply.bitmap] })
      break
    }
  }
})
