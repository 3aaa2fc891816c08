import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { FramedPicture } from '#app/inputs/FramedPicture.tsx'
import { count } from '#app/messages.ts'
import { pathOf } from '#app/review/shapePaths.ts'
import { useMasksRead } from '#app/workspace/useMasksRead.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import { regionsOf } from '#model/region.ts'
import { annotationsQuery } from '#sync/annotations.ts'
import type { AppScope } from '#sync/scope.ts'
import classes from './Consensus.module.css'
import { signsOf } from './personColors.ts'

interface Props {
  scope: AppScope
  task: string
  input: InputSummary
  /** 0 … 1 */
  agreement: number
  people: number
}

/** An image with what everybody drew on it, each in a colour of their own. */
export function DisagreementCard({ scope, task, input, agreement, people }: Props) {
  const { clients } = useApp()
  const { inputId, width, height } = input
  const { data } = useQuery({ ...annotationsQuery(clients, { ...scope, input: inputId }), staleTime: 30_000 })
  const theirs = useMemo(
    () => (data ?? []).filter(({ taskId, userId }) => taskId === task && userId !== ''),
    [data, task],
  )
  const read = useMasksRead(theirs, { width, height })
  // biome-ignore lint/correctness/useExhaustiveDependencies: masks that were read have become shapes
  const drawn = useMemo(() => {
    const signs = signsOf([...new Set(theirs.map(({ userId }) => userId))].sort())
    return theirs.flatMap((annotation) =>
      regionsOf(annotation, { width, height }).map((region) => ({
        key: region.key,
        d: pathOf(region.shape),
        color: signs.get(annotation.userId)?.color,
      })),
    )
  }, [theirs, width, height, read])
  return (
    <Link
      to="/apps/$user/$app/inputs/$input"
      params={{ user: scope.owner, app: scope.app, input: inputId }}
      search={{ consensus: task }}
      className={classes.card}
    >
      <FramedPicture
        input={input}
        shapes={drawn.map(({ key, d, color }) => (
          <path key={key} d={d} stroke={color} strokeWidth={2} vectorEffect="non-scaling-stroke" fill="none" />
        ))}
      />
      <span className={classes.caption}>
        <span className={classes.clip}>{input.filename || inputId}</span>
        <span className={classes.dim}>{count(people, 'person', 'people')}</span>
        <span className={classes.share}>
          {Math.round(agreement * 100)}%<span className="visually-hidden"> agreement</span>
        </span>
      </span>
    </Link>
  )
}
