import type Konva from 'konva'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { Stage } from 'react-konva/lib/ReactKonvaCore.js'
import type { Editor } from '#editor/editor.ts'
import type { PointerInput } from '#editor/input.ts'
import type { Region } from '#model/region.ts'
import './canvas.css'
import { attachInput } from './canvasInput.ts'
import { type CanvasDisplay, defaultDisplay } from './display.ts'
import { ImageLayer } from './ImageLayer.tsx'
import { whenIdleAfter } from './idle.ts'
import { showOnce, takePixels } from './layer.ts'
import { warmText } from './marks.ts'
import { OverlayLayer } from './OverlayLayer.tsx'
import { PaintingLayer } from './PaintingLayer.tsx'
import type { RegionFlags } from './paint.ts'
import type { Picture } from './picture.ts'
import { RegionLayer } from './RegionLayer.tsx'
import { RegionScene } from './regionScene.ts'
import { turnedCursor } from './turnedCursor.ts'
import { warmIndex } from './warmIndex.ts'

export interface CanvasProps {
  readonly editor: Editor
  readonly input: PointerInput
  readonly picture: Picture | undefined
  /** `#rrggbb`. A new function repaints all regions, so keep it while colours stay. */
  readonly colorOf: (region: Region) => string
  readonly labelOf: (region: Region) => string
  /** A new function looks at all regions again, so keep it while flags stay. */
  readonly flags?: ((region: Region) => RegionFlags) | undefined
  /** How things are shown; keep the object while nothing in it changes. */
  readonly display?: CanvasDisplay | undefined
  /** A CSS filter for the picture alone; empty = as it is. */
  readonly pictureFilter?: string | undefined
  /** The accessible name. */
  readonly label: string
  /** More regions are on their way: `data-ready` waits for them. */
  readonly loading?: boolean | undefined
}

/**
 * The drawing surface. React puts it there; afterwards the editor's states go straight to the layers, so a view that
 * moves or a gesture renders nothing in React. What tests and assistive technology read are its data attributes.
 */
export const Canvas = (props: CanvasProps) => {
  const { editor, input, picture, colorOf, labelOf, flags, label, loading = false, display = defaultDisplay } = props
  const root = useRef<HTMLDivElement>(null)
  const stage = useRef<Konva.Stage>(null)
  const overlay = useRef<Konva.Layer>(null)
  const ratio = useDevicePixelRatio()
  const style = useMemo(() => ({ colorOf, flags }), [colorOf, flags])
  const [scene] = useState(() => new RegionScene(style))
  const ready = useReady(root, editor, picture, loading)

  useLayoutEffect(() => attachInput(root.current!, input), [input])
  useLayoutEffect(() => describe(root.current!, editor), [editor])
  useLayoutEffect(() => warmIndex(editor, () => root.current?.dataset.ready === 'true'), [editor])
  useEffect(
    () =>
      whenSettled(root.current!, () => {
        takePixels(stage.current!)
        showOnce(overlay.current)
        warmText(overlay.current!.getContext()._context, window.devicePixelRatio)
      }),
    [],
  )
  useLayoutEffect(() => fitStage(root.current!, stage.current!, editor), [editor])

  const { pictureShown, regionsShown } = ready
  const onRegions = useCallback(() => {
    if (scene.painted()) overlay.current?.batchDraw()
    regionsShown()
  }, [scene, regionsShown])

  const shown = { editor, ratio, display }
  const regions = { scene, style, labelOf }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is operated by keyboard
    <div ref={root} className="marquee-canvas" role="application" aria-label={label} tabIndex={0}>
      <Stage ref={stage} width={0} height={0} listening={false}>
        <ImageLayer {...shown} picture={picture} filter={props.pictureFilter ?? ''} onPainted={pictureShown} />
        <RegionLayer {...shown} {...regions} onPainted={onRegions} />
        <PaintingLayer {...shown} scene={scene} />
        <OverlayLayer {...shown} {...regions} layer={overlay} />
      </Stage>
    </div>
  )
}

