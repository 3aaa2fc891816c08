import { useQuery } from '@tanstack/react-query'
import { MessageSquareDot } from 'lucide-react'
import { memo, useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { PeopleShapes } from '#app/consensus/PeopleShapes.tsx'
import { FramedPicture } from '#app/inputs/FramedPicture.tsx'
import { count } from '#app/messages.ts'
import { inWords } from '#app/work/ago.ts'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import { useMasksRead } from '#app/workspace/masks/useMasksRead.ts'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { unlabelledColor } from '#model/concept.ts'
import { regionsOf } from '#model/region.ts'
import { annotationsQuery } from '#sync/annotations.ts'
import type { AppScope } from '#sync/scope.ts'
import classes from './Review.module.css'
import { pathOf } from './shapePaths.ts'

interface Props {
  scope: AppScope
  /** one, or what several people made of the same image */
  items: readonly [WorkItem, ...WorkItem[]]
  concepts: Concepts
  nameOf: (id: string) => string
  agreement: number | undefined
}

/** A piece of work as large as the grid allows, with what its author drew. */
export const ReviewCard = memo(function ReviewCard({ scope, items, concepts, nameOf, agreement }: Props) {
  const [item, ...others] = items
  const { input } = item
  const several = others.length > 0
  if (!input) return null
  return (
    <>
      <FramedPicture
        input={input}
        shapes={
          several ? (
            <PeopleShapes scope={scope} task={item.taskId} input={input} />
          ) : (
            <Shapes scope={scope} item={item} concepts={concepts} />
          )
        }
      >
        {item.round > 0 && <span className={classes.round}>Round {item.round + 1}</span>}
      </FramedPicture>
      <span className={classes.caption}>
        <span className={classes.clip}>{input.filename || input.inputId}</span>
        <span className={classes.meta}>
          <span className={classes.clip}>{several ? `${items.length} people` : nameOf(item.workerId)}</span>
          {!several && <span>{count(item.regions, 'region')}</span>}
          {agreement !== undefined && <span title="Agreement">{Math.round(agreement * 100)}%</span>}
          {item.openNotes > 0 && (
            <span title={count(item.openNotes, 'open note')}>
              <MessageSquareDot size={12} aria-hidden /> {item.openNotes}
            </span>
          )}
          <span>{item.modifiedAt && inWords(item.modifiedAt, Date.now())}</span>
        </span>
      </span>
    </>
  )
})

function Shapes({ scope, item, concepts }: Pick<Props, 'scope' | 'concepts'> & { item: WorkItem }) {
  const { clients } = useApp()
  const { inputId = '', width = 0, height = 0 } = item.input ?? {}
  const { data } = useQuery({ ...annotationsQuery(clients, { ...scope, input: inputId }), staleTime: 30_000 })
  const theirs = useMemo(
    () => (data ?? []).filter(({ userId, taskId }) => userId === item.workerId && taskId === item.taskId),
    [data, item.workerId, item.taskId],
  )
  const read = useMasksRead(theirs, { width, height })
  // biome-ignore lint/correctness/useExhaustiveDependencies: masks that were read have become shapes
  const drawn = useMemo(
    () => theirs.flatMap((annotation) => regionsOf(annotation, { width, height })),
    [theirs, width, height, read],
  )
  return (
    <>
      {drawn.map(({ key, shape, concepts: [concept] }) => (
        <path
          key={key}
          d={pathOf(shape)}
          stroke={(concept && concepts.byId.get(concept.id)?.color) ?? unlabelledColor}
          strokeWidth={shape.kind === 'point' ? 8 : 2}
          strokeLinecap="round"
          strokeDasharray={shape.kind === 'asReceived' ? '5 3' : undefined}
          vectorEffect="non-scaling-stroke"
          fill="none"
        />
      ))}
    </>
  )
}
