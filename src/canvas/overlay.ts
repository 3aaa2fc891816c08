import type { EditorState } from '#editor/state.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { paintBrush } from './brushMarks.ts'
import { tracePolygon } from './canvas2d.ts'
import type { CanvasDisplay } from './display.ts'
import { flatBounds, flatten } from './flatten.ts'
import type { Frame } from './frame.ts'
import { isLong, strokeLong } from './longOutline.ts'
import { paintBadge, paintTag, type Rect } from './marks.ts'
import { detailAt } from './maskDetail.ts'
import { isRagged, type MaskInk, type MaskPixels } from './maskPixels.ts'
import {
  cssColor,
  dashOf,
  fillOpacity,
  HATCHED,
  haloInk,
  haloOf,
  type Look,
  outlineOpacity,
  outlineWidth,
  POINT,
  POINT_RADIUS,
  rgbOf,
  SELECTED,
  THIN,
} from './paint.ts'
import {
  paintCaret,
  paintCrosshair,
  paintGuides,
  paintHandles,
  paintMarquee,
  paintReadout,
  paintTurnGrip,
} from './pointerMarks.ts'
import type { RegionStore } from './regionStore.ts'
import { slotsToName } from './restingTags.ts'
import { paintMarks, paintSketch, paintVertices } from './sketchMarks.ts'

/** What the overlay paints from. */
export interface OverlayScene {
  readonly state: EditorState
  readonly frame: Frame
  readonly display: CanvasDisplay
  /** Only there it has changed: all else stays as it was painted. Device px. */
  readonly within?: Rect | undefined
  /** Regions that only the overlay shows: selected ones, few enough. */
  readonly lifted: ReadonlySet<RegionKey>
  /** Regions that were lifted, until the region layer shows them again. */
  readonly landing: ReadonlySet<RegionKey>
  readonly store: RegionStore
  /** masks that are painted pixel by pixel */
  readonly masks: MaskPixels
  colorOf(region: Region): string
  labelOf(region: Region): string
  lookOf(region: Region): Look
}

type Emphasis = 'rest' | 'hovered' | 'selected'

const MOST_SELECTED_TAGS = 20
const MOST_BADGES = 200

/** Paints everything above the resting regions. Expects a cleared context with its transform reset to device pixels. */
export const paintOverlay = (context: CanvasRenderingContext2D, scene: OverlayScene): void => {
  const { state, frame, display, lifted, landing, masks } = scene
  const { draft } = state
  masks.begin()
  const drafted = new Set([
    ...draft.shapes.map((region) => region.key),
    ...(draft.painting?.key ? [draft.painting.key] : []),
  ])
  const at = (keys: Iterable<RegionKey>) => [...keys].flatMap((key) => state.regions.get(key) ?? [])
  const shows = (region: Region) => !drafted.has(region.key) && !state.hidden.has(region.key)
  const selected = at(lifted).filter((region) => shows(region) && state.selected.has(region.key))
  const hovered = at(state.hovered === undefined ? [] : [state.hovered]).filter(
    (region) => shows(region) && !lifted.has(region.key),
  )

  if (state.peek !== 'bare') {
    for (const region of at(landing))
      if (shows(region) && !lifted.has(region.key)) paintRegion(context, scene, region, 'rest')
    for (const region of selected) paintRegion(context, scene, region, 'selected')
    for (const region of hovered) paintRegion(context, scene, region, 'hovered')
    paintBadges(context, scene)
  }
  for (const region of draft.shapes) paintRegion(context, scene, region, 'selected')
  if (draft.sketch) paintSketch(context, frame, draft.sketch, scene.colorOf(draft.sketch.region))
  if (draft.marquee) paintMarquee(context, frame, draft.marquee)
  if (draft.crosshair && display.crosshair !== 'off') paintCrosshair(context, frame, draft.crosshair, display.crosshair)
  paintGuides(context, frame, draft.guides)
  paintHandles(context, frame, draft.handles)
  if (draft.turnGrip && state.peek !== 'bare') paintTurnGrip(context, frame, draft.turnGrip)
  if (draft.vertices && state.peek !== 'bare') {
    const region = at(state.selected)[0] ?? draft.shapes[0]
    paintVertices(context, frame, draft.vertices, region ? scene.colorOf(region) : '#808080')
  }
  paintMarks(context, frame, draft.marks ?? [], draft.sketch ? scene.colorOf(draft.sketch.region) : '#808080')
  if (state.peek !== 'bare' && draft.shapes.length === 0 && !draft.sketch) paintTags(context, scene, selected, hovered)
  if (draft.caret) paintCaret(context, frame, draft.caret)
  if (draft.brush) paintBrush(context, frame, draft.brush)
  if (draft.readout) paintReadout(context, frame, draft.readout.text, draft.readout.at)
}

