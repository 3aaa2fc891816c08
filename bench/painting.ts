import { type Driven, expectEffect, type Mouse, play, send, settle, toClient } from '#bench/gestures.ts'
import { type TraceReading, traced } from '#bench/trace.ts'

/** A stroke of the brush with real input: what is painted by hand, 60 events a second. */

interface StrokePath {
  /** image px */
  readonly size: { readonly width: number; readonly height: number }
  /** of the brush, image px */
  readonly px: number
}

/** The hand goes round and round and slowly out and in again, over most of the image. */
const spiral = async (driven: Driven, { size }: StrokePath, ticks: number, from: number): Promise<Mouse[]> => {
  const { page } = driven
  const ends = await page.evaluate(
    ([w, h]) => [window.__bench!.toClient(0, 0), window.__bench!.toClient(w!, h!)],
    [size.width, size.height],
  )
  const [a, b] = [ends[0]!, ends[1]!]
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
  return Array.from({ length: ticks }, (_, i) => {
    const t = from + i
    const reach = 0.1 + 0.35 * (1 - Math.cos(t / 400))
    return {
      type: 'mouseMoved',
      x: middle.x + (b.x - a.x) * 0.5 * reach * Math.cos(t / 14),
      y: middle.y + (b.y - a.y) * 0.5 * reach * Math.sin(t / 14),
      button: 'left',
    }
  })
}

/** Begins a stroke of a new mask; {@link paintOn} goes on with it. */
export const pressBrush = async (driven: Driven, path: StrokePath): Promise<void> => {
  await driven.page.evaluate((px) => window.__bench!.brush!.start(px), path.px)
  const [at] = await spiral(driven, path, 1, 0)
  await send(driven, { ...at!, button: 'none' })
  await settle(driven)
  await send(driven, { ...at!, type: 'mousePressed' })
  await settle(driven, 60)
}

/** So many events of the stroke, from where it is after `from` of them. */
export const paintOn = async (driven: Driven, path: StrokePath, ticks: number, from: number): Promise<TraceReading> => {
  const events = await spiral(driven, path, ticks, from)
  return traced(driven.session, 'MOUSE_DRAGGED', () => play(driven, events))
}

/** Lets go, and makes the mask's message. The trace is of both. */
export const releaseBrush = async (
  driven: Driven,
): Promise<{ readonly ms: number; readonly bytes: number; readonly reading: TraceReading }> => {
  const { x, y } = await toClient(driven, 100, 100)
  let made = { ms: 0, bytes: 0 }
  const reading = await traced(driven.session, 'MOUSE_RELEASED', async () => {
    await send(driven, { type: 'mouseReleased', x, y, button: 'left' })
    made = await driven.page.evaluate(() => window.__bench!.brush!.finish())
    await settle(driven, 100)
  })
  expectEffect(made.bytes > 0, 'nothing was painted')
  return { ...made, reading }
}

/** What the browser takes for the same: a canvas of the image's size, with strokes on it, as a PNG. ms. */
export const canvasToBlob = ({ page }: Driven, { width, height }: StrokePath['size']): Promise<number> =>
  page.evaluate(
    async ([w, h]) => {
      const canvas = document.createElement('canvas')
      canvas.width = w!
      canvas.height = h!
      const context = canvas.getContext('2d')!
      context.fillStyle = '#000'
      context.fillRect(0, 0, w!, h!)
      context.strokeStyle = '#fff'
      context.lineWidth = 200
      context.lineCap = 'round'
      context.beginPath()
      for (let t = 0; t < 600; t++) {
        const reach = 0.1 + 0.35 * (1 - Math.cos(t / 400))
        context.lineTo(w! / 2 + (w! / 2) * reach * Math.cos(t / 14), h! / 2 + (h! / 2) * reach * Math.sin(t / 14))
      }
      context.stroke()
      context.getImageData(0, 0, 1, 1)
      const began = performance.now()
      await new Promise((done) => canvas.toBlob(done, 'image/png'))
      return performance.now() - began
    },
    [width, height],
  )
