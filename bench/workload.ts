/** Deterministic workloads, shared by the driver and by every page that is measured. Image pixels. */

/** What every page can show; the others are for our canvas alone. */
export const SHARED_KINDS = ['mixed', 'poly200', 'crowded'] as const
/** `masks`: n masks · `ring`: one polygon of n corners · `blank`: nothing, to be painted on. */
export const KINDS = [...SHARED_KINDS, 'masks', 'ring', 'blank'] as const

export type Kind = (typeof KINDS)[number]

/** A mask is the pixels inside `points`; pages that know no masks show it as the polygon. */
export type WorkRegion =
  | {
      readonly id: string
      readonly cls: number
      readonly type: 'box'
      readonly x: number
      readonly y: number
      readonly w: number
      readonly h: number
    }
  | {
      readonly id: string
      readonly cls: number
      readonly type: 'polygon' | 'mask'
      readonly points: readonly number[]
    }

export const IMAGE = { width: 4000, height: 3000, url: '/image.jpg' } as const

export const COLORS = [
  '#e6194b',
  '#3cb44b',
  '#ffe119',
  '#4363d8',
  '#f58231',
  '#911eb4',
  '#46f0f0',
  '#f032e6',
  '#bcf60c',
  '#fabebe',
] as const

/** Kept clear of other regions: here the targets are selected and dragged, with all others in view. */
export const ZONE = { x: 1660, y: 1330, w: 680, h: 340 } as const

export const TARGET_BOX = { id: 't-box', cls: 3, type: 'box', x: 1700, y: 1390, w: 250, h: 220 } as const

/** Inside the clear zone and off both targets. */
export const EMPTY_POINT = { x: 2000, y: 1650 } as const

/** mulberry32: the same numbers everywhere. */
const randomFrom = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const tenth = (value: number): number => Number(value.toFixed(1))

const polygon = (cx: number, cy: number, rx: number, ry: number, corners: number, random: () => number): number[] =>
  Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * Math.PI * 2
    const radius = 0.72 + 0.28 * random()
    return [tenth(cx + Math.cos(angle) * rx * radius), tenth(cy + Math.sin(angle) * ry * radius)]
  }).flat()

export const TARGET_POLYGON = {
  id: 't-poly',
  cls: 4,
  type: 'polygon',
  points: polygon(2180, 1500, 120, 110, 12, randomFrom(7)),
} as const satisfies WorkRegion

export const TARGET_RING_ID = 't-ring'

/** One polygon of n corners around the middle of the image, wavy, as a coast line is. */
const ring = (corners: number): WorkRegion => {
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * Math.PI * 2
    const radius = 1100 + 60 * Math.sin(angle * 40) + 3 * Math.sin(angle * corners * 0.21)
    return [tenth(2000 + Math.cos(angle) * radius), tenth(1500 + Math.sin(angle) * radius)]
  })
  return { id: TARGET_RING_ID, cls: 4, type: 'polygon', points: points.flat() }
}

/**
 * `n` regions, the two targets among them. `mixed`: 60 % boxes, 40 % polygons of 12 corners, sizes log-spread, the
 * covered area about the same for every n · `poly200`: polygons of 200 corners · `crowded`: large, heavily overlapping.
 * The kinds without targets: see {@link KINDS}.
 */
export const makeRegions = (n: number, kind: Kind = 'mixed', seed = 42): WorkRegion[] => {
  if (kind === 'blank') return []
  if (kind === 'ring') return [ring(n)]
  if (kind === 'masks') return masks(n, randomFrom(seed))
  const random = randomFrom(seed)
  const { width, height } = IMAGE
  const base = kind === 'crowded' ? 90 : 0.6 * Math.sqrt((width * height) / n)
  const regions: WorkRegion[] = []
  while (regions.length < n - 2) {
    const spread = base * Math.exp((random() - 0.5) * 1.6)
    const w = Math.min(width * 0.3, Math.max(6, spread * (0.7 + 0.6 * random())))
    const h = Math.min(height * 0.3, Math.max(6, spread * (0.7 + 0.6 * random())))
    const x = random() * (width - w)
    const y = random() * (height - h)
    const isBox = kind !== 'poly200' && random() < 0.6
    const cls = Math.floor(random() * COLORS.length)
    if (x < ZONE.x + ZONE.w && x + w > ZONE.x && y < ZONE.y + ZONE.h && y + h > ZONE.y) continue
    const id = `r${regions.length}`
    if (isBox) regions.push({ id, cls, type: 'box', x: tenth(x), y: tenth(y), w: tenth(w), h: tenth(h) })
    else {
      const points = polygon(x + w / 2, y + h / 2, w / 2, h / 2, kind === 'poly200' ? 200 : 12, random)
      regions.push({ id, cls, type: 'polygon', points })
    }
  }
  return [...regions, TARGET_BOX, TARGET_POLYGON]
}

/** Blobs of about 300 px with wavy borders; the targets are not among them. */
const masks = (n: number, random: () => number): WorkRegion[] =>
  Array.from({ length: n }, (_, i) => {
    const [rx, ry] = [90 + 140 * random(), 90 + 140 * random()]
    const x = rx + random() * (IMAGE.width - 2 * rx)
    const y = ry + random() * (IMAGE.height - 2 * ry)
    const cls = Math.floor(random() * COLORS.length)
    return { id: `m${i}`, cls, type: 'mask', points: polygon(x, y, rx, ry, 90, random) }
  })

/** left, top, right, bottom */
export const boundsOf = (region: WorkRegion): [number, number, number, number] => {
  if (region.type === 'box') return [region.x, region.y, region.x + region.w, region.y + region.h]
  const xs = region.points.filter((_, i) => i % 2 === 0)
  const ys = region.points.filter((_, i) => i % 2 === 1)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}
