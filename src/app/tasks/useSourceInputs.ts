import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { datasetSizeQuery } from '#sync/datasets.ts'
import { inputSummariesQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import type { TaskDraft } from './taskDraft.ts'
import { draftOf } from './taskWire.ts'

/**
 * How many inputs a task of this draft will have; undefined where only the server knows: of a saved search, and of a
 * task whose source stays, for it keeps the inputs it was made with.
 */
export function useSourceInputs(
  scope: AppScope,
  draft: TaskDraft | undefined,
  before: Task | undefined,
): number | undefined {
  const { clients } = useApp()
  const { source, sourceId = '' } = draft ?? {}
  const was = before && draftOf(before)
  const stays = was !== undefined && was.source === source && was.sourceId === sourceId
  const all = useQuery({ ...inputSummariesQuery(clients, scope, { perPage: 1 }), enabled: source === 'all' && !stays })
  const dataset = useQuery({
    ...datasetSizeQuery(clients, scope, sourceId),
    enabled: source === 'dataset' && sourceId !== '' && !stays,
  })
  if (stays) return undefined
  if (source === 'all') return all.data?.total
  if (source === 'dataset') return dataset.data ?? undefined
  return source === 'input' ? 1 : undefined
}
