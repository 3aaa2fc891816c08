import { fillRun, makeBits } from './bits.ts'
import { forEachSpan, maskArea, maskFromBits, subtractMasks, unionMasks } from './mask.ts'
import type { Mask } from './shape.ts'

interface Span {
  readonly y: number
  readonly from: number
  readonly to: number
}

/** Pieces that hang together, also over corners (8-connected), largest first. */
export function componentsOf(mask: Mask): Mask[] {
  const spans: Span[] = []
  forEachSpan(mask, (y, from, to) => spans.push({ y, from, to }))
  return groups(spans, 1)
    .map((group) => maskOfSpans(group, mask))
    .sort((a, b) => maskArea(b) - maskArea(a))
}

/** Without the pieces smaller than `minArea` pixels; undefined if nothing is left. */
export function withoutIslands(mask: Mask, minArea: number): Mask | undefined {
  const kept = componentsOf(mask).filter((piece) => maskArea(piece) >= minArea)
  return kept.length === 0 ? undefined : kept.reduce((all, piece) => unionMasks(all, piece) ?? all)
}

/** Enclosed empty pieces (4-connected) inside the mask, largest first. */
export function holesOf(mask: Mask): Mask[] {
  const empty = complement(mask)
  if (!empty) return []
  const spans: Span[] = []
  forEachSpan(empty, (y, from, to) => spans.push({ y, from, to }))
  const onBorder = ({ y, from, to }: Span) =>
    y === mask.y || y === mask.y + mask.h - 1 || from === mask.x || to === mask.x + mask.w
  return groups(spans, 0)
    .filter((group) => !group.some(onBorder))
    .map((group) => maskOfSpans(group, mask))
    .sort((a, b) => maskArea(b) - maskArea(a))
}

/** With its holes up to `maxArea` pixels filled. */
export function withoutHoles(mask: Mask, maxArea = Number.POSITIVE_INFINITY): Mask {
  const filled = holesOf(mask).filter((hole) => maskArea(hole) <= maxArea)
  return filled.reduce((all, hole) => unionMasks(all, hole) ?? all, mask)
}

function complement(mask: Mask): Mask | undefined {
  const full: Mask = { ...mask, runs: Uint32Array.of(0, mask.w * mask.h) }
  return subtractMasks(full, mask)
}

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

function maskOfSpans(spans: readonly Span[], crop: Mask): Mask {
  const bits = makeBits(crop.x, crop.y, crop.w, crop.h)
  for (const { y, from, to } of spans) fillRun(bits.words, (y - crop.y) * bits.stride, from - crop.x, to - crop.x, true)
  const piece = maskFromBits(bits)
  if (!piece) throw new RangeError('a piece without pixels')
  return piece
}
