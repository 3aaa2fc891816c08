import type Konva from 'konva'
import { useCallback, useLayoutEffect, useRef } from 'react'
import { Layer, Shape } from 'react-konva/lib/ReactKonvaCore.js'
import type { Editor } from '#editor/editor.ts'
import { isPaintTool } from '#editor/painting.ts'
import type { EditorState } from '#editor/state.ts'
import { drawnRegion } from '#editor/tools/drawn.ts'
import type { Painting } from '#editor/tools/tool.ts'
import { union } from '#geometry/box.ts'
import type { Box } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import { type CanvasDisplay, strengthOf } from './display.ts'
import { type Frame, frameOf, sameFrame } from './frame.ts'
import { whenIdle } from './idle.ts'
import { onDevicePixels, showLayer, useLatePixels } from './layer.ts'
import { warmInk } from './maskPixels.ts'
import { fillOpacity, outlineWidth, rgbOf, SELECTED } from './paint.ts'
import { type PixelRect, paintBits, pixelsOf } from './paintBits.ts'
import type { RegionScene } from './regionScene.ts'
import { putTurnedPixels } from './turnedPixels.ts'

interface PaintingLayerProps {
  readonly editor: Editor
  readonly scene: RegionScene
  readonly ratio: number
  readonly display: CanvasDisplay
}

/** What is on the layer now. */
interface Painted {
  readonly painting: Painting
  readonly frame: Frame
  readonly rgb: number
}

/** Idle moments in which the code that shows a painted mask is compiled. */
const WARMING = 8

/** The mask that is being painted, on a layer of its own: a stroke repaints no more than what it changed. */
export const PaintingLayer = ({ editor, scene, ratio, display }: PaintingLayerProps) => {
  const layer = useRef<Konva.Layer>(null)
  const painted = useRef<Painted | undefined>(undefined)
  /** changed since the last paint, image px; `all` when a version was missed */
  const dirty = useRef<Box | 'all' | undefined>('all')
  useLatePixels(layer, ratio)

  useLayoutEffect(() => {
    dirty.current = 'all'
    showLayer(layer.current, editor.state.draft.painting !== undefined)
    layer.current?.batchDraw()
    return editor.subscribe((state, previous) => {
      const [now, before] = [state.draft.painting, previous.draft.painting]
      if (!now && !before) return
      const moved = state.view !== previous.view || state.viewport !== previous.viewport
      if (now !== before) dirty.current = together(dirty.current, changeOf(now, before))
      if (moved || now !== before) layer.current?.batchDraw()
    })
  }, [editor])

  // what a mask is shown in when its stroke ends
  useLayoutEffect(() => {
    let cancel = () => {}
    const stop = editor.subscribe(({ tool, view, viewport }, previous) => {
      if (tool === previous.tool || !isPaintTool(tool)) return
      cancel()
      const compile = (times: number) => {
        warmInk()
        if (times > 1) cancel = whenIdle(() => compile(times - 1))
      }
      cancel = whenIdle(() => {
        scene.masks.warm(frameOf(view, viewport, ratio))
        cancel = whenIdle(() => compile(WARMING))
      })
    })
    return () => {
      stop()
      cancel()
    }
  }, [editor, scene, ratio])

  // biome-ignore lint/correctness/useExhaustiveDependencies: shown otherwise
  useLayoutEffect(() => {
    layer.current?.batchDraw()
  }, [display])

  const paint = useCallback(
    (context: Konva.Context) => {
      const { state } = editor
      const { painting } = state.draft
      showLayer(layer.current, painting !== undefined)
      if (!painting && !painted.current) return
      const frame = frameOf(state.view, state.viewport, ratio, strengthOf(display))
      if (frame.width === 0 || frame.height === 0) return
      const changed = dirty.current
      dirty.current = undefined
      onDevicePixels(
        context,
        (native) => {
          const last = painted.current
          painted.current = undefined
          if (!painting) {
            native.clearRect(0, 0, frame.width, frame.height)
            return
          }
          const rgb = rgbOf(scene.colorOf(regionOf(state, painting)))
          painted.current = { painting, frame, rgb }
          const fits = last?.painting.bits === painting.bits && last.rgb === rgb && sameFrame(last.frame, frame)
          const margin = Math.ceil(2 * outlineWidth(SELECTED, frame.strength) * frame.ratio) + 2
          const whole = { left: 0, top: 0, right: frame.width, bottom: frame.height }
          const rect = fits && changed !== 'all' ? changed && pixelsOf(changed, frame, margin) : whole
          if (rect) paintRect(native, painting, frame, rect, rgb)
        },
        frame,
      )
    },
    [editor, scene, ratio, display],
  )

  return (
    <Layer ref={layer} listening={false} clearBeforeDraw={false}>
      <Shape listening={false} perfectDrawEnabled={false} sceneFunc={paint} />
    </Layer>
  )
}

const changeOf = (now: Painting | undefined, before: Painting | undefined): Box | 'all' | undefined =>
  now && before && now.bits === before.bits && now.version - before.version <= 1 ? now.dirty : 'all'

const together = (a: Box | 'all' | undefined, b: Box | 'all' | undefined): Box | 'all' | undefined => {
  if (a === 'all' || b === 'all') return 'all'
  return a && b ? union([a, b]) : (a ?? b)
}

/** For its colour: the mask that is continued, or the one that this will be. */
const regionOf = (state: EditorState, { key, concept }: Painting): Region =>
  (key === undefined ? undefined : state.regions.get(key)) ??
  drawnRegion({ kind: 'point', x: 0, y: 0 }, { ...state, concept })

const paintRect = (
  context: CanvasRenderingContext2D,
  { bits }: Painting,
  frame: Frame,
  rect: PixelRect,
  rgb: number,
): void => {
  const ink = {
    rgb,
    fill: fillOpacity(SELECTED, frame.strength),
    outline: outlineWidth(SELECTED, frame.strength) * frame.ratio,
  }
  const image = paintBits(bits, frame, rect, ink)
  if (frame.turn) putTurnedPixels(context, image, rect.left, rect.top)
  else context.putImageData(image, rect.left, rect.top)
}
