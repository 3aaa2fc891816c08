import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'
import { type MaskReply, maskPool } from './maskPool.ts'

/** Encodes a mask somewhere else; undefined: that was not possible, it has to be done here. */
export type EncodeMask = (mask: Mask, size: Size) => Promise<Uint8Array<ArrayBuffer> | undefined>

/** In a worker, before any masks that wait to be read. */
export const encodeMask: EncodeMask = (mask, size) =>
  new Promise((resolve) => {
    const ask = () => {
      const runs = mask.runs.slice()
      return { request: { do: 'encode', mask: { ...mask, runs }, size } as const, transfer: [runs.buffer] }
    }
    const answer = (reply: MaskReply | undefined) => resolve(reply && 'png' in reply ? reply.png : undefined)
    maskPool().add({ ask, answer }, 'done')
  })

// encoding costs some 50 ns a run and 40 ms a gigapixel (bench/canvas): a quarter of a frame
const QUICK_MS = 4

/** Whether encoding the mask takes so long that a gesture or a frame would wait for it. */
export const isSlowToEncode = ({ runs }: Mask, { width, height }: Size): boolean =>
  runs.length * 5e-5 + width * height * 4e-8 > QUICK_MS
