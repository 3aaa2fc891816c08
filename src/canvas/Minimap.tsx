import { useLayoutEffect, useRef } from 'react'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import './minimap.css'
import { fromMinimap, inView, isZoomedIn, minimapSize } from './minimapView.ts'
import type { Picture } from './picture.ts'

interface MinimapProps {
  readonly editor: Editor
  readonly picture: Picture
  /** CSS, as the picture itself is shown. */
  readonly filter: string
}

/**
 * The whole picture, small, with the part in view: there while the picture is larger than the surface. A press or drag
 * leads the view there. For the pointer alone: keys have zoom, fit and Tab from region to region.
 */
export const Minimap = ({ editor, picture, filter }: MinimapProps) => {
  const root = useRef<HTMLDivElement>(null)
  const image = useRef<HTMLCanvasElement>(null)
  const part = useRef<SVGPolygonElement>(null)
  const { width, height } = minimapSize(picture)

  useLayoutEffect(() => {
    let painted = false
    const show = ({ view, viewport }: EditorState) => {
      const wanted = isZoomedIn(view, picture, viewport)
      if (root.current!.hidden === wanted) root.current!.hidden = !wanted
      if (!wanted) return
      // not before it is wanted: by then there is a small version of the picture to paint from
      if (!painted) painted = paint(image.current!, picture)
      part.current!.setAttribute('points', inView(view, picture, viewport).join(' '))
    }
    show(editor.state)
    return editor.subscribe((state, previous) => {
      if (state.view !== previous.view || state.viewport !== previous.viewport) show(state)
    })
  }, [editor, picture])

  const lead = (event: React.PointerEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    editor.centreOn(fromMinimap([event.clientX - left, event.clientY - top], picture))
  }
  return (
    <div
      ref={root}
      className="marquee-minimap"
      data-testid="minimap"
      aria-hidden
      hidden
      style={{ width, height }}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        // the canvas keeps the focus, and with it the keys
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        lead(event)
      }}
      onPointerMove={(event) => {
        if (event.buttons & 1 && event.currentTarget.hasPointerCapture(event.pointerId)) lead(event)
      }}
    >
      <canvas ref={image} style={{ filter }} />
      <svg width={width} height={height}>
        <title>The part in view</title>
        <polygon ref={part} />
      </svg>
    </div>
  )
}

/** Returns false when the picture has been closed. */
const paint = (canvas: HTMLCanvasElement, picture: Picture): boolean => {
  const { width, height } = minimapSize(picture)
  canvas.width = Math.round(width * devicePixelRatio)
  canvas.height = Math.round(height * devicePixelRatio)
  const level = picture.levelFor(canvas.width / picture.width)
  const context = canvas.getContext('2d')
  if (!level || !context) return false
  context.imageSmoothingQuality = 'medium'
  context.drawImage(level.bitmap, 0, 0, canvas.width, canvas.height)
  return true
}
