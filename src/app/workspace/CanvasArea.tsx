import { Loader, Menu } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { Canvas } from '#canvas/Canvas.tsx'
import type { RegionFlags } from '#canvas/paint.ts'
import type { Picture } from '#canvas/picture.ts'
import type { Ask } from '#editor/tools/tool.ts'
import type { Box } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'
import { Swatch } from '#ui/Swatch.tsx'
import { BrokenPicture } from './BrokenPicture.tsx'
import classes from './CanvasArea.module.css'
import { ConceptPicker } from './ConceptPicker.tsx'
import { NoticeBar, type useNotices } from './NoticeBar.tsx'
import type { Loaded } from './picturePool.ts'
import { regionName } from './RegionList.tsx'
import { RegionMenuItems } from './RegionMenu.tsx'
import { ProblemActions, ProblemText } from './SaveStatus.tsx'
import type { InputSession } from './session.ts'
import type { Concepts } from './useConcepts.ts'
import { useEditorState, useSessionState } from './useSession.ts'

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
  onPick: (keys: readonly string[], id: string) => void
  onMake: (keys: readonly string[], name: string) => void
  notices: ReturnType<typeof useNotices>
}

/** The drawing surface and what floats over it: picker, menu, notices, what was refused. */
export function CanvasArea(props: Props) {
  const { session, concepts, loaded, asking, onAsk } = props
  const { editor } = session
  const root = useRef<HTMLDivElement>(null)
  const { problems } = useSessionState(session)
  const [menu, setMenu] = useState<Extract<Ask, { kind: 'menu' }>>()
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
  const close = () => {
    onAsk(undefined)
    focusCanvas()
  }
  return (
    <div ref={root} className={classes.area}>
      <Canvas
        editor={editor}
        input={session.input}
        picture={loaded?.state === 'ready' ? loaded.picture : undefined}
        colorOf={concepts.colorOf}
        labelOf={concepts.labelOf}
        flags={flags}
        label="Canvas"
        loading={props.loading}
      />
      {(!loaded || loaded.state === 'loading') && <SlowLoader />}
      {loaded?.state === 'failed' && <BrokenPicture error={loaded.error} onRetry={props.onRetryPicture} />}
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
      {menu && (
        <ContextMenu
          session={session}
          ask={menu}
          labelOf={concepts.labelOf}
          onClose={() => setMenu(undefined)}
          onRelabel={() => onAsk(askFor(session))}
        />
      )}
      <ProblemCard session={session} labelOf={concepts.labelOf} />
      <NoticeBar notices={props.notices} />
    </div>
  )
}

/** What the picker asks for when the selection is to be relabelled; undefined with nothing selected. */
export function askFor({ editor }: InputSession): Asking | undefined {
  const keys = [...editor.state.selected]
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

const conceptPart = (state: { concept?: string | undefined }) => state.concept
const CHIP_MS = 1000

/** Beside the pointer for a second: what is drawn from now on. */
function ConceptChip({
  session,
  concepts,
  root,
}: {
  session: InputSession
  concepts: Concepts
  root: React.RefObject<HTMLDivElement | null>
}) {
  const concept = useEditorState(session.editor, conceptPart)
  const at = useRef<{ x: number; y: number }>(undefined)
  const [shown, setShown] = useState<{ id: string; x: number; y: number }>()
  const before = useRef(concept)
  useEffect(() => {
    const surface = root.current
    const onMove = (event: PointerEvent) => {
      const frame = surface?.getBoundingClientRect()
      if (frame) at.current = { x: event.clientX - frame.left, y: event.clientY - frame.top }
    }
    surface?.addEventListener('pointermove', onMove)
    return () => surface?.removeEventListener('pointermove', onMove)
  }, [root])
  useEffect(() => {
    if (before.current === concept) return
    before.current = concept
    const { viewport } = session.editor.state
    const { x, y } = at.current ?? { x: viewport.width / 2, y: viewport.height / 2 }
    setShown(concept === undefined ? undefined : { id: concept, x, y })
    const timer = setTimeout(() => setShown(undefined), CHIP_MS)
    return () => clearTimeout(timer)
  }, [concept, session])
  if (!shown) return null
  const row = concepts.byId.get(shown.id)
  return (
    <div className={classes.chip} style={{ left: shown.x + 14, top: shown.y + 14 }} aria-hidden>
      <Swatch color={row?.color ?? '#bbbbbb'} size={10} />
      {row?.name ?? shown.id}
    </div>
  )
}

interface ContextMenuProps {
  session: InputSession
  ask: Extract<Ask, { kind: 'menu' }>
  labelOf: (region: Region) => string
  onClose: () => void
  onRelabel: () => void
}

/** What lies under the pointer, and what can be done to what is selected. */
function ContextMenu({ session, ask, labelOf, onClose, onRelabel }: ContextMenuProps) {
  const { editor } = session
  const { regions, selected } = editor.state
  const [x, y] = ask.screen
  const stack = ask.stack.flatMap((key) => regions.get(key) ?? [])
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={2} width={230} returnFocus>
      <Menu.Target>
        <span className={classes.anchor} style={{ left: x, top: y }} />
      </Menu.Target>
      <Menu.Dropdown>
        {selected.size > 0 && <RegionMenuItems editor={editor} onRelabel={onRelabel} />}
        {stack.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>Under the pointer</Menu.Label>
            {stack.map((region) => (
              <Menu.Item
                key={region.key}
                onClick={() => editor.select([region.key])}
                aria-current={selected.has(region.key) || undefined}
              >
                {regionName(region, labelOf)}
              </Menu.Item>
            ))}
          </>
        )}
        {selected.size === 0 && <Menu.Item onClick={() => editor.fit()}>Fit the image</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  )
}

const selectedPart = (state: { selected: ReadonlySet<string> }) => state.selected

/** What the server did not take, of the selected region or else the first: the reason, and the ways on. */
function ProblemCard({ session, labelOf }: { session: InputSession; labelOf: (region: Region) => string }) {
  const { sync } = useApp()
  const { problems } = useSessionState(session)
  const selected = useEditorState(session.editor, selectedPart)
  if (problems.size === 0) return null
  const { regions } = session.editor.state
  const chosen = [...selected]
    .map((key) => regions.get(key)?.annotation)
    .find((id) => id !== undefined && problems.has(id))
  const id = chosen ?? problems.keys().next().value
  const problem = id === undefined ? undefined : problems.get(id)
  if (id === undefined || !problem) return null
  const region = [...regions.values()].find(({ annotation }) => annotation === id)
  return (
    <section className={classes.problem} aria-label="Not saved">
      <p className={classes.problemName}>
        {region ? regionName(region, labelOf) : 'A change of this image'}
        {problems.size > 1 && <span className={classes.more}> and {problems.size - 1} more</span>}
      </p>
      <ProblemText problem={problem} />
      <div className={classes.problemActions}>
        <ProblemActions sync={sync} address={{ ...session.scope, annotation: id }} problem={problem} />
      </div>
    </section>
  )
}
