import { createHash } from 'node:crypto'
import { create, toBinary } from '@bufbuild/protobuf'
import { AppSchema, InputSchema, UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { BlobMissing, type BlobStore } from '#proxy/media/blobs.ts'
import type { Store } from '#proxy/store/open.ts'
import { searchText } from '#proxy/store/searchText.ts'
import type { Call, Caller } from './call.ts'
import { type Deps, defaultLimits } from './deps.ts'
import { defaultSettings } from './settings.ts'

// What tests of the service stand on: the real service on a real database, a clock that stands and blobs in memory.

export const memoryBlobs = (): BlobStore & { readonly bytes: ReadonlyMap<string, Uint8Array> } => {
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>()
  const derived = new Map<string, Uint8Array<ArrayBuffer>>()
  const get = async (hash: string) => {
    const found = blobs.get(hash)
    if (!found) throw new BlobMissing(hash)
    return found
  }
  return {
    bytes: blobs,
    async put(bytes) {
      const whole = bytes instanceof Uint8Array ? bytes : Buffer.concat(await Array.fromAsync(bytes))
      const hash = createHash('sha256').update(whole).digest('hex')
      blobs.set(hash, Uint8Array.from(whole))
      return { hash, size: whole.length }
    },
    get,
    async open(hash, part) {
      const bytes = await get(hash)
      const asked = part ? bytes.subarray(part.first, part.last + 1) : bytes
      return { stream: new Blob([asked]).stream(), size: bytes.length }
    },
    has: async (hash) => blobs.has(hash),
    async *list() {
      yield* blobs.keys()
    },
    async remove(hash) {
      blobs.delete(hash)
    },
    async sweep({ named }) {
      const kept = await named([...blobs.keys()])
      const gone = [...blobs].filter(([hash]) => !kept.has(hash))
      for (const [hash] of gone) blobs.delete(hash)
      return { blobs: gone.length, bytes: gone.reduce((sum, [, { length }]) => sum + length, 0) }
    },
    getDerived: async (hash, name) => derived.get(`${hash}/${name}`),
    async putDerived(hash, name, bytes) {
      derived.set(`${hash}/${name}`, Uint8Array.from(bytes))
    },
  }
}

const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** 2026-01-01T00:00:00Z in µs: where the clock of tests stands unless they move it. */
export const testNow = 1_767_225_600_000_000

export const testDeps = (store: Store, change: Partial<Deps> = {}): Deps => {
  let ids = 0
  return {
    store,
    blobs: memoryBlobs(),
    now: () => testNow,
    newId: () => (++ids).toString(16).padStart(32, '0'),
    limits: defaultLimits,
    settings: defaultSettings,
    log: silent,
    publicUrl: () => 'http://127.0.0.1:8080',
    mediaKey: Buffer.alloc(32, 7),
    ...change,
  }
}

/** A request by `userId` with a personal access token that may everything, unless said otherwise. */
export const callBy = (userId: string, caller: Partial<Caller> = {}, headers: Record<string, string> = {}): Call => ({
  caller: { userId, via: 'personal_access_token', scopes: 'all', credentialId: 'test', ...caller },
  requestId: 'f'.repeat(32),
  signal: new AbortController().signal,
  header: (name) => headers[name],
  setHeader: () => {},
  remoteAddress: '127.0.0.1',
})

export const addUser = async (store: Store, id: string, firstName = ''): Promise<void> => {
  const message = toBinary(UserSchema, create(UserSchema, { id, firstName }))
  await store.write.insertInto('account').values({ id, message, password_hash: null, created_at: testNow }).execute()
}

/** An app with its number. `metadata.marquee` are its settings. */
export const addApp = async (store: Store, owner: string, id: string, marquee = {}): Promise<number> => {
  const message = toBinary(AppSchema, create(AppSchema, { id, userId: owner, metadata: { marquee } }))
  const times = { created_at: testNow, modified_at: testNow, deleted_at: null }
  const row = await store.write
    .insertInto('app')
    .values({ user_id: owner, id, message, rev: 0, last_at: 0, ...times })
    .returning('no')
    .executeTakeFirstOrThrow()
  return Number(row.no)
}

export const addCollaborator = async (store: Store, app: number, userId: string, scopes: string[]): Promise<void> => {
  const times = { created_at: testNow, modified_at: testNow, deleted_at: null }
  await store.write
    .insertInto('collaborator')
    .values({
      id: `${app}-${userId}`,
      app,
      user_id: userId,
      scopes: JSON.stringify(scopes),
      message: new Uint8Array(),
      ...times,
    })
    .execute()
}

/** An image without pixels: what annotations and the grid need of one. Times rise with `place`. */
export const addInput = async (
  store: Store,
  app: number,
  id: string,
  place = 0,
  filename = `${id}.jpg`,
): Promise<void> => {
  const at = testNow - 1_000_000_000 + place
  await store.write
    .insertInto('input')
    .values({
      app,
      id,
      kind: 'image',
      filename,
      search_text: searchText(filename, id),
      width: 640,
      height: 480,
      status_code: StatusCode.INPUT_SUCCESS,
      source_url: null,
      original: null,
      display: null,
      message: toBinary(InputSchema, create(InputSchema, { id })),
      rev: 0,
      created_at: at,
      modified_at: at,
      deleted_at: null,
      deleted_by: null,
    })
    .execute()
}
