import { clampMove, union } from '#geometry/box.ts'
import { cutToImage } from '#geometry/cutToImage.ts'
import type { Point, Size } from '#geometry/point.ts'
import { bounds, type Shape, sameShape, translate } from '#geometry/shape.ts'
import type { Attributes } from '#model/attributes.ts'
import type { ConceptTag, Region, RegionKey } from '#model/region.ts'

/** What lies on the clipboard: shapes in image px with their concepts, and where they came from. */
export interface Copied {
  readonly key: RegionKey
  readonly shape: Shape
  readonly concepts: readonly ConceptTag[]
  readonly attributes?: Attributes | undefined
}

/** Shapes as JSON text, the runs of a mask as plain numbers; what is kept as received cannot be copied. */
export function copyText(regions: Iterable<Region>): string {
  const copied: Copied[] = []
  for (const { key, shape, concepts, attributes } of regions) {
    if (shape.kind !== 'asReceived') copied.push({ key, shape, concepts, ...(attributes && { attributes }) })
  }
  return JSON.stringify({ marquee: 1, regions: copied }, (_, value: unknown) =>
    value instanceof Uint32Array ? [...value] : value,
  )
}

/** What {@link copyText} wrote; undefined for any other text. */
export function parseCopied(text: string): readonly Copied[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined // any text may be on the clipboard
  }
  if (!isRecord(parsed) || parsed.marquee !== 1 || !Array.isArray(parsed.regions)) return undefined
  return parsed.regions.every(isCopied) ? parsed.regions.map(withRuns) : undefined
}

/** Runs are numbers on the clipboard and a typed array in the editor. */
const withRuns = (item: Copied): Copied =>
  item.shape.kind === 'mask' ? { ...item, shape: { ...item.shape, runs: Uint32Array.from(item.shape.runs) } } : item

export interface Placed {
  readonly items: readonly Copied[]
  /** so many lay outside of the image, and are none of `items` */
  readonly left: number
  /** so many were cut at its border */
  readonly cut: number
}

/** The shapes moved together by (dx, dy) image px as far as the image allows, and cut to it. */
export function placeCopied(copied: readonly Copied[], dx: number, dy: number, size: Size): Placed {
  const around = union(copied.map(({ shape }) => bounds(shape)))
  if (!around) return { items: [], left: 0, cut: 0 }
  const [x, y] = clampMove(around, dx, dy, size)
  let left = 0
  let cut = 0
  const items = copied.flatMap((item) => {
    const moved = translate(item.shape, x, y)
    const pieces = cutToImage(moved, size)
    if (pieces.length === 0) left++
    else if (!sameShape(pieces[0]!, moved)) cut++
    return pieces.map((shape) => ({ ...item, shape }))
  })
  return { items, left, cut }
}

/** What is said of copies that did not fit. */
export const cutOff = (cut: number): string =>
  `${cut === 1 ? 'One reaches' : `${cut} reach`} over the border of this image and ${cut === 1 ? 'was' : 'were'} cut there.`

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isPoint = (value: unknown): value is Point => Array.isArray(value) && value.length === 2 && value.every(isNumber)
const isRing = (value: unknown): value is Point[] => Array.isArray(value) && value.length >= 3 && value.every(isPoint)

function isCopied(value: unknown): value is Copied {
  return (
    isRecord(value) &&
    typeof value.key === 'string' &&
    isShape(value.shape) &&
    Array.isArray(value.concepts) &&
    (value.attributes === undefined || (isRecord(value.attributes) && !Array.isArray(value.attributes))) &&
    value.concepts.every((tag) => isRecord(tag) && typeof tag.id === 'string' && isNumber(tag.value))
  )
}

function isShape(value: unknown): value is Shape {
  if (!isRecord(value)) return false
  switch (value.kind) {
    case 'box':
      return (
        isNumber(value.x) && isNumber(value.y) && isNumber(value.w) && isNumber(value.h) && value.w >= 0 && value.h >= 0
      )
    case 'point':
      return isNumber(value.x) && isNumber(value.y)
    case 'polygon':
      return (
        isRing(value.points) && (value.holes === undefined || (Array.isArray(value.holes) && value.holes.every(isRing)))
      )
    case 'mask':
      return isMask(value)
    default:
      return false
  }
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)

/** Runs that cover the crop, no more and no less. */
function isMask({ x, y, w, h, runs }: Record<string, unknown>): boolean {
  if (!isWhole(x) || !isWhole(y) || !isWhole(w) || !isWhole(h) || w < 1 || h < 1 || !Array.isArray(runs)) return false
  let covered = 0
  for (const run of runs) {
    if (!isWhole(run) || run < 0) return false
    covered += run
  }
  return covered <= w * h
}
