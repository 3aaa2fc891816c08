import { useQuery } from '@tanstack/react-query'
import { MessageSquareDot, Scale } from 'lucide-react'
import { memo, useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { PeopleShapes } from '#app/consensus/PeopleShapes.tsx'
import { FramedPicture } from '#app/inputs/FramedPicture.tsx'
import { count } from '#app/messages.ts'
import { inWords } from '#app/work/ago.ts'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import { useMasksRead } from '#app/workspace/masks/useMasksRead.ts'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { unlabelledColor } from '#model/concept.ts'
import { regionsOf } from '#model/region.ts'
import { annotationsQuery } from '#sync/annotations.ts'
import type { AppScope } from '#sync/scope.ts'
import { Swatch } from '#ui/Swatch.tsx'
import { conceptsSaid, type Said } from './conceptsSaid.ts'
import classes from './Review.module.css'
import { pathOf } from './shapePaths.ts'
import { answeredWords, isJudged, peopleOf } from './together.ts'

interface Props {
  scope: AppScope
  /** one, or what several people made of the same image */
  items: readonly [WorkItem, ...WorkItem[]]
  concepts: Concepts
  nameOf: (id: string) => string
  agreement: number | undefined
  /** its name, where several tasks are shown */
  task: string | undefined
}

/** A piece of work as large as the grid allows, with what its author drew. */
export const ReviewCard = memo(function ReviewCard({ scope, items, concepts, nameOf, agreement, task }: Props) {
  const [item] = items
  const { input } = item
  const several = !isJudged(items)
  const theirs = useTheirs(scope, item)
  if (!input) return null
  return (
    <>
      <FramedPicture
        input={input}
        shapes={
          several ? (
            <PeopleShapes scope={scope} task={item.taskId} input={input} />
          ) : (
            <Shapes theirs={theirs ?? nothing} item={item} concepts={concepts} />
          )
        }
      >
        {item.sentBack > 0 && <span className={classes.round}>Round {item.sentBack + 1}</span>}
      </FramedPicture>
      <span className={classes.caption}>
        <span className={classes.clip}>{input.filename || input.inputId}</span>
        <span className={classes.meta}>
          <span className={classes.clip}>{several ? `${peopleOf(items)} people` : nameOf(item.workerId)}</span>
          {!several && item.regions > 0 && <span>{count(item.regions, 'region')}</span>}
          {agreement !== undefined && <span title="Agreement">{Math.round(agreement * 100)}%</span>}
          {item.openNotes > 0 && (
            <span title={count(item.openNotes, 'open note')}>
              <MessageSquareDot size={12} aria-hidden /> {item.openNotes}
            </span>
          )}
          <span className={`${classes.clip} ${classes.age}`}>
            {item.modifiedAt && inWords(item.modifiedAt, Date.now())}
          </span>
        </span>
        {!several && item.othersApproved.length > 0 && (
          <span className={classes.against} title={answeredWords(item, nameOf)}>
            <Scale size={12} aria-hidden /> Against an approved answer
          </span>
        )}
        {!several && <SaidLine theirs={theirs} concepts={concepts} />}
        {task !== undefined && (
          <span className={classes.task} title={`Task: ${task}`}>
            {task}
          </span>
        )}
      </span>
    </>
  )
})

/** What its author has made in this work; undefined until it is known. */
function useTheirs(scope: AppScope, item: WorkItem): readonly Annotation[] | undefined {
  const { clients } = useApp()
  const inputId = item.input?.inputId ?? ''
  const { data } = useQuery({ ...annotationsQuery(clients, { ...scope, input: inputId }), staleTime: 30_000 })
  return useMemo(
    () => data?.filter(({ userId, taskId }) => userId === item.workerId && taskId === item.taskId),
    [data, item.workerId, item.taskId],
  )
}

/** The concepts by name, how often each, or that there is nothing. */
function SaidLine({ theirs, concepts }: { theirs: readonly Annotation[] | undefined; concepts: Concepts }) {
  if (theirs === undefined) return <span className={classes.said} aria-hidden />
  const said = conceptsSaid(theirs)
  if (said.length === 0) return <span className={classes.said}>Nothing here</span>
  return (
    <span className={classes.said} title={said.map((one) => wordsOf(one, concepts)).join(', ')}>
      {said.map((one) => (
        <span key={`${one.id}/${one.absent}`} className={classes.concept}>
          <Swatch color={concepts.byId.get(one.id)?.color ?? unlabelledColor} />
          {wordsOf(one, concepts)}
        </span>
      ))}
    </span>
  )
}

const wordsOf = ({ id, count: n, absent }: Said, concepts: Concepts): string => {
  const name = id === '' ? 'Unlabelled' : (concepts.byId.get(id)?.name ?? id)
  return `${absent ? 'no ' : ''}${name}${n > 1 ? ` × ${n}` : ''}`
}

const nothing: readonly Annotation[] = []

function Shapes({
  theirs,
  item,
  concepts,
}: Pick<Props, 'concepts'> & { theirs: readonly Annotation[]; item: WorkItem }) {
  const { width = 0, height = 0 } = item.input ?? {}
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
