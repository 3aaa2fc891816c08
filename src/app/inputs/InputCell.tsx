import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import type { MouseEvent } from 'react'
import { count } from '#app/messages.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { type DotKind, StatusDot } from '#ui/StatusDot.tsx'
import classes from './InputGrid.module.css'
import { Thumbnail } from './Thumbnail.tsx'

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
        onClick={(event) => on.onClick(event, index)}
        onFocus={() => on.onFocus(index)}
      >
        <span className={classes.picture}>
          <Thumbnail input={input} />
        </span>
        <span className={classes.caption}>
          <StatusDot kind={kind} />
          <span className={classes.name} title={name}>
            {name}
          </span>
          {input.regions > 0 && (
            <span className={classes.regions} title={count(input.regions, 'region')}>
              {input.regions.toLocaleString('en')}
              <span className="visually-hidden"> {input.regions === 1 ? 'region' : 'regions'}</span>
            </span>
          )}
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

function dotOf(input: InputSummary, unsent: boolean): DotKind {
  if (unsent) return 'unsent'
  if (input.regions > 0 || input.imageConcepts > 0) return 'labelled'
  return input.markedEmpty ? 'empty' : 'unlabelled'
}
