import type { Frame } from './frame.ts'

/** Paints all resting regions. The layer it paints on is its own: it may write raw pixels. */
export interface RegionRenderer {
  /**
   * Replaces what the context shows by the regions in `frame`, with the context's transform reset to device pixels.
   * Returns false when the picture is not the exact one of this frame (an older one, moved along) and a better one is
   * on its way: the renderer then asks for another paint by itself.
   */
  paint(context: CanvasRenderingContext2D, frame: Frame): boolean
  /** Ends workers and frees bitmaps. */
  close(): void
}