/** After this an image that is on the screen has settled, and mostly nobody has done anything to it. ms */
const SETTLED_MS = 400

/** Calls `run` when the image is on the screen and nothing else is to be done. Returns how to leave it. */
const whenSettled = (root: HTMLElement, run: () => void): (() => void) => {
  let cancel = () => {}
  const wait = () => {
    cancel = whenIdleAfter(SETTLED_MS, () => (root.dataset.ready === 'true' ? run() : wait()))
  }
  wait()
  return () => cancel()
}

/** Keeps `data-ready`: "true" from when picture and regions are on the screen until another picture comes. */
const useReady = (
  root: React.RefObject<HTMLElement | null>,
  editor: Editor,
  picture: Picture | undefined,
  loading: boolean,
) => {
  const shown = useRef({ picture: false, regions: false, loading })
  const tell = useCallback(() => {
    const { picture: hasPicture, regions, loading: waits } = shown.current
    const ready = String(hasPicture && regions && !waits)
    if (root.current && root.current.dataset.ready !== ready) root.current.dataset.ready = ready
  }, [root])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture has to be painted first
  useLayoutEffect(() => {
    shown.current.picture = false
    tell()
  }, [picture, tell])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another editor's regions have to be painted first
  useLayoutEffect(() => {
    shown.current = { ...shown.current, picture: false, regions: false }
    tell()
  }, [editor, tell])
  useLayoutEffect(() => {
    shown.current.loading = loading
    tell()
  }, [loading, tell])
  const pictureShown = useCallback(() => {
    shown.current.picture = true
    tell()
  }, [tell])
  const regionsShown = useCallback(() => {
    shown.current.regions = true
    tell()
  }, [tell])
  return { pictureShown, regionsShown }
}

/** Keeps what the surface tells about itself in step with the editor, without React. */
const describe = (root: HTMLElement, editor: Editor): (() => void) => {
  const write = () => {
    const { view, tool, size, draft } = editor.state
    root.dataset.scale = String(view.scale)
    root.dataset.x = String(view.x)
    root.dataset.y = String(view.y)
    root.dataset.angle = String(Math.round(((view.angle ?? 0) * 1800) / Math.PI) / 10)
    root.dataset.mirrored = String(view.mirrored ?? false)
    root.dataset.tool = tool
    root.dataset.imageWidth = String(size.width)
    root.dataset.imageHeight = String(size.height)
    root.style.cursor = turnedCursor(draft.cursor, view)
  }
  write()
  return editor.subscribe((state, previous) => {
    const same =
      state.view === previous.view && state.tool === previous.tool && state.draft.cursor === previous.draft.cursor
    if (!same) write()
  })
}

/** Gives the stage the size of the surface, and paints at once: resizing has emptied the layers. */
const fitStage = (root: HTMLElement, stage: Konva.Stage, editor: Editor): (() => void) => {
  const fit = () => {
    const { width, height } = root.getBoundingClientRect()
    if (width === 0 || height === 0) return
    if (
      stage.width() === width &&
      stage.height() === height &&
      editor.state.viewport.width === width &&
      editor.state.viewport.height === height
    )
      return
    stage.size({ width, height })
    editor.resize({ width, height })
    stage.draw()
  }
  const observer = new ResizeObserver(fit)
  observer.observe(root)
  return () => observer.disconnect()
}

const subscribeToRatio = (changed: () => void): (() => void) => {
  const stop = new AbortController()
  // a media query names one ratio, so each change needs another
  const watch = () =>
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        changed()
        watch()
      },
      { once: true, signal: stop.signal },
    )
  watch()
  return () => stop.abort()
}

/** Changes when the window moves to another screen or the page is zoomed. */
const useDevicePixelRatio = (): number => useSyncExternalStore(subscribeToRatio, () => window.devicePixelRatio)