/** Whether {@link paintOverlay} would paint anything: an empty overlay is not even cleared. */
export const overlayIsEmpty = ({ state, lifted, landing, store }: OverlayScene): boolean =>
  lifted.size +
    landing.size +
    store.badges.size +
    state.draft.shapes.length +
    state.draft.guides.length +
    state.draft.handles.length ===
    0 &&
  state.hovered === undefined &&
  state.peek !== 'names' &&
  !(state.draft.marquee || state.draft.crosshair || state.draft.caret || state.draft.readout || state.draft.sketch) &&
  !(state.draft.vertices || state.draft.turnGrip || state.draft.marks?.length || state.draft.brush)

/** A region with the emphasis it has now: a halo of the opposite lightness keeps it readable on every image. */
const paintRegion = (
  context: CanvasRenderingContext2D,
  scene: OverlayScene,
  region: Region,
  emphasis: Emphasis,
): void => {
  const { frame } = scene
  const look = scene.lookOf(region)
  const style = emphasis === 'selected' ? (look.style & ~THIN) | SELECTED : look.style
  const rgb = rgbOf(scene.colorOf(region))
  const thin = outlineWidth(style, frame.strength)
  const width = (emphasis === 'rest' ? thin : Math.max(2, thin)) * frame.ratio
  const halo = haloOf(rgb)
  const fill = emphasis === 'hovered' ? 0.12 : fillOpacity(style, frame.strength)
  if (region.shape.kind === 'mask' && isRagged(region.shape)) {
    scene.masks.paint(context, region.shape, frame, inkOf(style, rgb, fill, width, emphasis, frame))
    return
  }
  if (style & POINT) {
    paintPoint(context, scene, region, rgb, halo, emphasis)
    return
  }
  context.lineJoin = 'round'
  const points = traceShape(context, region, frame, width)
  const stroke = () => {
    if (points && isLong(points)) strokeLong(context, points, frame, scene.within)
    else context.stroke()
  }
  // hovering adds to the fill that the region layer has painted already
  context.fillStyle = cssColor(rgb, fill)
  context.fill('evenodd')
  if (emphasis !== 'rest') {
    context.strokeStyle = halo
    context.lineWidth = width + 2 * frame.ratio
    stroke()
  }
  const dash = dashOf(style)
  context.setLineDash(dash ? [dash[0] * frame.ratio, dash[1] * frame.ratio] : [])
  context.strokeStyle = cssColor(rgb, emphasis === 'rest' ? outlineOpacity(style) : 1)
  context.lineWidth = width
  stroke()
  context.setLineDash([])
  if (style & HATCHED && emphasis === 'selected') paintUnlabelled(context, frame, region, rgb)
}

/** The same look for a mask that is painted pixel by pixel. */
const inkOf = (
  style: number,
  rgb: number,
  fill: number,
  width: number,
  emphasis: Emphasis,
  { ratio }: Frame,
): MaskInk => {
  const dash = dashOf(style)
  return {
    rgb,
    fill,
    outline: width,
    outlineOpacity: emphasis === 'rest' ? outlineOpacity(style) : 1,
    halo: emphasis === 'rest' ? undefined : { ...haloInk(rgb), width: ratio },
    dash: dash && [dash[0] * ratio, dash[1] * ratio],
    hatch: style & HATCHED && emphasis === 'selected' ? { period: 7 * ratio, width: ratio, opacity: 0.5 } : undefined,
  }
}

/** Without a concept: the hatching of the resting look, thinned to short strokes along the top side. */
const paintUnlabelled = (context: CanvasRenderingContext2D, frame: Frame, region: Region, rgb: number): void => {
  const { left, top, right, bottom } = rectOf(region, frame)
  const step = 7 * frame.ratio
  context.save()
  traceShape(context, region, frame, 0)
  context.clip('evenodd')
  context.beginPath()
  const from = Math.max(left, -frame.height)
  for (let x = from - (from % step); x < Math.min(right, frame.width) + (bottom - top); x += step) {
    context.moveTo(x, top)
    context.lineTo(x - (bottom - top), bottom)
  }
  context.strokeStyle = cssColor(rgb, 0.5)
  context.lineWidth = frame.ratio
  context.stroke()
  context.restore()
}

