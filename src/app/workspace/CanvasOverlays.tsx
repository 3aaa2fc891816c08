import { Menu } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import { RegionMenuItems } from '#app/workspace/regions/RegionMenu.tsx'
import { regionName } from '#app/workspace/regions/regionNames.ts'
import { ProblemActions, ProblemsAtOnce, ProblemText } from '#app/workspace/session/Problem.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState, useSessionState } from '#app/workspace/session/useSession.ts'
import type { Ask } from '#editor/tools/tool.ts'
import { toImage } from '#geometry/view.ts'
import { unlabelledColor } from '#model/concept.ts'
import type { Region } from '#model/region.ts'
import { Swatch } from '#ui/Swatch.tsx'
import classes from './CanvasArea.module.css'

const conceptPart = (state: { concept?: string | undefined }) => state.concept
const CHIP_MS = 1000

/** Beside the pointer for a second: what is drawn from now on. */
export function ConceptChip({
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
  }, [concept, session])
  useEffect(() => {
    // apart from the effect above, which another image runs again without showing anything
    if (!shown) return
    const timer = setTimeout(() => setShown(undefined), CHIP_MS)
    return () => clearTimeout(timer)
  }, [shown])
  if (!shown) return null
  const row = concepts.byId.get(shown.id)
  return (
    <div className={classes.chip} style={{ left: shown.x + 14, top: shown.y + 14 }} aria-hidden>
      <Swatch color={row?.color ?? unlabelledColor} size={10} />
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
  /** Begins a note at a point, image px. */
  onNote: (x: number, y: number) => void
}

/** What lies under the pointer, and what can be done to what is selected. */
export function ContextMenu({ session, ask, labelOf, onClose, onRelabel, onNote }: ContextMenuProps) {
  const { editor } = session
  const { regions, selected } = editor.state
  const [x, y] = ask.screen
  const stack = ask.stack.flatMap((key) => regions.get(key) ?? [])
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={2}
      width={280}
      // a long menu near the lower edge moves up beside the pointer: nothing of it is cut off
      middlewares={{ flip: false, shift: { crossAxis: true, padding: 8 } }}
    >
      <Menu.Target>
        <span aria-hidden className={classes.anchor} style={{ left: x, top: y }} />
      </Menu.Target>
      <Menu.Dropdown>
        {selected.size > 0 && <RegionMenuItems editor={editor} onRelabel={onRelabel} />}
        {stack.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>Under the pointer</Menu.Label>
            <div className={classes.stack}>
              {stack.map((region) => (
                <Menu.Item
                  key={region.key}
                  onClick={() => editor.select([region.key])}
                  aria-current={selected.has(region.key) || undefined}
                >
                  {regionName(region, labelOf)}
                </Menu.Item>
              ))}
            </div>
          </>
        )}
        {selected.size === 0 && (
          <>
            {regions.size > 0 && <Menu.Item onClick={() => editor.selectAll()}>Select all</Menu.Item>}
            {editor.state.hidden.size > 0 && (
              <Menu.Item onClick={() => editor.setHidden(regions.keys(), false)}>Show all regions</Menu.Item>
            )}
            <Menu.Item onClick={() => editor.fit()}>Fit the image</Menu.Item>
          </>
        )}
        {selected.size > 0 && <Menu.Divider />}
        <Menu.Item onClick={() => onNote(...toImage(editor.state.view, ask.screen))}>Note here…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const selectedPart = (state: { selected: ReadonlySet<string> }) => state.selected

/** What the server did not take, of the selected region or else the first: the reason, and the ways on. */
export function ProblemCard({ session, labelOf }: { session: InputSession; labelOf: (region: Region) => string }) {
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
      <ProblemText scope={session.scope} problem={problem} />
      <div className={classes.problemActions}>
        <ProblemActions sync={sync} address={{ ...session.scope, annotation: id }} problem={problem} />
      </div>
      <ProblemsAtOnce
        key={problem.kind}
        sync={sync}
        kind={problem.kind}
        problems={[...problems].map(([annotation, each]) => ({
          address: { ...session.scope, annotation },
          problem: each,
        }))}
      />
    </section>
  )
}
