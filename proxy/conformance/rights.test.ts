import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Who } from '#e2e/server.ts'
import { codes } from './capability.ts'
import { aTag, byModel, conceptsOf, idOf, listed, one } from './seedExample.ts'
import { Bench, concept, startEmbedded, type Target } from './target.ts'

// Who may do what: the table of api.md §5.2 by hand, a test a row, over the wire (decisions §37).

let target: Target
beforeAll(async () => {
  target = await startEmbedded({ RATE_LIMIT: '0' })
}, 60_000)
afterAll(() => target?.stop())

const OK = 10000
const NO_SCOPES = 11007
const DENIED = 24156
const everything = ['Annotations', 'Inputs', 'Concepts', 'Tasks', 'Datasets', 'SavedSearch'].flatMap((what) => [
  `${what}_Get`,
  `${what}_Add`,
])
const more = [...everything, 'Apps_Get', 'Models_Get', 'Workflows_Get', 'Search', 'Predict', 'Collaborators_Get']

describe.each(['gRPC', 'REST'] as const)('who may, over %s', (protocol) => {
  let bench: Bench
  let input = ''
  const invite = (who: Who, scopes: string[]) =>
    bench.ok('PatchCollaborators', { action: 'overwrite', collaborators: [{ user: { id: who }, scopes }] })
  beforeAll(async () => {
    bench = await Bench.make(target, target.client(protocol))
    input = await one(bench)
    for (const who of ['annotator', 'annotator-2'] as const) await invite(who, [...more, 'Annotations_Delete'])
    await invite(
      'reviewer',
      more.filter((scope) => scope !== 'Annotations_Add'),
    )
  })

  const post = async (who: Who, annotation: JsonObject) =>
    codes(await bench.call('PostAnnotations', { annotations: [annotation] }, who))[0]
  const by = async (who: Who, annotation: JsonObject = aTag(input, 'tree')): Promise<string> => {
    const answer = await bench.ok('PostAnnotations', { annotations: [annotation] }, who)
    return listed(answer)[0]!.id
  }
  const patch = async (who: Who, id: string, change: JsonObject = { data: { concepts: [concept('sky')] } }) => {
    const annotations = [{ input_id: input, id, ...change }]
    return codes(await bench.call('PatchAnnotations', { action: 'merge', annotations }, who))[0]
  }
  const remove = async (who: Who, annotation_id: string) =>
    (await bench.call('DeleteAnnotation', { input_id: input, annotation_id }, who)).status.code
  const code = async (who: Who, method: string, request: JsonObject) =>
    (await bench.call(method, request, who)).status.code

  it('post an annotation as oneself: the owner, and collaborators with Annotations_Add', async () => {
    expect(await post('owner', aTag(input, 'a'))).toBe(24150)
    expect(await post('annotator', aTag(input, 'a'))).toBe(24150)
    const { status } = await bench.call('PostAnnotations', { annotations: [aTag(input, 'a')] }, 'reviewer')
    expect(status).toMatchObject({ code: NO_SCOPES, details: expect.stringContaining('Annotations_Add') })
  })

  it('post with the user_id of another: the owner alone', async () => {
    expect(await post('owner', { ...aTag(input, 'a'), user_id: 'annotator' })).toBe(24150)
    for (const user_id of ['owner', 'annotator-2'])
      expect(await post('annotator', { ...aTag(input, 'a'), user_id })).toBe(DENIED)
  })

  it('patch one’s own: both', async () => {
    expect(await patch('owner', await by('owner'))).toBe(24150)
    expect(await patch('annotator', await by('annotator'))).toBe(24150)
  })

  it('patch that of another collaborator: the owner alone', async () => {
    const id = await by('annotator-2')
    expect(await patch('annotator', id)).toBe(DENIED)
    expect(conceptsOf(await bench.get(input, id))).toEqual([['tree', 1]])
    expect(await patch('owner', id)).toBe(24150)
  })

  it('patch that of the owner: no collaborator', async () => {
    expect(await patch('annotator', await by('owner'))).toBe(DENIED)
  })

  it('patch what a model made: nobody', async () => {
    const id = await idOf(bench, byModel(input))
    for (const who of ['owner', 'annotator'] as const) expect(await patch(who, id)).toBe(DENIED)
  })

  it('a reviewer patches a labeler’s while it awaits review, and not after', async () => {
    const apps = [{ id: bench.app, metadata: { marquee: { review: 'manual', reviewers: ['annotator-2'] } } }]
    await bench.ok('PatchApps', { user_app_id: { user_id: 'owner' }, action: 'merge', apps })
    const id = await by('annotator', { ...aTag(input, 'tree'), status: { code: 24157 } })
    expect(await patch('annotator-2', id)).toBe(24157)
    expect(await patch('annotator-2', id, { status: { code: 24150 } })).toBe(24150)
    expect(await patch('annotator-2', id)).toBe(DENIED)
  })

  it('delete annotations: the owner any, collaborators their own, with Annotations_Delete', async () => {
    expect(await remove('annotator', await by('annotator-2'))).toBe(DENIED)
    expect(await remove('annotator', await by('owner'))).toBe(DENIED)
    expect(await remove('annotator', await by('annotator'))).toBe(OK)
    expect(await remove('owner', await by('annotator'))).toBe(OK)
    expect(await remove('reviewer', await by('annotator'))).toBe(NO_SCOPES)
    expect(await remove('owner', await idOf(bench, byModel(input)))).toBe(OK)
  })

  it('see the annotations of others: both', async () => {
    const id = await by('annotator-2')
    for (const who of ['owner', 'annotator', 'reviewer'] as const)
      expect(await bench.list({ input_ids: [input], ids: [id] }, who)).toHaveLength(1)
  })

  it('make a task: the owner, and collaborators with Tasks_Add; work on it: its workers alone', async () => {
    const worker = { strategy: 3, workers: [{ user: { id: 'annotator' } }] }
    const review = { strategy: 2, users: [{ id: 'annotator-2' }] }
    const tasks = [{ name: 'trees', type: 1, input_source: { type: 1 }, worker, review }]
    const [task] = (await bench.ok('PostTasks', { tasks }, 'annotator')).tasks as { id: string }[]
    const task_id = task!.id
    const put = (who: Who, action: number) => code(who, 'PutTaskAssignments', { task_id, action })
    expect(await put('annotator-2', 1)).toBe(54103)
    expect(await put('annotator', 1)).toBe(OK)
    // review: its reviewers alone
    expect(await put('annotator', 10)).toBe(54103)
    expect(await put('annotator-2', 10)).toBe(OK)
    await invite(
      'annotator',
      more.filter((scope) => scope !== 'Tasks_Add'),
    )
    expect(await code('annotator', 'PostTasks', { tasks })).toBe(NO_SCOPES)
    await invite('annotator', [...more, 'Annotations_Delete'])
  })

  it('invite: the owner, and collaborators with Collaborators_Add', async () => {
    const collaborators = [{ user: { id: 'nobody-we-know' }, scopes: ['Apps_Get'] }]
    expect(await code('annotator', 'PostCollaborators', { collaborators })).toBe(NO_SCOPES)
    await invite('annotator', [...more, 'Collaborators_Add', 'Annotations_Delete'])
    expect(await code('annotator', 'PostCollaborators', { collaborators })).not.toBe(NO_SCOPES)
  })

  it('make keys for the app: the owner alone', async () => {
    const keys = [{ description: 'a key', scopes: ['Apps_Get'], apps: [{ id: bench.app, user_id: 'owner' }] }]
    expect(await code('owner', 'PostKeys', { user_app_id: { user_id: 'owner' }, keys })).toBe(OK)
    expect(await code('annotator', 'PostKeys', { user_app_id: { user_id: 'annotator' }, keys })).not.toBe(OK)
  })

  it('change or delete the app: the owner alone', async () => {
    expect(await code('annotator', 'DeleteApp', {})).toBe(NO_SCOPES)
    const apps = [{ id: bench.app, description: 'mine now' }]
    const taken = { user_app_id: { user_id: 'owner' }, action: 'merge', apps }
    expect(await code('annotator', 'PatchApps', taken)).not.toBe(OK)
  })
})
