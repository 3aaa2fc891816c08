import { Loader } from '@mantine/core'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { AttributePopup } from '#app/workspace/attributes/AttributePopup.tsx'
import { ConceptPicker } from '#app/workspace/concepts/ConceptPicker.tsx'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import { colorFor, displayStore, pictureFilter } from '#app/workspace/display/displaySettings.ts'
import { BrokenPicture } from '#app/workspace/pictures/BrokenPicture.tsx'
import { type Loaded, shownOf } from '#app/workspace/pictures/picturePool.ts'
import { ToneFilter, toneFilter, useTone } from '#app/workspace/pictures/ToneFilter.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import { TheirsLayer } from '#app/workspace/session/TheirsLayer.tsx'
import { useSessionState } from '#app/workspace/session/useSession.ts'
import { Canvas } from '#canvas/Canvas.tsx'
import { Minimap } from '#canvas/Minimap.tsx'
import type { RegionFlags } from '#canvas/paint.ts'
import type { Picture } from '#canvas/picture.ts'
import type { Ask } from '#editor/tools/tool.ts'
import type { Box } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import classes from './CanvasArea.module.css'
import { ConceptChip, ContextMenu, ProblemCard } from './CanvasOverlays.tsx'
import { Spoken } from './Spoken.tsx'

export interface Asking {
  readonly keys: readonly string[]
  readonly near: Box
}

interface Props {
  session: InputSession
  concepts: Concepts
  loaded: Loaded<Picture> | undefined
  onRetryPicture: () => void
  /** regions are still on their way */
  loading: boolean
  whyNotEdit: (region: Region) => string | undefined
  /** the concept picker, when it is open */
  asking: Asking | undefined
  onAsk: (asking: Asking | undefined) => void
  /** regions that have to say more about themselves, when they are asked */
  filling: Asking | undefined
  onFill: (filling: Asking | undefined) => void
  onPick: (keys: readonly string[], id: string) => void
  onMake: (keys: readonly string[], name: string) => void
  /** over the picture, below what floats */
  over?: ReactNode
  /** Begins a note at a point, image px. */
  onNote: (x: number, y: number) => void
  /** instead of the colours of concepts */
  colorOf?: ((region: Region) => string) | undefined
}

/** The drawing surface and what floats over it: picker, menu, notices, what was refused. */
export function CanvasArea(props: Props) {
  const { session, concepts, loaded, asking, onAsk } = props
  const { editor } = session
  const root = useRef<HTMLDivElement>(null)
  const { problems } = useSessionState(session)
  const [menu, setMenu] = useState<Extract<Ask, { kind: 'menu' }>>()
  const display = useStore(displayStore, (state) => state.settings)
  const own = props.colorOf
  const colorOf = useMemo(
    () => own ?? colorFor(display.colorBy, concepts.colorOf),
    [own, display.colorBy, concepts.colorOf],
  )
  const tone = useTone(loaded?.state === 'ready' ? loaded.picture : undefined, display)
  const filter = `${toneFilter(tone)} ${pictureFilter(display)}`.trim()
  const flags = useFlags(problems, props.whyNotEdit)
  useEffect(
    () =>
      editor.onAsk((ask) => {
        if (ask.kind === 'concept') onAsk({ keys: ask.keys, near: ask.near })
        // after the press that asks for it, which would count as one outside and close it
        else setTimeout(() => setMenu(ask))
      }),
    [editor, onAsk],
  )
  const focusCanvas = () => root.current?.querySelector<HTMLElement>('[role=application]')?.focus()
  const isReady = loaded?.state === 'ready'
  useEffect(() => {
    // keys and Tab begin at the image, unless the person is somewhere already
    if (isReady && document.activeElement === document.body)
      root.current?.querySelector<HTMLElement>('[role=application]')?.focus()
  }, [isReady])
  const close = () => {
    onAsk(undefined)
    focusCanvas()
  }
  return (
    <div ref={root} className={classes.area}>
      <ToneFilter table={tone} />
      <Canvas
        editor={editor}
        input={session.input}
        picture={shownOf(loaded)}
        colorOf={colorOf}
        display={display}
        pictureFilter={filter}
        labelOf={concepts.canvasLabelOf}
        flags={flags}
        label="Canvas"
        loading={props.loading || !isReady}
      />
      {loaded?.state === 'ready' && display.minimap && (
        <Minimap editor={editor} picture={loaded.picture} filter={filter} />
      )}
      {(!loaded || loaded.state === 'loading') && <SlowLoader />}
      {loaded?.state === 'failed' && <BrokenPicture error={loaded.error} onRetry={props.onRetryPicture} />}
      {props.over}
      <Spoken editor={editor} labelOf={concepts.labelOf} concepts={concepts.byId} />
      <TheirsLayer session={session} />
      <ConceptChip session={session} concepts={concepts} root={root} />
      {asking && (
        <ConceptPicker
          key={asking.keys.join(' ')}
          editor={editor}
          concepts={concepts}
          near={asking.near}
          onPick={(id) => {
            props.onPick(asking.keys, id)
            close()
          }}
          onMake={(name) => {
            props.onMake(asking.keys, name)
            close()
          }}
          onClose={close}
        />
      )}
      {props.filling && (
        <AttributePopup
          key={props.filling.keys.join(' ')}
          editor={editor}
          asking={props.filling}
          definitionsOf={concepts.attributesOf}
          onClose={() => {
            props.onFill(undefined)
            focusCanvas()
          }}
        />
      )}
      {menu && (
        <ContextMenu
          session={session}
          ask={menu}
          labelOf={concepts.labelOf}
          onNote={props.onNote}
          onClose={() => {
            setMenu(undefined)
            focusCanvas()
          }}
          onRelabel={() => onAsk(askFor(session))}
        />
      )}
      <ProblemCard session={session} labelOf={concepts.labelOf} />
    </div>
  )
}

/** What the picker asks for when the selection is to be relabelled; undefined with nothing selected. */
export function askFor({ editor }: InputSession, keys = [...editor.state.selected]): Asking | undefined {
  const region = editor.state.regions.get(keys[0] ?? '')
  if (!region) return undefined
  const { shape } = region
  if (shape.kind === 'box') return { keys, near: shape }
  if (shape.kind === 'mask') return { keys, near: { ...shape, kind: 'box' } }
  if (shape.kind === 'point') return { keys, near: { kind: 'box', x: shape.x, y: shape.y, w: 0, h: 0 } }
  const xs = shape.points.map(([x]) => x)
  const ys = shape.points.map(([, y]) => y)
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { keys, near: { kind: 'box', x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y } }
}

function useFlags(problems: ReadonlyMap<string, { kind: 'refused' | 'conflict' }>, whyNotEdit: Props['whyNotEdit']) {
  return useCallback(
    (region: Region): RegionFlags => ({
      warning: problems.get(region.annotation)?.kind,
      readOnly: whyNotEdit(region) !== undefined,
    }),
    [problems, whyNotEdit],
  )
}

/** Only after a moment, so that a picture that is there at once shows no flicker. */
function SlowLoader() {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 250)
    return () => clearTimeout(timer)
  }, [])
  return slow ? <Loader size="sm" className={classes.loader} aria-label="Loading the image" /> : null
}
