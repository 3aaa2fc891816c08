import { forEachSpan, maskArea, Spans } from './mask.ts'
import { areaOf, emptyRowsOf } from './maskRaster.ts'
import type { Mask } from './shape.ts'

interface Span {
  readonly y: number
  readonly from: number
  readonly to: number
}

/** Pieces that hang together, also over corners (8-connected), largest first. */
export const componentsOf = (mask: Mask): Mask[] => groups(spansOf(mask), 1).map(maskOfSpans).sort(larger)

/** How many pieces there are, without making them. */
export const countPieces = (mask: Mask): number => groups(spansOf(mask), 1).length

/** Without the pieces smaller than `minArea` pixels; undefined if nothing is left. */
export function withoutIslands(mask: Mask, minArea: number): Mask | undefined {
  const kept = groups(spansOf(mask), 1).filter((piece) => pixels(piece) >= minArea)
  return together(kept)
}

/** Enclosed empty pieces (4-connected) inside the mask, largest first. */
export function holesOf(mask: Mask): Mask[] {
  const { left, top, right, bottom } = areaOf(mask)
  const onBorder = ({ y, from, to }: Span) => y === top || y === bottom - 1 || from === left || to === right
  return groups(emptySpans(mask), 0)
    .filter((group) => !group.some(onBorder))
    .map(maskOfSpans)
    .sort(larger)
}

/** With its holes up to `maxArea` pixels filled. */
export function withoutHoles(mask: Mask, maxArea = Number.POSITIVE_INFINITY): Mask {
  const holes = holesOf(mask).filter((hole) => maskArea(hole) <= maxArea)
  return holes.length === 0 ? mask : together([spansOf(mask), ...holes.map(spansOf)])!
}

const larger = (a: Mask, b: Mask): number => maskArea(b) - maskArea(a)

const pixels = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0)

function spansOf(mask: Mask): Span[] {
  const spans: Span[] = []
  forEachSpan(mask, (y, from, to) => spans.push({ y, from, to }))
  return spans
}

/** What is empty inside the crop. */
const emptySpans = (mask: Mask): Span[] =>
  emptyRowsOf(mask, areaOf(mask)).flatMap((row, i) => {
    const spans: Span[] = []
    for (let j = 0; j < row.length; j += 2) spans.push({ y: mask.y + i, from: row[j]!, to: row[j + 1]! })
    return spans
  })

/** Several groups of spans as one mask. */
const together = (groups: readonly (readonly Span[])[]): Mask | undefined =>
  groups.length === 0 ? undefined : maskOfSpans(groups.flat().sort((a, b) => a.y - b.y || a.from - b.from))

/** Spans that touch in neighbouring rows, by union-find. `reach` 1 counts corners, 0 does not. Spans in reading order. */
function groups(spans: readonly Span[], reach: 0 | 1): Span[][] {
  const parent = Int32Array.from(spans, (_, i) => i)
  const find = (i: number): number => {
    let root = i
    while (parent[root] !== root) root = parent[root]!
    while (parent[i] !== root) [parent[i], i] = [root, parent[i]!]
    return root
  }
  let above = 0
  for (const [i, span] of spans.entries()) {
    while (spans[above]!.y < span.y - 1) above++
    for (let j = above; j < i && spans[j]!.y < span.y; j++) {
      const other = spans[j]!
      if (other.from < span.to + reach && span.from < other.to + reach) parent[find(i)] = find(j)
    }
    while (above < i && spans[above]!.y < span.y && spans[above]!.to + reach <= span.from) above++
  }
  const byRoot = new Map<number, Span[]>()
  for (const [i, span] of spans.entries()) {
    const group = byRoot.get(find(i))
    if (group) group.push(span)
    else byRoot.set(find(i), [span])
  }
  return [...byRoot.values()]
}

function maskOfSpans(spans: readonly Span[]): Mask {
  const collected = new Spans()
  for (const { y, from, to } of spans) collected.add(y, from, to)
  const mask = collected.toMask()
  if (!mask) throw new RangeError('a piece without pixels')
  return mask
}
