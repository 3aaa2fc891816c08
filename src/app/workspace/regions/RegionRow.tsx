import {
  CircleAlert,
  CircleX,
  Clock,
  EyeOff,
  Hourglass,
  Lock,
  type LucideIcon,
  PencilOff,
  TriangleAlert,
  Users,
} from 'lucide-react'
import { type DefinitionsOf, isIncomplete } from '#app/workspace/attributes/attributeRows.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { maskArea } from '#geometry/mask.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { statusLabel } from '#model/review.ts'
import { Swatch } from '#ui/Swatch.tsx'
import classes from './RegionList.module.css'
import { kindOf, pixels, regionName } from './regionNames.ts'

/** What keeps a region from being more than drawn: a mask that is being read, or cannot be. */
const whyKept = ({ shape }: Region): string | undefined =>
  shape.kind === 'asReceived' && shape.why !== undefined ? `Kept as it was received: ${shape.why}.` : undefined

interface Props {
  editor: Editor
  labelOf: (region: Region) => string
  colorOf: (region: Region) => string
  /** what was refused or clashes, by annotation id */
  problems: ReadonlyMap<string, unknown>
  whyNotEdit: (region: Region) => string | undefined
  definitionsOf: DefinitionsOf
  id: string
  region: Region
  index: number
  total: number
  start: number
  height: number
  /** what it is called by: #3 */
  number: number
  selected: boolean
  active: boolean
  onChoose: (key: RegionKey, range: boolean, toggle: boolean) => void
}

/** A row of the list: number, concept, kind, and by signs what else there is to know. */
export function RegionRow({
  id,
  editor,
  region,
  index,
  total,
  start,
  height,
  number,
  selected,
  active,
  onChoose,
  labelOf,
  colorOf,
  problems,
  whyNotEdit,
  definitionsOf,
}: Props) {
  const hidden = useEditorState(editor, (state) => state.hidden.has(region.key))
  const locked = useEditorState(editor, (state) => state.locked.has(region.key))
  const warning = problems.has(region.annotation)
  const readOnly = whyNotEdit(region)
  const asKept = whyKept(region)
  const incomplete = isIncomplete(region, definitionsOf)
  const states = [
    `#${number}`,
    region.status !== StatusCode.ANNOTATION_SUCCESS && stateOf(region.status, readOnly),
    incomplete && 'attributes are missing',
    hidden && 'hidden',
    locked && 'locked',
    warning && 'not saved, needs you',
    readOnly,
    asKept,
  ]
    .filter(Boolean)
    .join('; ')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list holds the focus and answers the keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-setsize={total}
      aria-posinset={index + 1}
      aria-label={regionName(region, labelOf)}
      aria-description={states || undefined}
      title={readOnly ?? asKept}
      className={classes.row}
      data-cursor={active || undefined}
      data-hidden={hidden || undefined}
      style={{ transform: `translateY(${start}px)`, height }}
      onMouseDown={(event) => event.preventDefault()}
      onClick={(event) => onChoose(region.key, event.shiftKey, event.ctrlKey || event.metaKey)}
      onDoubleClick={() => editor.reveal(region.key)}
    >
      {/* said in the description: its name is concept and kind */}
      <span className={classes.number} data-number={number} aria-hidden />
      <Swatch color={colorOf(region)} />
      <span className={classes.name}>
        {labelOf(region)}{' '}
        <span className={classes.kind}>
          {kindOf(region)}
          {region.shape.kind === 'mask' && ` ${pixels(maskArea(region.shape))}`}
          {region.shape.kind === 'asReceived' && region.shape.why && `: ${region.shape.why}`}
        </span>
      </span>
      <StatusSign status={region.status} title={stateOf(region.status, readOnly)} />
      {incomplete && <CircleAlert size={14} className={classes.incomplete} aria-hidden />}
      {warning && <TriangleAlert size={14} className={classes.warning} aria-hidden />}
      {hidden && <EyeOff size={14} className={classes.icon} aria-hidden />}
      {locked ? (
        <Lock size={14} className={classes.icon} aria-hidden />
      ) : (
        readOnly && <PencilOff size={14} className={classes.icon} aria-hidden />
      )}
    </div>
  )
}

/** What is another's to do is no work of who looks at it. */
const stateOf = (status: number, readOnly: string | undefined): string =>
  readOnly && status === StatusCode.ANNOTATION_PENDING ? 'Not submitted' : statusLabel(status)

/** Clock, hourglass, cross: where in its work the region is. What is done has no sign. */
function StatusSign({ status, title }: { status: number; title: string }) {
  const Sign = signs[status]
  if (!Sign) return null
  return (
    <span
      title={title}
      className={classes.status}
      data-denied={status === StatusCode.ANNOTATION_REVIEW_DENIED || undefined}
    >
      <Sign size={14} aria-hidden />
    </span>
  )
}

const signs: Readonly<Partial<Record<number, LucideIcon>>> = {
  [StatusCode.ANNOTATION_PENDING]: Clock,
  [StatusCode.ANNOTATION_AWAITING_REVIEW]: Hourglass,
  [StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW]: Users,
  [StatusCode.ANNOTATION_REVIEW_DENIED]: CircleX,
}
