import { Link } from '@tanstack/react-router'
import { Check, FileAudio, FileText, FileVideo, FileWarning } from 'lucide-react'
import type { MouseEvent } from 'react'
import { count } from '#app/messages.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { type DotKind, dotLabels, StatusDot } from '#ui/StatusDot.tsx'
import classes from './InputGrid.module.css'

interface Props {
  scope: AppScope
  /** Absent while its page is on its way. */
  input: InputSummary | undefined
  index: number
  column: number
  unsent: boolean
  selected: boolean
  /** The one cell the Tab key reaches. */
  current: boolean
  onClick: (event: MouseEvent, index: number) => void
  onToggle: (index: number) => void
  onFocus: (index: number) => void
}

/** One input of the grid: its thumbnail is a link to the workspace. */
export function InputCell({ scope, input, index, column, unsent, selected, current, ...on }: Props) {
  if (!input)
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: nothing to act on yet
      // biome-ignore lint/a11y/useSemanticElements: a grid of pictures is no table
      <div role="gridcell" className={classes.cell} aria-colindex={column + 1}>
        <div className={classes.picture} />
        <div className={classes.caption}>&nbsp;</div>
      </div>
    )
  const kind = dotOf(input, unsent)
  const name = input.filename || input.inputId
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its link takes the focus
    // biome-ignore lint/a11y/useSemanticElements: a grid of pictures is no table
    <div role="gridcell" className={classes.cell} aria-colindex={column + 1} aria-selected={selected}>
      <Link
        to="/apps/$user/$app/inputs/$input"
        params={{ user: scope.owner, app: scope.app, input: input.inputId }}
        className={classes.link}
        data-index={index}
        tabIndex={current ? 0 : -1}
        preload={false}
        draggable={false}
        aria-label={`${name}, ${dotLabels[kind].toLowerCase()}, ${count(input.regions, 'region')}`}
        onClick={(event) => on.onClick(event, index)}
        onFocus={() => on.onFocus(index)}
      >
        <span className={classes.picture}>
          <Picture input={input} />
        </span>
        <span className={classes.caption}>
          <StatusDot kind={kind} />
          <span className={classes.name} title={name}>
            {name}
          </span>
          {input.regions > 0 && <span className={classes.regions}>{input.regions.toLocaleString('en')}</span>}
        </span>
      </Link>
      <button
        type="button"
        tabIndex={-1}
        className={classes.tick}
        aria-label={`Select ${name}`}
        aria-pressed={selected}
        onClick={() => on.onToggle(index)}
      >
        <Check size={12} strokeWidth={3} aria-hidden />
      </button>
    </div>
  )
}

const icons: Record<string, typeof FileText> = { video: FileVideo, text: FileText, audio: FileAudio }

function Picture({ input }: { input: InputSummary }) {
  if (input.thumbnailUrl) return <img src={input.thumbnailUrl} alt="" decoding="async" draggable={false} />
  const Icon = icons[input.kind] ?? FileWarning
  return <Icon size={28} strokeWidth={1.3} aria-hidden />
}

function dotOf(input: InputSummary, unsent: boolean): DotKind {
  if (unsent) return 'unsent'
  if (input.regions > 0 || input.imageConcepts > 0) return 'labelled'
  return input.markedEmpty ? 'empty' : 'unlabelled'
}
