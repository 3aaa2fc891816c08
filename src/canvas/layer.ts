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
  const pixels = pixelsOfCanvas.get(context.canvas)
  pixels?.take()
  if (pixels) pixels.blank = false
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

/** What a layer's canvas is to be, and how it becomes so. */
interface Pixels {
  width: number
  height: number
  /** Nothing has been painted on it so far: it has no memory yet. */
  blank: boolean
  /** Takes the memory, if that is not done. */
  take(): void
}

const pixelsOfCanvas = new WeakMap<object, Pixels>()

/** Nothing has been painted on the layer yet, so that there is nothing to wipe off either. */
export const isBlank = (context: Konva.Context): boolean => pixelsOfCanvas.get(context.canvas)?.blank ?? false

/**
 * Gives the layer's canvas `ratio` device pixels a CSS pixel, and its memory when it is first painted on. Konva takes it
 * as soon as it hears of a size, of one side after the other, and two of four layers show nothing for long: four
 * canvases of 1280 × 800 took 155 ms of opening an image where fresh memory is dear.
 */
export const useLatePixels = (layer: RefObject<Konva.Layer | null>, ratio: number): void => {
  useLayoutEffect(() => {
    const canvas = layer.current?.getCanvas()
    if (!canvas) return
    const pixels = pixelsOfCanvas.get(canvas) ?? takeLate(canvas)
    if (canvas.getPixelRatio() === ratio) return
    canvas.pixelRatio = ratio
    if (!pixels.blank) layer.current?.batchDraw()
  }, [layer, ratio])
}

/** Takes the memory of every layer of which something may be seen soon: not under the first move of the pointer. */
export const takePixels = (stage: Konva.Stage): void => {
  for (const layer of stage.getLayers()) pixelsOfCanvas.get(layer.getCanvas())?.take()
}

/**
 * Has the browser put a layer together once, on which nothing has been painted: a size alone takes no memory from it,
 * and the first hover would pay for that.
 */
export const showOnce = (layer: Konva.Layer | null): void => {
  const pixels = layer && pixelsOfCanvas.get(layer.getCanvas())
  if (!layer || !pixels?.blank) return
  layer.getContext()._context.clearRect(0, 0, 1, 1)
  showLayer(layer, true)
  requestAnimationFrame(() => requestAnimationFrame(() => pixels.blank && showLayer(layer, false)))
}

/** From now on a size is only noted, until {@link Pixels.take}. */
const takeLate = (canvas: ReturnType<Konva.Layer['getCanvas']>): Pixels => {
  const resize = canvas.setSize.bind(canvas)
  let taken = ''
  const pixels: Pixels = {
    width: 0,
    height: 0,
    blank: true,
    take() {
      const { width, height } = pixels
      const wanted = `${width} ${height} ${canvas.getPixelRatio()}`
      if (wanted !== taken) resize(width, height)
      taken = wanted
    },
  }
  canvas.setSize = (width, height) => Object.assign(pixels, { width, height })
  pixelsOfCanvas.set(canvas, pixels)
  return pixels
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
