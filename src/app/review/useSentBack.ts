import { fromBinary } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useMasksRead } from '#app/workspace/masks/useMasksRead.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { regionsOf } from '#model/region.ts'
import { type RegionChange, regionDiff } from '#model/regionDiff.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import type { ReviewMode } from './useReviewMode.ts'

/** What became of work since it was last sent back. */
export interface SinceSentBack {
  readonly by: string
  readonly changes: readonly RegionChange[]
}

/** Undefined on the first round, and where the server keeps no history. */
export function useSentBack(
  scope: AppScope,
  session: InputSession,
  mode: ReviewMode | undefined,
): SinceSentBack | undefined {
  const { clients } = useApp()
  const { item } = mode ?? {}
  const regions = useEditorState(session.editor, ({ regions }) => regions)
  const { data } = useQuery({
    queryKey: [
      ...queryKeys.work(scope),
      'sentBack',
      item?.taskId,
      item?.input?.inputId,
      item?.id,
      item?.round,
    ] as const,
    queryFn: async ({ signal }) => {
      const asked = { userId: scope.owner, appId: scope.app, taskId: item?.taskId ?? '', itemId: item?.id ?? '' }
      const team = await clients.team()
      const { at, by, annotations } = await team
        .getSentBack({ ...asked, inputId: item?.input?.inputId ?? '' }, { signal })
        .catch(absent)
      return at ? { by, annotations: annotations.map((bytes) => fromBinary(AnnotationSchema, bytes)) } : null
    },
    enabled: item !== undefined && item.round > 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { size } = session.editor.state
  const read = useMasksRead(data?.annotations, size)
  return useMemo(() => {
    if (!data || !item || size.width === 0 || read < 0) return undefined
    const before = data.annotations.flatMap((annotation) => regionsOf(annotation, size))
    const theirs = [...regions.values()].filter(({ madeBy }) => madeBy.kind === 'user' && madeBy.id === item.workerId)
    return { by: data.by, changes: regionDiff(before, theirs) }
  }, [data, item, regions, size, read])
}

const absent = (error: unknown): { at: undefined; by: string; annotations: Uint8Array[] } => {
  if (error instanceof ConnectError && error.code === Code.Unimplemented)
    return { at: undefined, by: '', annotations: [] }
  throw error
}
