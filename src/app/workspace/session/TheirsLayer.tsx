import { matrixOf } from '#app/review/DiffLayer.tsx'
import { pathOf } from '#app/review/shapePaths.ts'
import type { EditorState } from '#editor/state.ts'
import { bounds } from '#geometry/shape.ts'
import { toScreen } from '#geometry/view.ts'
import { regionsOf } from '#model/region.ts'
import type { InputSession } from './session.ts'
import classes from './TheirsLayer.module.css'
import { useEditorState, useSessionState } from './useSession.ts'

const viewPart = (state: EditorState) => state.view

/** Where two versions of a region clash: the other one, beside one's own, so that one can choose. Catches nothing. */
export function TheirsLayer({ session }: { session: InputSession }) {
  const { problems } = useSessionState(session)
  const theirs = [...problems.values()].flatMap((problem) =>
    problem.kind === 'conflict' && problem.theirs ? regionsOf(problem.theirs, session.editor.state.size) : [],
  )
  return theirs.length > 0 && <Outlines session={session} regions={theirs} />
}

function Outlines({ session, regions }: { session: InputSession; regions: ReturnType<typeof regionsOf> }) {
  const view = useEditorState(session.editor, viewPart)
  return (
    <div className={classes.layer} data-theirs={regions.length} aria-hidden>
      <svg className={classes.shapes} aria-hidden>
        <g transform={matrixOf(view)}>
          {regions.map(({ key, shape }) => (
            <g key={key}>
              <path d={pathOf(shape)} className={classes.ground} />
              <path d={pathOf(shape)} className={classes.dashes} />
            </g>
          ))}
        </g>
      </svg>
      {regions.map(({ key, shape }) => {
        const { x, y, h } = bounds(shape)
        const [left, top] = toScreen(view, [x, y + h])
        return (
          <span key={key} className={classes.sign} style={{ transform: `translate(${left}px, ${top}px)` }}>
            theirs
          </span>
        )
      })}
    </div>
  )
}
