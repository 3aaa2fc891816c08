import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import * as api from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { addApp, addCollaborator, addUser, callBy, testDeps, testNow } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { inputsAddJobMethods } from './inputsAddJobs.ts'
import { postInputs } from './postInputs.ts'

const userAppId = { userId: 'owner', appId: 'demo' }

eachDialect('jobs that add inputs', (store) => {
  let deps: Deps
  let now = testNow
  beforeEach(async () => {
    now = testNow
    deps = testDeps(store(), { now: () => now++ })
    for (const id of ['owner', 'ana']) await addUser(store(), id)
    const app = await addApp(store(), 'owner', 'demo')
    await addCollaborator(store(), app, 'ana', ['Inputs_Get'])
  })

  const post = (inputsAddJobId: string, ...texts: string[]) => {
    const inputs = texts.map((raw) => ({ id: raw || 'none', data: { text: { raw } } }))
    const request = create(api.PostInputsRequestSchema, { userAppId, inputs, inputsAddJobId })
    return postInputs(request, callBy('owner'), deps)
  }
  const get = async (id: string) => {
    const request = create(api.GetInputsAddJobRequestSchema, { userAppId, id })
    return (await inputsAddJobMethods.getInputsAddJob(request, callBy('ana'), deps)).inputsAddJob!
  }
  const list = async (page: object = {}) => {
    const request = create(api.ListInputsAddJobsRequestSchema, { userAppId, ...page })
    const { inputsAddJobs } = await inputsAddJobMethods.listInputsAddJobs(request, callBy('ana'), deps)
    return inputsAddJobs.map(({ id }) => id)
  }
  const cancel = (id: string, by = 'owner') => {
    const request = create(api.CancelInputsAddJobRequestSchema, { userAppId, id })
    return inputsAddJobMethods.cancelInputsAddJob(request, callBy(by), deps)
  }
  const counts = (successCount: number, failedCount: number) => ({
    pendingCount: 0n,
    inProgressCount: 0n,
    successCount: BigInt(successCount),
    failedCount: BigInt(failedCount),
  })

  it('count what was added and what failed, over all calls that name them', async () => {
    const first = await post('job', 'one', 'two', '')
    expect(first.status?.code).toBe(StatusCode.MIXED_STATUS)
    expect(first.inputsAddJob).toMatchObject({ id: 'job', progress: counts(2, 1) })
    await post('job', 'three')
    await post('', 'four')
    const job = await get('job')
    expect(job).toMatchObject({ id: 'job', progress: counts(3, 1), status: { code: StatusCode.JOB_COMPLETED } })
    expect(job.modifiedAt).not.toEqual(job.createdAt)
  })

  it('do not count a repeat again', async () => {
    await post('job', 'one', 'two')
    const again = await post('job', 'one', 'two')
    expect(again.status?.code).toBe(StatusCode.SUCCESS)
    expect(again.inputsAddJob?.progress).toMatchObject(counts(2, 0))
  })

  it('are only there when they are named, and listed oldest first', async () => {
    expect((await post('', 'one')).inputsAddJob).toBeUndefined()
    expect(await list()).toEqual([])
    for (const id of ['b', 'a', 'c']) await post(id, id)
    expect(await list()).toEqual(['b', 'a', 'c'])
    expect(await list({ page: 2, perPage: 2 })).toEqual(['c'])
    expect(await failure(get('d'))).toEqual({
      code: StatusCode.CONN_DOES_NOT_EXIST,
      details: 'id: the app has no job "d"',
    })
    expect((await failure(post('a/b', 'x'))).details).toContain('inputs_add_job_id: ')
  })

  it('take nothing more once they are cancelled; what they added stays', async () => {
    await post('job', 'one')
    expect((await cancel('job')).inputsAddJob).toMatchObject({ id: 'job', status: { code: StatusCode.JOB_CANCELLED } })
    expect((await cancel('job')).status?.code).toBe(StatusCode.SUCCESS)
    expect(await failure(post('job', 'two'))).toEqual({
      code: StatusCode.JOB_CANCELLED,
      details: 'inputs_add_job_id: "job" was cancelled',
    })
    expect((await get('job')).progress).toMatchObject(counts(1, 0))
    expect((await failure(cancel('none'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
    expect((await failure(cancel('job', 'ana'))).details).toBe('missing scopes: Inputs_Add')
  })
})
