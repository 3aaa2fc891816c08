import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import {
  type DatasetVersion,
  type DatasetVersionSchema,
  type QuerySchema,
  SearchSchema,
} from '#gen/datasets/proto/clarifai/api/resources_pb.ts'
import type { Clients } from './client.ts'
import type { ExportSource } from './exports.ts'
import type { AppScope } from './scope.ts'
import { tasksQuery } from './tasks.ts'

/** Whose labels an export holds: of one task, of none of these tasks, or what a script's own filter chose. */
export type ExportLabels =
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'outside'; readonly of: readonly string[] }
  | { readonly kind: 'filter' }

/** A task that finished labels of the inputs come from. */
export interface LabelSource {
  readonly id: string
  readonly name: string
  /** with finished labels; undefined where the server does not count */
  readonly inputs: number | undefined
  /** of these, with labels of another source, too */
  readonly shared: number
}

export interface LabelSources {
  /** Most inputs first; also tasks that are deleted, whose labels are still there. */
  readonly tasks: readonly LabelSource[]
  /** Inputs with labels outside of tasks; undefined where the server does not count. */
  readonly outside: Omit<LabelSource, 'id' | 'name'> | undefined
  readonly sharedInputs: number
}

type Query = MessageInitShape<typeof QuerySchema>

/** What the inputs of a source are found by. */
export const queryOf = (source: ExportSource): Query | undefined => {
  if (source.kind === 'all') return undefined
  if (source.kind === 'dataset') return { filters: [{ input: { datasetIds: [source.id] } }] }
  return { filters: [{ annotation: { data: { concepts: source.ids.map((id) => ({ id, value: 1 })) } } }] }
}

/** Of which tasks the inputs of a source have finished labels, and how many have them of several. */
export const labelSourcesQuery = (clients: Clients, scope: AppScope, source: ExportSource | undefined) => ({
  queryKey: ['app', scope.owner, scope.app, 'label sources', source] as const,
  enabled: source !== undefined,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<LabelSources> => {
    const tasks = await tasksQuery(clients, scope).queryFn({ signal })
    const query = source && queryOf(source)
    const search = query ? toBinary(SearchSchema, create(SearchSchema, { query })) : new Uint8Array()
    const team = await clients.team()
    const found = await team
      .listLabelSources({ userId: scope.owner, appId: scope.app, search }, { signal })
      .catch((error: unknown) => {
        if (error instanceof ConnectError && error.code === Code.Unimplemented) return undefined
        throw error
      })
    if (!found) {
      const all = tasks.map(({ id, name }) => ({ id, name: name || id, inputs: undefined, shared: 0 }))
      return { tasks: all, outside: { inputs: undefined, shared: 0 }, sharedInputs: 0 }
    }
    const nameOf = (id: string): string => {
      const task = tasks.find((one) => one.id === id)
      return task ? task.name || id : `deleted task ${id}`
    }
    const sources = found.sources.map(({ taskId: id, inputs, shared }) => ({ id, name: nameOf(id), inputs, shared }))
    return {
      tasks: sources.filter(({ id }) => id !== '').sort((a, b) => b.inputs - a.inputs),
      outside: sources.find(({ id }) => id === ''),
      sharedInputs: found.sharedInputs,
    }
  },
})

type DataConfig = NonNullable<MessageInitShape<typeof DatasetVersionSchema>['dataConfig']>

/** What a version is to hold; undefined: all of it. */
export const configOf = (labels: ExportLabels | undefined, onlyLabelled: boolean): DataConfig | undefined => {
  const filters =
    labels?.kind === 'task'
      ? [{ annotation: { taskId: labels.id } }]
      : labels?.kind === 'outside'
        ? labels.of.map((taskId) => ({ negate: true, annotation: { taskId } }))
        : []
  const annotationFilter = filters.length > 0 ? { annotationFilter: { search: { query: { filters } } } } : undefined
  if (!annotationFilter && !onlyLabelled) return undefined
  return { case: 'annotationFilterConfig', value: { ignoreEmptyInputs: onlyLabelled, ...annotationFilter } }
}

/** Whose labels a version holds; undefined: all. */
export const labelsOf = ({ dataConfig }: DatasetVersion): ExportLabels | undefined => {
  const filter = dataConfig.case === 'annotationFilterConfig' ? dataConfig.value.annotationFilter : undefined
  if (!filter) return undefined
  const { filters = [], ands = [] } = filter.search?.query ?? {}
  const tasks = filters.flatMap(({ annotation, negate }) =>
    annotation?.taskId ? [{ id: annotation.taskId, negate }] : [],
  )
  if (ands.length > 0 || tasks.length < filters.length || tasks.length === 0) return { kind: 'filter' }
  if (tasks.every(({ negate }) => negate)) return { kind: 'outside', of: tasks.map(({ id }) => id) }
  return tasks.length === 1 ? { kind: 'task', id: tasks[0]!.id } : { kind: 'filter' }
}