const paintPoint = (
  context: CanvasRenderingContext2D,
  { frame }: OverlayScene,
  region: Region,
  rgb: number,
  halo: string,
  emphasis: Emphasis,
): void => {
  const { left, top, right, bottom } = rectOf(region, frame)
  context.beginPath()
  context.arc(
    (left + right) / 2,
    (top + bottom) / 2,
    (POINT_RADIUS + (emphasis === 'rest' ? 0 : 1.5)) * frame.ratio,
    0,
    2 * Math.PI,
  )
  context.fillStyle = cssColor(rgb, 1)
  context.fill()
  context.strokeStyle = emphasis === 'selected' ? '#fff' : halo
  context.lineWidth = 1.5 * frame.ratio
  context.stroke()
}

/**
 * Makes the path of a region; a box's line lies inside it and on whole pixels, as the resting one does. Returns the
 * corners, image px, of what is no box.
 */
const traceShape = (
  context: CanvasRenderingContext2D,
  region: Region,
  frame: Frame,
  lineWidth: number,
): Float32Array | undefined => {
  const { points } = flatten(region, detailAt(frame.k))
  if (points) {
    const corners = points instanceof Float32Array ? points : new Float32Array(points)
    tracePolygon(context, corners, frame)
    return corners
  }
  const { left, top, right, bottom } = rectOf(region, frame)
  context.beginPath()
  context.rect(
    left + lineWidth / 2,
    top + lineWidth / 2,
    Math.max(1, right - left - lineWidth),
    Math.max(1, bottom - top - lineWidth),
  )
  return undefined
}

/** The bounds on screen in whole device pixels. */
const rectOf = (region: Region, { k, x, y }: Frame): Rect => {
  const [left, top, right, bottom] = flatBounds(region)
  return {
    left: Math.round(left * k + x),
    top: Math.round(top * k + y),
    right: Math.round(right * k + x),
    bottom: Math.round(bottom * k + y),
  }
}

const inView = ({ left, top, right, bottom }: Rect, frame: Frame): boolean =>
  right >= 0 && bottom >= 0 && left <= frame.width && top <= frame.height

const paintBadges = (context: CanvasRenderingContext2D, { state, frame, store }: OverlayScene): void => {
  let room = MOST_BADGES
  for (const [key, badge] of store.badges) {
    const region = state.regions.get(key)
    if (!region || state.hidden.has(key)) continue
    const rect = rectOf(state.draft.shapes.find((drafted) => drafted.key === key) ?? region, frame)
    if (!inView(rect, frame)) continue
    paintBadge(context, frame, rect, badge)
    if (--room === 0) return
  }
}

/** Names of what is pointed at or selected, as the person wants it, or of everything in view while that is asked for. */
const paintTags = (
  context: CanvasRenderingContext2D,
  scene: OverlayScene,
  selected: readonly Region[],
  hovered: readonly Region[],
): void => {
  const { state, display } = scene
  if (state.peek === 'names') {
    paintNames(context, scene, 0)
    return
  }
  if (display.labels === 'none') return
  const named = display.labels === 'hover' ? hovered : [...selected.slice(-MOST_SELECTED_TAGS), ...hovered]
  for (const region of named) tagOf(context, scene, region, rectOf(region, scene.frame))
}

/** What names are painted from. */
export type NameScene = Pick<OverlayScene, 'frame' | 'store' | 'labelOf' | 'colorOf' | 'lookOf'>

/** Names of everything in view, but for what `hidden` (bits of regionArrays.ts) keeps from being named. */
export const paintNames = (context: CanvasRenderingContext2D, scene: NameScene, hidden: number): void => {
  const { store, frame } = scene
  for (const slot of slotsToName(store.arrays, frame, hidden, (at) => store.regionAt(at))) {
    const region = store.regionAt(slot)
    if (region) tagOf(context, scene, region, rectOf(region, frame))
  }
}

const tagOf = (context: CanvasRenderingContext2D, scene: NameScene, region: Region, rect: Rect): void => {
  const thin = (scene.lookOf(region).style & THIN) !== 0
  paintTag(context, scene.frame, rect, scene.labelOf(region), rgbOf(scene.colorOf(region)), thin)
}
