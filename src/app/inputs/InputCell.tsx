import { memo } from 'react'
import { count } from '#app/messages.ts'
import { WorkBadge } from '#app/work/WorkBadge.tsx'
import type { BadgeKind } from '#app/work/workBadges.ts'
import { workState } from '#app/work/workStates.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import { type DotKind, StatusDot } from '#ui/StatusDot.tsx'
import classes from './InputGrid.module.css'
import { Thumbnail } from './Thumbnail.tsx'

interface Props {
  /** Absent while its page is on its way. */
  input: InputSummary | undefined
  /** Address of the workspace with this input. */
  href: string
  /** Place in the list, 0-based; also on the link as `data-index`, by which the grid knows what was clicked. */
  index: number
  column: number
  unsent: boolean
  /** the same function as long as the grid is there */
  nameOf: (userId: string) => string
  selected: boolean
  /** The one cell the Tab key reaches. */
  current: boolean
}

/**
 * One input of the grid: its thumbnail is a link to the workspace. Remembered and without handlers of its own: a scroll
 * draws only the rows that come into view.
 */
export const InputCell = memo(function InputCell(props: Props) {
  const { input, href, index, column, unsent, nameOf, selected, current } = props
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
  const work = works[input.workState]
  const name = input.filename || input.inputId
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its link takes the focus
    // biome-ignore lint/a11y/useSemanticElements: a grid of pictures is no table
    <div role="gridcell" className={classes.cell} aria-colindex={column + 1} aria-selected={selected}>
      <a href={href} className={classes.link} data-index={index} tabIndex={current ? 0 : -1} draggable={false}>
        <span className={classes.picture}>
          <Thumbnail input={input} />
        </span>
        <span className={classes.caption}>
          {work && !unsent ? (
            <WorkBadge kind={work.badge} label={`${work.label}: ${input.workers.map(nameOf).join(', ')}`} />
          ) : (
            <StatusDot kind={kind} />
          )}
          <span className={classes.name} title={name}>
            {name}
          </span>
          {input.regions > 0 && (
            <span className={classes.regions} title={regionsTold(input.regions)}>
              {input.regions.toLocaleString('en')}
              <span className="visually-hidden"> {input.regions === 1 ? 'region' : 'regions'}</span>
            </span>
          )}
        </span>
      </a>
      <button
        type="button"
        tabIndex={-1}
        className={classes.tick}
        aria-label={`Select ${name}`}
        aria-pressed={selected}
        data-tick={index}
      />
    </div>
  )
})

/** Of assigned work it is said how far it is. */
const works: Readonly<Record<number, { readonly badge: BadgeKind; readonly label: string }>> = {
  [workState.todo]: { badge: 'todo', label: 'To do' },
  [workState.returned]: { badge: 'returned', label: 'Sent back' },
  [workState.waiting]: { badge: 'waiting', label: 'Waiting' },
  [workState.done]: { badge: 'approved', label: 'Done' },
}

/** As many outlines as the server gives for a thumbnail (proxy/service/studio/studioOutlines.ts). */
const OUTLINED = 60

const regionsTold = (regions: number): string =>
  count(regions, 'region') + (regions > OUTLINED ? `; ${OUTLINED} of them are drawn here` : '')

function dotOf(input: InputSummary, unsent: boolean): DotKind {
  if (unsent) return 'unsent'
  if (input.regions > 0 || input.imageConcepts > 0) return 'labelled'
  return input.markedEmpty ? 'empty' : 'unlabelled'
}
