import { create } from '@bufbuild/protobuf'
import { QueryClient } from '@tanstack/query-core'
import { type Annotation, AnnotationSchema, DataSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import { annotationsQuery } from './annotations.ts'
import { queryKeys } from './queryKeys.ts'
import { createSync, type Sync } from './sync.ts'
import type { TestServer } from './testServer.ts'

export const scope = { owner: 'ana', app: 'demo', input: 'photo' }

/** A tab with its own query cache, on the device's storage. */
export class Tab {
  readonly queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  readonly clients: ReturnType<TestServer['browser']>
  readonly sync: Sync
  constructor(server: TestServer, options: Partial<Parameters<typeof createSync>[0]> = {}) {
    this.clients = server.browser()
    const { clients, queryClient } = this
    this.sync = createSync({ clients, queryClient, serverId: 'test', userId: 'ana', random: () => 0.01, ...options })
    open.push(this)
  }

  async start(): Promise<this> {
    await this.sync.start()
    await this.queryClient.fetchQuery({ ...annotationsQuery(this.clients, scope), staleTime: 0 })
    return this
  }

  screen(): Map<string, Annotation> {
    const server = this.queryClient.getQueryData<readonly Annotation[]>(queryKeys.annotations(scope)) ?? []
    return new Map(this.sync.overlay(scope, server).map((annotation) => [annotation.id, annotation]))
  }

  /** As a person does it: what is on the screen is what is changed. */
  put(id: string, value: number | undefined): Promise<void> {
    const before = this.screen().get(id)
    const after = value === undefined ? undefined : tagged(id, value, before)
    return this.sync.edit(scope, new Map([[id, { before, after }]]))
  }

  values(): Record<string, number> {
    return valuesOf(this.screen())
  }

  /** The tab is gone, in the middle of whatever it did. */
  crash(): void {
    this.clients.cut()
    this.sync.stop()
    this.queryClient.clear()
  }
}

export const tagged = (id: string, value: number, before?: Annotation): Annotation =>
  create(AnnotationSchema, {
    ...(before ?? { id, inputId: scope.input, status: statusOf(StatusCode.ANNOTATION_SUCCESS) }),
    data: create(DataSchema, { metadata: { value } }),
  })

export const statusOf = (code: StatusCode) => create(StatusSchema, { code })

export const valuesOf = (annotations: ReadonlyMap<string, Annotation>): Record<string, number> =>
  Object.fromEntries([...annotations].map(([id, { data }]) => [id, data?.metadata?.value as number]))

/** The tabs of the running test; they end with it. */
export const open: Tab[] = []

export const closeAll = (): void => {
  for (const tab of open.splice(0)) tab.crash()
}

const PATIENCE_MS = 15_000

/** @throws Error when it does not become so within 15 s */
export const until = async (holds: () => boolean): Promise<void> => {
  for (const begun = Date.now(); !holds(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() - begun > PATIENCE_MS) throw new Error('it has not become so in 15 s')
}
