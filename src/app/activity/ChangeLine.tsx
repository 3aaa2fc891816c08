import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Thumbnail } from '#app/inputs/Thumbnail.tsx'
import type { Bounds, Change } from '#gen/marquee/v1/office_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import classes from './ActivityPage.module.css'
import { acts, detail } from './activityWords.ts'

interface Props {
  scope: AppScope
  change: Change
  nameOf: (concept: string) => string
  personOf: (user: string) => string
  /** undefined: it cannot be brought back here */
  onRestore: (() => void) | undefined
}

/** One write: the picture with what was there before (dashed) and after, what it did, and the way back. */
export function ChangeLine({ scope, change, nameOf, personOf, onRestore }: Props) {
  const { input, inputId } = change
  const words = detail(change, nameOf, personOf)
  return (
    <li className={classes.change}>
      {input && (
        <span className={classes.picture}>
          <Thumbnail input={input} />
          <Marks change={change} />
        </span>
      )}
      <span className={classes.words}>
        {input ? (
          <Link
            to="/apps/$user/$app/inputs/$input"
            params={{ user: scope.owner, app: scope.app, input: inputId }}
            search={change.action !== acts.deleted && change.regions[0] ? { region: change.regions[0].regionId } : {}}
          >
            {input.filename || inputId}
          </Link>
        ) : (
          inputId && <span>{change.name || inputId} (deleted)</span>
        )}
        {words && <span className={input || inputId ? classes.detail : undefined}>{words}</span>}
      </span>
      {onRestore && (
        <Button variant="default" size="compact-xs" onClick={onRestore}>
          Bring back
        </Button>
      )}
    </li>
  )
}

function Marks({ change }: { change: Change }) {
  const places = change.regions.flatMap(({ regionId, before, after }) => [
    ...(before ? [{ key: `${regionId}-before`, when: 'before', at: before }] : []),
    ...(after ? [{ key: `${regionId}-after`, when: 'after', at: after }] : []),
  ])
  if (places.length === 0) return undefined
  return (
    <svg className={classes.marks} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {places.map(({ key, when, at }) => (
        <rect key={key} data-when={when} {...rectOf(at)} />
      ))}
    </svg>
  )
}

const rectOf = ({ top, left, bottom, right }: Bounds) => ({
  x: left * 100,
  y: top * 100,
  width: Math.max(1, (right - left) * 100),
  height: Math.max(1, (bottom - top) * 100),
})
