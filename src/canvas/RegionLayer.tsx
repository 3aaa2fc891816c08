import type Konva from 'konva'
import { useCallback, useLayoutEffect, useRef } from 'react'
import { Layer, Shape } from 'react-konva/lib/ReactKonvaCore.js'
import type { Editor } from '#editor/editor.ts'
import type { Region } from '#model/region.ts'
import { AutoRenderer } from './autoRenderer.ts'
import { type CanvasDisplay, strengthOf } from './display.ts'
import { type Frame, frameOf } from './frame.ts'
import { isBlank, onDevicePixels, useLatePixels, useRepaint } from './layer.ts'
import { paintNames } from './overlay.ts'
import { LIFTED } from './regionArrays.ts'
import type { RegionScene, RegionStyle } from './regionScene.ts'

interface RegionLayerProps {
  readonly editor: Editor
  readonly scene: RegionScene
  readonly style: RegionStyle
  readonly ratio: number
  readonly labelOf: (region: Region) => string
  readonly display: CanvasDisplay
  /** All regions of the view are on the screen as they are now. */
  readonly onPainted: () => void
}

/** All regions at rest, by one shape; repaints when the view moves or regions change, never while a gesture runs. */
export const RegionLayer = ({ editor, scene, style, ratio, labelOf, display, onPainted }: RegionLayerProps) => {
  const layer = useRef<Konva.Layer>(null)
  const renderer = useRef<AutoRenderer | null>(null)
  const { ask, due } = useRepaint(layer)
  useLatePixels(layer, ratio)

  // one for all images: fresh pixels of the surface's size take longer than painting a thousand regions on them
  useLayoutEffect(() => {
    const auto = new AutoRenderer(scene.store, ask)
    renderer.current = auto
    return () => {
      renderer.current = null
      auto.close()
    }
  }, [scene, ask])

  useLayoutEffect(() => {
    renderer.current?.begin()
    scene.follow(editor.state)
    ask()
    let later = 0
    const stop = editor.subscribe((state, previous) => {
      const repaint = scene.follow(state)
      const moved = state.view !== previous.view || state.viewport !== previous.viewport
      if (moved || repaint === 'now' || state.peek !== previous.peek) ask()
      // the overlay first: it shows what the person did, and a frame is soon over
      else if (repaint === 'soon' && !later) {
        later = requestAnimationFrame(() => {
          later = 0
          // not in this callback: Konva draws all that asked by now in the same frame
          setTimeout(ask)
        })
      }
    })
    return () => {
      stop()
      cancelAnimationFrame(later)
    }
  }, [editor, scene, ask])

  useLayoutEffect(() => {
    if (scene.restyle(style) === 'now') ask()
  }, [scene, style, ask])

  // biome-ignore lint/correctness/useExhaustiveDependencies: shown otherwise, or under other names
  useLayoutEffect(() => ask(), [display, labelOf, ask])

  const namesOf = useCallback(
    (frame: Frame) => ({
      frame,
      store: scene.store,
      labelOf,
      colorOf: (region: Region) => scene.colorOf(region),
      lookOf: (region: Region) => scene.lookOf(region),
    }),
    [scene, labelOf],
  )

  const paint = useCallback(
    (context: Konva.Context) => {
      const { view, viewport, peek } = editor.state
      const frame = frameOf(view, viewport, ratio, strengthOf(display))
      const auto = renderer.current
      if (!auto || !due(frame)) return
      if (scene.store.arrays.count === 0 && isBlank(context)) return onPainted()
      onDevicePixels(
        context,
        (native) => {
          if (peek === 'bare') native.clearRect(0, 0, frame.width, frame.height)
          else {
            scene.store.showAt(frame.k)
            if (auto.paint(native, frame)) onPainted()
            if (display.labels === 'always' && peek !== 'names') paintNames(native, namesOf(frame), LIFTED)
          }
        },
        frame,
      )
    },
    [editor, scene, ratio, display, namesOf, onPainted, due],
  )

  return (
    <Layer ref={layer} listening={false} clearBeforeDraw={false}>
      <Shape listening={false} perfectDrawEnabled={false} sceneFunc={paint} />
    </Layer>
  )
}
