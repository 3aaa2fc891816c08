import type Konva from 'konva'
import { useCallback, useLayoutEffect, useRef } from 'react'
import { Layer, Shape } from 'react-konva/lib/ReactKonvaCore.js'
import type { Editor } from '#editor/editor.ts'
import { paintCheckerboard } from './checkerboard.ts'
import type { CanvasDisplay } from './display.ts'
import { type Frame, frameOf, isSmooth } from './frame.ts'
import { isBlank, onDevicePixels, useLatePixels, useRepaint } from './layer.ts'
import type { Picture } from './picture.ts'
import { paintPixelGrid } from './pixelGrid.ts'

interface ImageLayerProps {
  readonly editor: Editor
  readonly picture: Picture | undefined
  readonly ratio: number
  readonly display: CanvasDisplay
  /** CSS, for the whole layer: the browser applies it, so that zooming costs what it costs without. */
  readonly filter: string
  /** The picture is on the screen. */
  readonly onPainted: () => void
}

/** The picture; repaints when the view moves. */
export const ImageLayer = ({ editor, picture, ratio, display, filter, onPainted }: ImageLayerProps) => {
  const layer = useRef<Konva.Layer>(null)
  const { ask, due } = useRepaint(layer)
  useLatePixels(layer, ratio)

  useLayoutEffect(() => {
    const canvas = layer.current?.getNativeCanvasElement()
    if (canvas) canvas.style.filter = filter
  }, [filter])

  useLayoutEffect(() => {
    ask()
    return editor.subscribe((state, previous) => {
      if (state.view !== previous.view || state.viewport !== previous.viewport) ask()
    })
  }, [editor, ask])

  useLayoutEffect(() => {
    ask()
    const stop = picture?.follow(ask)
    // after the first paint, which must not wait for it
    const timer = setTimeout(() => picture?.complete(), 60)
    return () => {
      stop?.()
      clearTimeout(timer)
    }
  }, [picture, ask])

  const paint = useCallback(
    (context: Konva.Context) => {
      const { view, viewport } = editor.state
      const frame = frameOf(view, viewport, ratio)
      if (!due(frame) || (!picture && isBlank(context))) return
      onDevicePixels(
        context,
        (native) => {
          native.clearRect(0, 0, frame.width, frame.height)
          if (picture && paintPicture(native, picture, frame)) {
            if (picture.isCoarseAt(frame.k)) picture.complete()
            else onPainted()
          }
          if (picture && display.pixelGrid) paintPixelGrid(native, picture, frame)
        },
        frame,
      )
    },
    [editor, picture, ratio, display, onPainted, due],
  )

  return (
    <Layer ref={layer} listening={false} clearBeforeDraw={false}>
      <Shape listening={false} perfectDrawEnabled={false} sceneFunc={paint} />
    </Layer>
  )
}

/** Paints what is in view of the picture. Returns false when it has been closed. */
export const paintPicture = (context: CanvasRenderingContext2D, picture: Picture, frame: Frame): boolean => {
  const level = picture.levelFor(frame.k)
  if (!level) return false
  // whole source pixels around what is in view: far zoomed in, the whole picture would span millions of pixels
  const left = Math.max(0, Math.floor((-frame.x / frame.k) * level.scale) - 1)
  const top = Math.max(0, Math.floor((-frame.y / frame.k) * level.scale) - 1)
  const right = Math.min(level.bitmap.width, Math.ceil(((frame.width - frame.x) / frame.k) * level.scale) + 1)
  const bottom = Math.min(level.bitmap.height, Math.ceil(((frame.height - frame.y) / frame.k) * level.scale) + 1)
  if (right <= left || bottom <= top) return true
  if (picture.seeThrough) paintCheckerboard(context, picture, frame)
  const kx = (frame.k * picture.width) / level.bitmap.width
  const ky = (frame.k * picture.height) / level.bitmap.height
  context.imageSmoothingEnabled = isSmooth(frame)
  context.imageSmoothingQuality = 'low' // bilinear: the levels have done the rest
  context.drawImage(
    level.bitmap,
    left,
    top,
    right - left,
    bottom - top,
    frame.x + left * kx,
    frame.y + top * ky,
    (right - left) * kx,
    (bottom - top) * ky,
  )
  picture.paintDetail(context, frame)
  return true
}
