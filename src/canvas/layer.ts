import type Konva from 'konva'
import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react'
import { type Frame, sameFrame } from './frame.ts'

/**
 * The canvas context that a Konva layer paints on, without Konva's wrapper and with the transform at the flat pixels of
 * `frame`, which are device pixels unless the view is turned.
 */
export const onDevicePixels = (
  context: Konva.Context,
  paint: (native: CanvasRenderingContext2D) => void,
  frame?: Frame,
): void => {
  const native = context._context
  const turn = frame?.turn
  native.save()
  if (turn) native.setTransform(turn.a, turn.b, turn.c, turn.d, turn.e, turn.f)
  else native.setTransform(1, 0, 0, 1, 0, 0)
  paint(native)
  native.restore()
}

/**
 * Leaves a layer that shows nothing out of what the browser puts together: a transparent canvas of the window's size
 * costs as much of every frame as one with something on it.
 */
export const showLayer = (layer: Konva.Layer | null, shown: boolean): void => {
  const canvas = layer?.getNativeCanvasElement()
  const visibility = shown ? '' : 'hidden'
  if (canvas && canvas.style.visibility !== visibility) canvas.style.visibility = visibility
}

/** Gives the layer's canvas `ratio` device pixels a CSS pixel, and repaints it when that changes. */
export const usePixelRatio = (layer: RefObject<Konva.Layer | null>, ratio: number): void => {
  useLayoutEffect(() => {
    const canvas = layer.current?.getCanvas()
    if (!canvas || canvas.getPixelRatio() === ratio) return
    canvas.setPixelRatio(ratio)
    layer.current?.batchDraw()
  }, [layer, ratio])
}

/**
 * A layer that is painted only when somebody asked for it or the frame is another: Konva also draws when sizes change,
 * and then again in the next frame. `ask` requests a repaint; `due` says whether to paint now, and takes note of it.
 */
export const useRepaint = (layer: RefObject<Konva.Layer | null>) => {
  const asked = useRef(true)
  const painted = useRef<Frame | undefined>(undefined)
  const ask = useCallback(() => {
    asked.current = true
    layer.current?.batchDraw()
  }, [layer])
  const due = useCallback((frame: Frame): boolean => {
    if (frame.width === 0 || frame.height === 0) return false
    if (!asked.current && painted.current && sameFrame(painted.current, frame)) return false
    asked.current = false
    painted.current = frame
    return true
  }, [])
  return { ask, due }
}
