import { RasterRenderer } from '#canvas/autoRenderer.ts'
import { Canvas2dRenderer } from '#canvas/canvas2d.ts'
import { flatten } from '#canvas/flatten.ts'
import { frameOf } from '#canvas/frame.ts'
import { detailAt } from '#canvas/maskDetail.ts'
import { DASHED, HATCHED, POINT } from '#canvas/paint.ts'
import { RegionArrays } from '#canvas/regionArrays.ts'
import { Spans } from '#geometry/mask.ts'
import type { Point } from '#geometry/point.ts'
import type { Shape } from '#geometry/shape.ts'
import type { View } from '#geometry/view.ts'
import type { Region } from '#model/region.ts'

/** In the browser: paints the same regions with the exact renderer and with the rasteriser, and tells how they differ. */

const SIDE = 300

const ring = (corners: number, radius: number, wave: number): Point[] =>
  Array.from({ length: corners }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / corners
    const r = radius + wave * Math.sin(angle * 9)
    return [SIDE / 2 + r * Math.cos(angle), SIDE / 2 + r * Math.sin(angle)]
  })

/** Pixels at random, 40 % of them set: hundreds of crossings in a row. */
const noise = (): Shape => {
  const spans = new Spans()
  let seed = 1
  for (let y = 20; y < SIDE - 20; y++)
    for (let x = 20; x < SIDE - 20; x++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0
      if ((seed >>> 8) % 5 < 2) spans.add(y, x, x + 1)
    }
  return spans.toMask()!
}

const SHAPES: Readonly<Record<string, { readonly shape: Shape; readonly style?: number }>> = {
  box: { shape: { kind: 'box', x: 40.3, y: 50.7, w: 180.4, h: 120.2 } },
  'hatched box': { shape: { kind: 'box', x: 40, y: 50, w: 180, h: 120 }, style: HATCHED },
  polygon: { shape: { kind: 'polygon', points: ring(14, 100, 25) } },
  'dashed polygon': { shape: { kind: 'polygon', points: ring(60, 110, 12) }, style: DASHED },
  'polygon with a hole': { shape: { kind: 'polygon', points: ring(80, 120, 8), holes: [ring(40, 60, 14)] } },
  'polygon of 3,000 corners': { shape: { kind: 'polygon', points: ring(3000, 115, 10) } },
  point: { shape: { kind: 'point', x: 150, y: 140 }, style: POINT },
  'noisy mask': { shape: noise() },
}

const VIEWS: Readonly<Record<string, { readonly view: View; readonly ratio: number }>> = {
  upright: { view: { scale: 1, x: 0, y: 0 }, ratio: 1 },
  enlarged: { view: { scale: 2.6, x: -190, y: -170 }, ratio: 1 },
  reduced: { view: { scale: 0.37, x: 60, y: 70 }, ratio: 1 },
  'at two pixels a pixel': { view: { scale: 0.9, x: 12, y: 9 }, ratio: 2 },
  'turned by a quarter': { view: { scale: 0.9, x: 280, y: 10, angle: Math.PI / 2 }, ratio: 1 },
  'turned freely': { view: { scale: 0.8, x: 90, y: -20, angle: 0.4 }, ratio: 1 },
}

interface Difference {
  readonly shape: string
  readonly view: string
  /** opacity put down by either: 0 = both empty */
  readonly painted: number
  /** mean difference of opacity on painted pixels, 0…255 */
  readonly mean: number
  /** part of the painted pixels that one renderer shows and the other clearly does not */
  readonly missing: number
}

const paint = (kind: 'exact' | 'raster', { shape, style = 0 }: (typeof SHAPES)[string], at: (typeof VIEWS)[string]) => {
  const frame = frameOf(at.view, { width: SIDE, height: SIDE }, at.ratio)
  const arrays = new RegionArrays()
  const flat = flatten({ shape } as Region, detailAt(frame.k))
  arrays.set(0, { rgb: 0x3c14dc, style, ...flat })
  const canvas = document.createElement('canvas')
  canvas.width = SIDE * at.ratio
  canvas.height = SIDE * at.ratio
  const context = canvas.getContext('2d')!
  const { turn } = frame
  if (turn) context.setTransform(turn.a, turn.b, turn.c, turn.d, turn.e, turn.f)
  const renderer = kind === 'exact' ? new Canvas2dRenderer(arrays) : new RasterRenderer(arrays)
  renderer.paint(context, frame)
  return context.getImageData(0, 0, canvas.width, canvas.height).data
}

const differences = (): Difference[] =>
  Object.entries(SHAPES).flatMap(([shape, region]) =>
    Object.entries(VIEWS).map(([view, at]): Difference => {
      const [a, b] = [paint('exact', region, at), paint('raster', region, at)]
      let painted = 0
      let sum = 0
      let missing = 0
      for (let i = 3; i < a.length; i += 4) {
        if (a[i] === 0 && b[i] === 0) continue
        painted++
        const difference = Math.abs(a[i]! - b[i]!)
        sum += difference
        if (difference > 140) missing++
      }
      return { shape, view, painted, mean: sum / painted, missing: missing / painted }
    }),
  )

Object.assign(window, { differences })
