/** A part of the values a picture has, 0 … 1 of them: what is shown black, and what white. */
export type ToneWindow = readonly [low: number, high: number]

export const wholeWindow: ToneWindow = [0, 1]

/** What stands for each of 256 greys; undefined = itself. */
export type ToneTable = readonly number[] | undefined

/**
 * 256 values of 0 … 1 for the 256 of a channel: through the window, then, with a histogram, so that every grey is seen
 * about as often as every other.
 * @param histogram 256 counts of the picture as it is without this table
 */
export function toneTable([low, high]: ToneWindow, histogram?: readonly number[]): ToneTable {
  const isWhole = low <= 0 && high >= 1
  if (isWhole && !histogram) return undefined
  const span = Math.max(1 / 255, high - low)
  const windowed = Array.from({ length: 256 }, (_, i) => Math.min(1, Math.max(0, (i / 255 - low) / span)))
  return histogram ? equalised(windowed, histogram) : windowed
}

/** The cumulated histogram as a table; greys below the first that occurs stay black. */
function equalised(windowed: readonly number[], histogram: readonly number[]): readonly number[] {
  const counts = new Array<number>(256).fill(0)
  windowed.forEach((value, i) => {
    counts[Math.round(value * 255)]! += histogram[i]!
  })
  let sum = 0
  const cumulated = counts.map((count) => {
    sum += count
    return sum
  })
  const first = cumulated.find((count) => count > 0) ?? 0
  // one grey only: there is nothing to spread
  if (sum === first) return windowed
  return windowed.map((value) => Math.max(0, (cumulated[Math.round(value * 255)]! - first) / (sum - first)))
}

/** Longest side of what is looked at, px: greys are counted, and that needs no more. */
const LOOKED_AT = 256

export interface Seen {
  /** how often each of 256 greys (Rec. 601) occurs, where the picture is not transparent */
  readonly histogram: readonly number[]
  /** some of it can be seen through */
  readonly seeThrough: boolean
}

const known = new WeakMap<ImageBitmap, Seen>()

/** Looks at a picture, small; once for each bitmap. */
export function look(bitmap: ImageBitmap): Seen {
  let seen = known.get(bitmap)
  if (!seen) {
    const scale = Math.min(1, LOOKED_AT / Math.max(bitmap.width, bitmap.height))
    const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale))) as [
      number,
      number,
    ]
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
    context.drawImage(bitmap, 0, 0, width, height)
    seen = counted(context.getImageData(0, 0, width, height).data)
    known.set(bitmap, seen)
  }
  return seen
}

/** @param rgba four bytes a pixel, not premultiplied */
export function counted(rgba: Uint8ClampedArray): Seen {
  const histogram = new Array<number>(256).fill(0)
  let seeThrough = false
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i + 3]! < 255) seeThrough = true
    if (rgba[i + 3]! < 8) continue
    histogram[Math.round(0.299 * rgba[i]! + 0.587 * rgba[i + 1]! + 0.114 * rgba[i + 2]!)]!++
  }
  return { histogram, seeThrough }
}
