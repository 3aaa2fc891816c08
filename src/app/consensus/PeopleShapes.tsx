import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { pathOf } from '#app/review/shapePaths.ts'
import { useMasksRead } from '#app/workspace/masks/useMasksRead.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import { regionsOf } from '#model/region.ts'
import { annotationsQuery } from '#sync/annotations.ts'
import type { AppScope } from '#sync/scope.ts'
import { signsOf } from './personColors.ts'

/** What everybody drew on an image in a task, each in a colour of their own; inside the SVG of a picture. */
export function PeopleShapes({ scope, task, input }: { scope: AppScope; task: string; input: InputSummary }) {
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
    <>
      {drawn.map(({ key, d, color }) => (
        <path key={key} d={d} stroke={color} strokeWidth={2} vectorEffect="non-scaling-stroke" fill="none" />
      ))}
    </>
  )
}
