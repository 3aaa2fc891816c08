import type { Size } from '#geometry/point.ts'
import type { Mask } from '#geometry/shape.ts'

interface Encoded {
  readonly png: Uint8Array<ArrayBuffer>
  readonly size: Size
}

const encoded = new WeakMap<Mask, Encoded>()

/** Tells what `maskToPng` makes of the mask for an image of that size, so that the next message of it needs no more. */
export function rememberPng(mask: Mask, size: Size, png: Uint8Array<ArrayBuffer>): void {
  encoded.set(mask, { png, size })
}

/** What was told of it, once: the message holds the bytes from then on. */
export function takePng(mask: Mask, { width, height }: Size): Uint8Array<ArrayBuffer> | undefined {
  const known = encoded.get(mask)
  encoded.delete(mask)
  return known?.size.width === width && known.size.height === height ? known.png : undefined
}
