import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import { DeleteInputsRequestSchema, StreamInputsRequestSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { addApp, addInput, addUser, callBy, testDeps } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { inputMethods } from './inputs.ts'

const userAppId = { userId: 'owner', appId: 'demo' }
/** In the order they were added; by id it is another one. */
const ids = Array.from({ length: 45 }, (_, i) => `i${String((i * 7) % 45).padStart(2, '0')}`)

eachDialect('StreamInputs', (store) => {
  let deps: Deps
  beforeEach(async () => {
    deps = testDeps(store())
    for (const id of ['owner', 'stranger']) await addUser(store(), id)
    const app = await addApp(store(), 'owner', 'demo')
    const other = await addApp(store(), 'owner', 'other')
    for (const [place, id] of ids.entries()) await addInput(store(), app, id, place)
    await addInput(store(), other, 'elsewhere', 3)
  })

  const page = async (request: object = {}, by = 'owner'): Promise<string[]> => {
    const asked = create(StreamInputsRequestSchema, { userAppId, ...request })
    const { inputs, status } = await inputMethods.streamInputs(asked, callBy(by), deps)
    expect(status?.code).toBe(StatusCode.SUCCESS)
    return inputs.map(({ id }) => id)
  }
  /** Every page, each after the last input of the one before, until an empty one. */
  const walk = async (request: object = {}): Promise<string[]> => {
    const all: string[] = []
    for (;;) {
      const next = await page({ ...request, lastId: all.at(-1) ?? '' })
      if (next.length === 0) return all
      all.push(...next)
    }
  }

  it('begins with the oldest, 20 a page unless asked', async () => {
    expect(await page()).toEqual(ids.slice(0, 20))
    expect(await page({ lastId: ids[19] })).toEqual(ids.slice(20, 40))
    expect(await page({ perPage: 3, lastId: ids[1] })).toEqual(ids.slice(2, 5))
    expect(await page({ lastId: ids.at(-1) })).toEqual([])
    expect(await page({ perPage: 5000 })).toEqual(ids)
  })

  it('walks over all of them once, in each of its orders', async () => {
    const sorted = [...ids].sort()
    expect(await walk()).toEqual(ids)
    expect(await walk({ descending: true })).toEqual([...ids].reverse())
    expect(await walk({ orderById: true, perPage: 7 })).toEqual(sorted)
    expect(await walk({ orderById: true, descending: true })).toEqual([...sorted].reverse())
  })

  it('goes on where it was, though the last input was deleted meanwhile and others were added', async () => {
    const remove = create(DeleteInputsRequestSchema, { userAppId, ids: [ids[19]!, ids[20]!] })
    await inputMethods.deleteInputs(remove, callBy('owner'), deps)
    expect(await page({ lastId: ids[19] })).toEqual(ids.slice(21, 41))
  })

  it('refuses a place it does not know, and people who do not know the app', async () => {
    expect(await failure(page({ lastId: 'elsewhere' }))).toEqual({
      code: StatusCode.CONN_INVALID_REQUEST,
      details: 'last_id: the app has no input "elsewhere"',
    })
    expect((await failure(page({}, 'stranger'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
  })
})
