import { useCallback, useLayoutEffect, useRef } from 'react'
import classes from '#app/workspace/CanvasArea.module.css'
import { frameOf } from '#canvas/frame.ts'
import type { Picture } from '#canvas/picture.ts'
import { fitView } from '#geometry/view.ts'

interface Props {
  readonly picture: Picture
  /** it stands in for the picture, which is on its way */
  readonly preview: boolean
  /** It is on the screen. */
  readonly onPainted: () => void
}

/**
 * The picture where the canvas will show it, painted without the canvas: the editor is 40 % of the JavaScript, and
 * nobody can see it. Gives way to the canvas as soon as that is there.
 */
export function FirstPicture({ picture, preview, onPainted }: Props) {
  const area = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const paint = useCallback(() => {
    const { width, height } = area.current!.getBoundingClientRect()
    const frame = frameOf(fitView(picture, { width, height }), { width, height }, window.devicePixelRatio)
    const level = picture.levelFor(frame.k)
    const context = canvas.current!.getContext('2d')
    if (!level || !context || frame.width === 0 || frame.height === 0) return
    canvas.current!.width = frame.width
    canvas.current!.height = frame.height
    context.drawImage(level.bitmap, frame.x, frame.y, picture.width * frame.k, picture.height * frame.k)
  }, [picture])
  useLayoutEffect(() => {
    paint()
    const observer = new ResizeObserver(paint)
    observer.observe(area.current!)
    return () => observer.disconnect()
  }, [paint])
  useLayoutEffect(() => {
    // the frame after the next one begins once this one has been painted
    let next = requestAnimationFrame(() => {
      next = requestAnimationFrame(onPainted)
    })
    return () => cancelAnimationFrame(next)
  }, [onPainted])
  return (
    <div ref={area} className={classes.area} data-first-picture={preview ? 'preview' : 'whole'}>
      <canvas ref={canvas} className={classes.first} aria-hidden />
    </div>
  )
}
