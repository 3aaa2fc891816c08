import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import {
  GetInputCountRequestSchema,
  GetStatusCodeRequestSchema,
  ListStatusCodesRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { aWorld, failure } from '#proxy/service/annotations/annotationTesting.ts'
import { statusCodeMethods } from '#proxy/service/statusCodes.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { moreInputMethods } from './inputsMore.ts'

eachDialect('GetInputCount', (store) => {
  it('counts inputs by their state, without those that are deleted', async () => {
    const world = await aWorld(store())
    const set = (id: string, change: object) =>
      store().write.updateTable('input').set(change).where('id', '=', id).execute()
    await set('i2', { status_code: StatusCode.INPUT_FAILED })
    await set('i3', { deleted_at: 5 })
    const request = create(GetInputCountRequestSchema, { userAppId: { userId: 'owner', appId: 'demo' } })
    const { counts } = await moreInputMethods.getInputCount(request, callBy('ann'), world.deps)
    expect(counts).toMatchObject({ processed: 1, toProcess: 0, processing: 0, errors: 1 })
  })
})

describe('status codes', () => {
  const none = undefined as never // these methods need nothing of the world
  it('are listed, each once', async () => {
    const { statuses } = await statusCodeMethods.listStatusCodes(
      create(ListStatusCodesRequestSchema),
      callBy('x'),
      none,
    )
    expect(statuses.find(({ code }) => code === StatusCode.SUCCESS)?.description).toBe('Ok')
    expect(new Set(statuses.map(({ code }) => code)).size).toBe(statuses.length)
    expect(statuses.length).toBeGreaterThan(300)
  })

  it('are told one by one', async () => {
    const get = (statusCodeId: string) =>
      statusCodeMethods.getStatusCode(create(GetStatusCodeRequestSchema, { statusCodeId }), callBy('x'), none)
    expect((await get('11008')).status?.description).toBe('Invalid API key or Invalid API key/application pair')
    for (const wrong of ['77', '0', 'ok', '']) expect((await failure(get(wrong))).code).toBe(11101)
  })
})
