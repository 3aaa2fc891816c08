import type { Metadata } from 'sharp'

/** What a viewer has to know about a picture before it shows it. */
export interface PictureFacts {
  /** As displayed, oriented. */
  readonly width: number
  readonly height: number
  /** Bits a channel: 16 for grey and RGB with that depth, whose tiles keep it; 8 for everything else. */
  readonly depth: 8 | 16
  /** Pages or frames; only the first is shown. */
  readonly frames: number
  /** Some of it may be transparent. */
  readonly alpha: boolean
  /** There are tiles: of `side` px, in `levels` levels, 0 being the full size and each a half of the one before. */
  readonly tiles: { readonly side: number; readonly levels: number } | undefined
}

export const tileSide = 512
/** A browser decodes and keeps pictures up to this size whole; larger ones are shown by tiles. */
export const wholePixels = 32_000_000
// canvases and textures of browsers end here
const wholeSide = 16_384

type Seen = Partial<Pick<Metadata, 'depth' | 'space' | 'hasAlpha' | 'pages'>>

/** Grey or RGB of 16 bits a channel. */
export const isDeep = ({ depth, space }: Seen): boolean =>
  depth === 'ushort' && (space === 'grey16' || space === 'rgb16')

/** @param size as displayed */
export const factsOf = (metadata: Seen, { width, height }: { width: number; height: number }): PictureFacts => {
  const deep = isDeep(metadata)
  const isTiled = deep || width * height > wholePixels || Math.max(width, height) > wholeSide
  return {
    width,
    height,
    depth: deep ? 16 : 8,
    frames: Math.max(1, metadata.pages ?? 1),
    alpha: metadata.hasAlpha ?? false,
    tiles: isTiled ? { side: tileSide, levels: levelsOf(width, height) } : undefined,
  }
}

/** Halvings until it fits in one tile, and the full size. */
export const levelsOf = (width: number, height: number): number =>
  1 + Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / tileSide)))

/** Pixels of a level: halves, rounded up. */
export const levelSize = ({ width, height }: Pick<PictureFacts, 'width' | 'height'>, level: number) => ({
  width: Math.ceil(width / 2 ** level),
  height: Math.ceil(height / 2 ** level),
})
