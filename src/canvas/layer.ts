import type Konva from 'konva'
import { useLayoutEffect } from 'react'

/** The canvas context that a Konva layer paints on, without Konva's wrapper and with the transform at device pixels. */
export const onDevicePixels = (context: Konva.Context, paint: (native: CanvasRenderingContext2D) => void): void => {
  const native = context._context
  native.save()
  native.setTransform(1, 0, 0, 1, 0, 0)
  paint(native)
  native.restore()
}

/** Gives the layer's canvas `ratio` device pixels a CSS pixel, and repaints it when that changes. */
export const usePixelRatio = (layer: React.RefObject<Konva.Layer | null>, ratio: number): void => {
  useLayoutEffect(() => {
    const canvas = layer.current?.getCanvas()
    if (!canvas || canvas.getPixelRatio() === ratio) return
    canvas.setPixelRatio(ratio)
    layer.current?.batchDraw()
  }, [layer, ratio])
}
