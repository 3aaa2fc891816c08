import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { EditorState } from '#editor/state.ts'
import type { Point } from '#geometry/point.ts'
import { bounds, type Shape } from '#geometry/shape.ts'
import { axesOf, toScreen, type View } from '#geometry/view.ts'
import type { RegionChange } from '#model/regionDiff.ts'
import classes from './DiffLayer.module.css'
import { pathOf } from './shapePaths.ts'

const viewPart = (state: EditorState) => state.view

/** Signs that say it without colour. */
export const signs: Readonly<Record<RegionChange['is'], string>> = {
  added: '+',
  removed: '−',
  moved: '→',
  relabelled: '≠',
}

/** Over the picture: what was added, what is gone, where what moved was before. Catches nothing. */
export function DiffLayer({ session, changes }: { session: InputSession; changes: readonly RegionChange[] }) {
  const view = useEditorState(session.editor, viewPart)
  return (
    <div className={classes.layer} data-changes={changes.length} aria-hidden>
      <svg className={classes.shapes} aria-hidden>
        <defs>
          <marker
            id="diff-arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="9"
            markerHeight="9"
            orient="auto"
            markerUnits="userSpaceOnUse"
          >
            <path d="M0 0L8 4L0 8z" className={classes.head} />
          </marker>
        </defs>
        <g transform={matrixOf(view)}>
          {changes.map((change) => (
            <Outlines key={keyOf(change)} change={change} />
          ))}
        </g>
        {changes.map((change) => change.is === 'moved' && <Arrow key={keyOf(change)} change={change} view={view} />)}
      </svg>
      {changes.map((change) => {
        const { x, y } = bounds(('after' in change ? change.after : change.before).shape)
        const [left, top] = toScreen(view, [x, y])
        return (
          <span
            key={keyOf(change)}
            className={classes.sign}
            data-is={change.is}
            style={{ transform: `translate(${left}px, ${top}px)` }}
          >
            {signs[change.is]}
          </span>
        )
      })}
    </div>
  )
}

function Outlines({ change }: { change: RegionChange }) {
  return (
    <>
      {change.is !== 'added' && change.is !== 'relabelled' && (
        <path
          d={pathOf(change.before.shape)}
          className={classes.shape}
          data-is={change.is === 'removed' ? 'removed' : 'was'}
        />
      )}
      {change.is !== 'removed' && <path d={pathOf(change.after.shape)} className={classes.shape} data-is={change.is} />}
    </>
  )
}

/** From where it was to where it is, unless it hardly moved. */
function Arrow({ change, view }: { change: Extract<RegionChange, { is: 'moved' }>; view: View }) {
  const [from, to] = [middleOf(change.before.shape, view), middleOf(change.after.shape, view)]
  if (Math.hypot(from[0] - to[0], from[1] - to[1]) < 14) return null
  return <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} className={classes.arrow} markerEnd="url(#diff-arrow)" />
}

function middleOf(shape: Shape, view: View): Point {
  const { x, y, w, h } = bounds(shape)
  return toScreen(view, [x + w / 2, y + h / 2])
}

export const keyOf = (change: RegionChange): string => ('after' in change ? change.after : change.before).key

export function matrixOf(view: View): string {
  const { a, b, c, d } = axesOf(view)
  const s = view.scale
  return `matrix(${a * s} ${b * s} ${c * s} ${d * s} ${view.x} ${view.y})`
}
