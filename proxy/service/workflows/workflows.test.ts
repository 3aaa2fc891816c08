import { expect, it } from 'vitest'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { addModel, addPhotos, modelWorld, rpc } from '#proxy/service/models/predictTesting.ts'
import { eachDialect } from '#proxy/store/testing.ts'

const endpoint = 'http://127.0.0.1:9/predict'

const world = async (store: Parameters<typeof modelWorld>[0]): Promise<Deps> => {
  const deps = await modelWorld(store)
  for (const id of ['a', 'b']) await addModel(deps, id, endpoint)
  return deps
}
const node = (id: string, ...from: string[]) => ({
  id,
  model: { id: 'a' },
  nodeInputs: from.map((nodeId) => ({ nodeId })),
})
const refusal = (deps: Deps, ...nodes: object[]) =>
  failure(rpc(deps)('postWorkflows', { workflows: [{ id: 'w', nodes }] }))

eachDialect('workflows', (store) => {
  it('name one version of each model, and come back in the order they run', async () => {
    const deps = await world(store())
    const { workflows } = await rpc(deps)('postWorkflows', {
      workflows: [{ id: 'w', description: 'two steps', nodes: [node('last', 'first'), node('first')] }],
    })
    expect(workflows[0]).toMatchObject({ id: 'w', appId: 'demo', userId: 'owner', description: 'two steps' })
    expect(workflows[0]!.nodes.map(({ id }) => id)).toEqual(['first', 'last'])
    expect(workflows[0]!.nodes[0]!.model).toMatchObject({ id: 'a', appId: 'demo', modelVersion: { id: 'v-a' } })
    await rpc(deps)('postModelVersions', { modelId: 'a', modelVersions: [{ id: 'newer' }] })
    const { workflow } = await rpc(deps, 'ana')('getWorkflow', { workflowId: 'w' })
    expect(workflow?.nodes[0]?.model?.modelVersion?.id).toBe('v-a')
    expect(workflow?.version?.workflowId).toBe('w')
  })

  it('are refused when their graph or a model is wrong, naming the field', async () => {
    const deps = await world(store())
    await rpc(deps)('postModels', { models: [{ id: 'bare' }] })
    const graph = StatusCode.WORKFLOW_INVALID_GRAPH
    expect(await refusal(deps, node(''))).toEqual({ code: graph, details: 'workflows[0].nodes[0].id: required' })
    expect(await refusal(deps, node('x'), node('x'))).toMatchObject({ code: graph })
    expect(await refusal(deps, node('x', 'y'))).toEqual({
      code: graph,
      details: 'workflows[0].nodes[0].node_inputs[0].node_id: there is no node "y"',
    })
    expect(await refusal(deps, node('x', 'y'), node('y', 'x'))).toEqual({
      code: graph,
      details: 'workflows[0].nodes: "x", "y" wait for one another',
    })
    expect(await refusal(deps, { id: 'x', model: { id: 'none' } })).toEqual({
      code: StatusCode.MODEL_DOES_NOT_EXIST,
      details: 'workflows[0].nodes[0].model.id: the app has no model "none"',
    })
    expect(await refusal(deps, { id: 'x', model: { id: 'a', appId: 'main', userId: 'clarifai' } })).toMatchObject({
      code: StatusCode.MODEL_DOES_NOT_EXIST,
    })
    expect(await refusal(deps, { id: 'x', model: { id: 'a', modelVersion: { id: 'v-b' } } })).toMatchObject({
      code: StatusCode.MODEL_DOES_NOT_EXIST,
    })
    expect(await refusal(deps, { id: 'x', model: { id: 'bare' } })).toMatchObject({
      code: StatusCode.WORKFLOW_REQUIRE_TRAINED_MODEL,
    })
    expect((await rpc(deps)('listWorkflows', {})).workflows).toEqual([])
  })

  it('get a new version whenever their nodes change', async () => {
    const deps = await world(store())
    const call = rpc(deps)
    const { workflows } = await call('postWorkflows', { workflows: [{ id: 'w', nodes: [node('x')] }] })
    const first = workflows[0]!.version!.id
    const patch = async (action: string, more: object) =>
      (await call('patchWorkflows', { action, workflows: [{ id: 'w', ...more }] })).workflows[0]!
    expect((await patch('merge', { description: 'said' })).version?.id).toBe(first)
    expect((await patch('merge', { nodes: [node('y', 'x')] })).nodes.map(({ id }) => id)).toEqual(['x', 'y'])
    expect((await patch('remove', { nodes: [{ id: 'y' }] })).nodes.map(({ id }) => id)).toEqual(['x'])
    const last = await patch('overwrite', { nodes: [node('z')] })
    expect(last).toMatchObject({ description: 'said', nodes: [{ id: 'z' }] })
    const versions = async () =>
      (await call('listWorkflowVersions', { workflowId: 'w' })).workflowVersions.map(({ nodes }) =>
        nodes.map(({ id }) => id).join(),
      )
    expect(await versions()).toEqual(['z', 'x', 'x,y', 'x'])
    const { workflowVersion } = await call('getWorkflowVersion', { workflowId: 'w', workflowVersionId: first })
    expect(workflowVersion).toMatchObject({ id: first, workflowId: 'w', nodes: [{ id: 'x' }] })
    await call('deleteWorkflowVersions', { workflowId: 'w', workflowVersionIds: [first] })
    expect(await versions()).toEqual(['z', 'x', 'x,y'])
  })

  it('are marked when a model they use is deleted', async () => {
    const deps = await world(store())
    const call = rpc(deps)
    await call('postWorkflows', { workflows: [{ id: 'w', nodes: [node('x')] }, { id: 'empty' }] })
    const deprecated = async (workflowId: string) =>
      (await call('getWorkflow', { workflowId })).workflow?.version?.isDeprecated
    expect(await deprecated('w')).toBe(false)
    await call('deleteModelVersion', { modelId: 'a', versionId: 'v-a' })
    expect([await deprecated('w'), await deprecated('empty')]).toEqual([true, false])
  })

  it('become the default of their app, which cannot be deleted, and are found without an id', async () => {
    const deps = await world(store())
    const call = rpc(deps)
    await call('postWorkflows', { workflows: ['w', 'v'].map((id) => ({ id, nodes: [node('x')] })) })
    const patch = (app: object, action = 'overwrite') => call('patchApps', { action, apps: [{ id: 'demo', ...app }] })
    expect(await failure(call('getWorkflow', {}))).toMatchObject({ code: StatusCode.WORKFLOW_DOES_NOT_EXIST })
    expect(await failure(patch({ defaultWorkflowId: 'none' }))).toEqual({
      code: StatusCode.WORKFLOW_DOES_NOT_EXIST,
      details: 'apps[0].default_workflow_id: the app has no workflow "none"',
    })
    expect((await patch({ defaultWorkflow: { id: 'w' } })).apps[0]).toMatchObject({
      defaultWorkflowId: 'w',
      defaultWorkflow: { id: 'w', appId: 'demo', userId: 'owner' },
    })
    expect((await call('getWorkflow', {})).workflow?.id).toBe('w')
    expect(await failure(call('deleteWorkflow', { workflowId: 'w' }))).toMatchObject({
      code: StatusCode.WORKFLOW_INVALID_ARGUMENT,
    })
    expect(await failure(call('deleteWorkflows', { deleteAll: true }))).toMatchObject({
      code: StatusCode.WORKFLOW_INVALID_ARGUMENT,
    })
    expect((await call('listWorkflows', {})).workflows).toHaveLength(2)
    await patch({ defaultWorkflowId: 'w' }, 'remove')
    await call('deleteWorkflows', { ids: ['w', 'none'] })
    expect((await call('listWorkflows', {})).workflows.map(({ id }) => id)).toEqual(['v'])
  })

  it("are copied into a new app; Clarifai's own are kept by name and run nothing", async () => {
    const deps = await world(store())
    const call = rpc(deps)
    await call('postWorkflows', { workflows: [{ id: 'w', nodes: [node('x')] }] })
    const from = { id: 'w', userId: 'owner', appId: 'demo' }
    const userAppId = { userId: 'owner' }
    await call('postApps', {
      userAppId,
      apps: [
        { id: 'copied', defaultWorkflow: from },
        { id: 'plain', defaultWorkflowId: 'Universal' },
      ],
    })
    const { workflow } = await call('getWorkflow', { userAppId: { userId: 'owner', appId: 'copied' } })
    expect(workflow).toMatchObject({ id: 'w', appId: 'copied', nodes: [{ model: { id: 'a', appId: 'demo' } }] })
    const plain = await call('getApp', { userAppId: { userId: 'owner', appId: 'plain' } })
    expect(plain.app).toMatchObject({ defaultWorkflowId: 'Universal', defaultWorkflow: { userId: 'clarifai' } })
    const theirs = rpc(deps, 'stranger')('postApps', {
      userAppId: { userId: 'stranger' },
      apps: [{ id: 'mine', defaultWorkflow: from }],
    })
    expect(await failure(theirs)).toMatchObject({ code: StatusCode.WORKFLOW_DOES_NOT_EXIST })
  })

  it('are queued for new inputs, once, and for all inputs when the app is reindexed', async () => {
    const deps = await world(store())
    const call = rpc(deps)
    await addPhotos(deps, 'before')
    await call('postWorkflows', { workflows: [{ id: 'w', nodes: [node('x')] }] })
    const jobs = async () =>
      (await store().read.selectFrom('job').select(['input_id', 'state']).orderBy('input_id').execute()).map(
        ({ input_id, state }) => `${input_id} ${state}`,
      )
    const use = (reindex: boolean) =>
      call('patchApps', { action: 'overwrite', apps: [{ id: 'demo', defaultWorkflowId: 'w' }], reindex })
    await use(false)
    expect(await jobs()).toEqual([])
    await addPhotos(deps, 'one', 'two')
    await call('postAnnotations', { annotations: [{ inputId: 'one', data: { concepts: [{ id: 'tree', value: 1 }] } }] })
    expect(await jobs()).toEqual(['one waiting', 'two waiting'])
    await call('deleteInputs', { ids: ['two'] })
    await store().write.updateTable('job').set({ state: 'done', due_at: null }).execute()
    await use(true)
    expect(await jobs()).toEqual(['before waiting', 'one waiting', 'two done'])
  })
})
