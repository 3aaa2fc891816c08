import type Konva from 'konva'
import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react'
import { Layer, Shape } from 'react-konva/lib/ReactKonvaCore.js'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import type { Region } from '#model/region.ts'
import { type CanvasDisplay, strengthOf } from './display.ts'
import { frameOf, sameFrame } from './frame.ts'
import { isBlank, onDevicePixels, showLayer, useLatePixels } from './layer.ts'
import type { Rect } from './marks.ts'
import { type OverlayScene, overlayIsEmpty, paintOverlay } from './overlay.ts'
import { HATCHED } from './paint.ts'
import type { RegionScene, RegionStyle } from './regionScene.ts'
import { sameDraft } from './sameDraft.ts'
import { damageOf } from './vertexDamage.ts'

interface OverlayLayerProps {
  readonly editor: Editor
  readonly scene: RegionScene
  readonly style: RegionStyle
  readonly ratio: number
  readonly labelOf: (region: Region) => string
  readonly display: CanvasDisplay
  /** The Konva layer, for others that must have it repainted. */
  readonly layer: RefObject<Konva.Layer | null>
}

/** An overlay that has been empty for so long is left out; while the pointer goes from region to region it stays. ms */
const HIDE_AFTER = 250

const FOLLOWED = [
  'view',
  'viewport',
  'hovered',
  'selected',
  'hidden',
  'locked',
  'peek',
] as const satisfies readonly (keyof EditorState)[]

/** Selected, hovered and drawn regions, handles and other marks: all that moves while a gesture runs. */
export const OverlayLayer = ({ editor, scene, style, ratio, labelOf, display, layer }: OverlayLayerProps) => {
  const dirty = useRef(true)
  const painted = useRef<OverlayScene | undefined>(undefined)
  const hiding = useRef(0)
  useLatePixels(layer, ratio)

  useLayoutEffect(() => () => window.clearTimeout(hiding.current), [])

  useLayoutEffect(() => {
    layer.current?.batchDraw()
    return editor.subscribe((state, previous) => {
      const touched = state.regions !== previous.regions && (scene.lifted.size > 0 || scene.store.badges.size > 0)
      if (touched || !sameDraft(state.draft, previous.draft) || FOLLOWED.some((name) => state[name] !== previous[name]))
        layer.current?.batchDraw()
    })
  }, [editor, scene, layer])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another style or other names are painted anew
  useLayoutEffect(() => {
    painted.current = undefined
    layer.current?.batchDraw()
  }, [layer, style, labelOf, display])

  const paint = useCallback(
    (context: Konva.Context) => {
      const { state } = editor
      const frame = frameOf(state.view, state.viewport, ratio, strengthOf(display))
      if (frame.width === 0 || frame.height === 0) return
      const overlay: OverlayScene = {
        state,
        frame,
        lifted: scene.lifted,
        landing: scene.landing,
        display,
        store: scene.store,
        masks: scene.masks,
        colorOf: (region) => scene.colorOf(region),
        lookOf: (region) => scene.lookOf(region),
        labelOf,
      }
      const empty = overlayIsEmpty(overlay)
      window.clearTimeout(hiding.current)
      if (!empty) showLayer(layer.current, true)
      else hiding.current = window.setTimeout(() => showLayer(layer.current, false), HIDE_AFTER)
      if (empty && (!dirty.current || isBlank(context))) return
      const within = isBlank(context) ? undefined : changedIn(painted.current, overlay)
      onDevicePixels(
        context,
        (native) => {
          if (within) clipTo(native, within)
          native.clearRect(0, 0, frame.width, frame.height)
          if (!empty) paintOverlay(native, { ...overlay, within })
        },
        frame,
      )
      // a badge or a hatching lies by the bounds of the whole, and what lands goes without a word
      painted.current = scene.store.badges.size + scene.landing.size > 0 ? undefined : overlay
      dirty.current = !empty
    },
    [editor, scene, ratio, labelOf, display, layer],
  )

  return (
    <Layer ref={layer} listening={false} clearBeforeDraw={false}>
      <Shape listening={false} perfectDrawEnabled={false} sceneFunc={paint} />
    </Layer>
  )
}

/** Where alone it looks otherwise than when it was last painted, if that is known: while vertices of a long outline move. */
const changedIn = (before: OverlayScene | undefined, now: OverlayScene): Rect | undefined => {
  const { state, frame, store, lifted, landing } = now
  if (!before || frame.turn || !sameFrame(before.frame, frame)) return undefined
  if (store.badges.size + landing.size > 0 || before.lifted !== lifted) return undefined
  if (state.regions !== before.state.regions || FOLLOWED.some((name) => state[name] !== before.state[name]))
    return undefined
  if (state.draft.shapes.some((region) => now.lookOf(region).style & HATCHED)) return undefined
  return damageOf(before.state.draft, state.draft, frame)
}

const clipTo = (context: CanvasRenderingContext2D, { left, top, right, bottom }: Rect): void => {
  context.beginPath()
  context.rect(left, top, Math.max(0, right - left), Math.max(0, bottom - top))
  context.clip()
}
