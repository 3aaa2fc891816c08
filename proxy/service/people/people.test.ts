import { create } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { expect, it } from 'vitest'
import * as api from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import { appMethods } from '#proxy/service/apps.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { callBy, testDeps, testNow } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { authenticate } from './authenticate.ts'
import { collaboratorMethods } from './collaborators.ts'
import { keyMethods } from './keys.ts'
import { demo, invalidRequest, invite, notThere, postApps, tooFewScopes, world } from './peopleTesting.ts'
import { allScopeNames, labelerScopes } from './scopeNames.ts'
import { addPerson, userMethods } from './users.ts'

const collaborators = (deps: Deps, by: string) =>
  collaboratorMethods.listCollaborators(
    create(api.ListCollaboratorsRequestSchema, { userAppId: demo }),
    callBy(by),
    deps,
  )

type SentKey = NonNullable<Parameters<typeof create<typeof api.PostKeysRequestSchema>>[1]>['keys']
const postKeys = (deps: Deps, by: string, keys: SentKey, caller: Partial<Caller> = {}) =>
  keyMethods.postKeys(create(api.PostKeysRequestSchema, { ...(keys && { keys }) }), callBy(by, caller), deps)

const scopesIn = async (deps: Deps, by: string, userAppId?: { userId: string; appId: string }, caller = {}) =>
  (
    await keyMethods.myScopes(
      create(api.MyScopesRequestSchema, { ...(userAppId && { userAppId }) }),
      callBy(by, caller),
      deps,
    )
  ).scopes

eachDialect('apps', (store) => {
  it('are made, named after their id, listed and read by their owner', async () => {
    const deps = await world(testDeps(store()))
    const { apps } = await appMethods.listApps(create(api.ListAppsRequestSchema), callBy('owner'), deps)
    expect(apps).toMatchObject([
      { id: 'demo', name: 'demo', userId: 'owner', createdAt: { seconds: BigInt(testNow / 1e6) } },
    ])
    const got = await appMethods.getApp(create(api.GetAppRequestSchema, { userAppId: demo }), callBy('owner'), deps)
    expect(got.app).toMatchObject({ id: 'demo' })
  })

  it('need an id of their own; nothing is made when one is refused', async () => {
    const deps = await world(testDeps(store()))
    expect(await failure(postApps(deps, 'owner', 'next', 'demo'))).toMatchObject({
      code: StatusCode.DATABASE_DUPLICATE_KEY,
      details: expect.stringContaining('apps[1].id'),
    })
    for (const id of ['a/b', '..', 'me', ' x', 'x'.repeat(129)])
      expect(await failure(postApps(deps, 'owner', id))).toMatchObject(invalidRequest)
    const { apps } = await appMethods.listApps(create(api.ListAppsRequestSchema), callBy('owner'), deps)
    expect(apps).toHaveLength(1)
    await postApps(deps, 'ana', 'demo')
    const none = create(api.PostAppsRequestSchema)
    expect(await failure(appMethods.postApps(none, callBy('owner'), deps))).toMatchObject(invalidRequest)
  })

  it('are made for oneself only', async () => {
    const deps = await world(testDeps(store()))
    const request = create(api.PostAppsRequestSchema, { userAppId: { userId: 'ana' }, apps: [{ id: 'x' }] })
    expect(await failure(appMethods.postApps(request, callBy('owner'), deps))).toMatchObject(tooFewScopes)
  })

  it('are searched, sorted and paged', async () => {
    const deps = await world(testDeps(store()))
    await postApps(deps, 'owner', 'zebra', 'apple')
    const list = async (request: object) =>
      (await appMethods.listApps(create(api.ListAppsRequestSchema, request), callBy('owner'), deps)).apps.map(
        ({ id }) => id,
      )
    expect(await list({ sortBy: { case: 'sortById', value: true }, sortAscending: true })).toEqual([
      'apple',
      'demo',
      'zebra',
    ])
    expect(await list({ search: 'APP' })).toEqual(['apple'])
    expect(await list({ perPage: 2, page: 2 })).toEqual(['apple'])
    expect(await list({ page: 9 })).toEqual([])
  })

  it('are invisible to strangers, and changed and deleted by their owner alone', async () => {
    const deps = await world(testDeps(store()))
    await invite(deps, 'owner', 'ana', ['All'])
    const get = (by: string) =>
      appMethods.getApp(create(api.GetAppRequestSchema, { userAppId: demo }), callBy(by), deps)
    expect(await failure(get('stranger'))).toMatchObject(notThere)
    expect((await get('ana')).app?.id).toBe('demo')
    const patch = (by: string, app: object, action = 'merge') =>
      appMethods.patchApps(
        create(api.PatchAppsRequestSchema, { apps: [{ id: 'demo', ...app }], action }),
        callBy(by),
        deps,
      )
    const settings = (review: string) => ({ metadata: { marquee: { review } } })
    await patch('owner', { name: 'Demo', metadata: { other: 1 } })
    const { apps } = await patch('owner', settings('manual'))
    expect(apps).toMatchObject([{ name: 'Demo', metadata: { other: 1, marquee: { review: 'manual' } } }])
    expect((await patch('owner', settings('none'), 'overwrite')).apps[0]!.metadata).toEqual({
      marquee: { review: 'none' },
    })
    expect(await failure(patch('ana', { name: 'x' }))).toMatchObject(notThere)
    expect(await failure(patch('owner', {}, 'paint'))).toMatchObject(invalidRequest)
    const remove = (by: string) =>
      appMethods.deleteApp(create(api.DeleteAppRequestSchema, { userAppId: demo }), callBy(by), deps)
    expect(await failure(remove('ana'))).toMatchObject(tooFewScopes)
    await remove('owner')
    expect(await failure(get('owner'))).toMatchObject(notThere)
    await postApps(deps, 'owner', 'demo')
    expect(await failure(get('ana'))).toMatchObject(notThere)
  })
})

eachDialect('collaborators', (store) => {
  it('get the scopes of a labeler, and everybody sees who owns the app', async () => {
    const deps = await world(testDeps(store()))
    const { collaborators: made } = await invite(deps, 'owner', 'ana')
    expect(made).toMatchObject([{ user: { id: 'ana', firstName: 'ANA' }, scopes: labelerScopes }])
    const seen = await collaborators(deps, 'ana')
    expect(seen).toMatchObject({ appOwner: { id: 'owner' }, collaborators: [{ user: { id: 'ana' } }] })
    const shared = await collaboratorMethods.listCollaborations(
      create(api.ListCollaborationsRequestSchema),
      callBy('ana'),
      deps,
    )
    expect(shared.collaborations).toMatchObject([
      { app: { id: 'demo' }, appOwner: { id: 'owner' }, scopes: labelerScopes },
    ])
    const ofOwner = create(api.ListAppsRequestSchema, { userAppId: { userId: 'owner' } })
    expect((await appMethods.listApps(ofOwner, callBy('ana'), deps)).apps).toHaveLength(1)
    expect((await appMethods.listApps(ofOwner, callBy('stranger'), deps)).apps).toHaveLength(0)
  })

  it('must exist, not be the owner and not be there yet', async () => {
    const deps = await world(testDeps(store()))
    expect(await failure(invite(deps, 'owner', 'nobody'))).toMatchObject(notThere)
    expect(await failure(invite(deps, 'owner', ''))).toMatchObject(invalidRequest)
    expect(await failure(invite(deps, 'owner', 'owner'))).toMatchObject(invalidRequest)
    expect(await failure(invite(deps, 'owner', 'ana', ['Everything']))).toMatchObject(invalidRequest)
    await invite(deps, 'owner', 'ana')
    expect(await failure(invite(deps, 'owner', 'ana'))).toMatchObject({ code: StatusCode.DATABASE_DUPLICATE_KEY })
  })

  it('invite others only with the scope for it, and never with more than they have', async () => {
    const deps = await world(testDeps(store()))
    await invite(deps, 'owner', 'ana')
    expect(await failure(invite(deps, 'ana', 'ben'))).toMatchObject(tooFewScopes)
    await collaboratorMethods.patchCollaborators(
      create(api.PatchCollaboratorsRequestSchema, {
        userAppId: demo,
        action: 'merge',
        collaborators: [{ user: { id: 'ana' }, scopes: ['Collaborators_Add'] }],
      }),
      callBy('owner'),
      deps,
    )
    await invite(deps, 'ana', 'ben')
    expect(await failure(invite(deps, 'ana', 'stranger', ['Inputs_Delete']))).toMatchObject(tooFewScopes)
    expect(await failure(invite(deps, 'ana', 'stranger', ['All']))).toMatchObject(tooFewScopes)
  })

  it('lose the app when they are removed; they may leave, but not remove others', async () => {
    const deps = await world(testDeps(store()))
    await invite(deps, 'owner', 'ana')
    await invite(deps, 'owner', 'ben')
    const ids = new Map((await collaborators(deps, 'owner')).collaborators.map(({ id, user }) => [user!.id, id]))
    const remove = (by: string, who: string) =>
      collaboratorMethods.deleteCollaborators(
        create(api.DeleteCollaboratorsRequestSchema, { userAppId: demo, collaboratorIds: [ids.get(who)!] }),
        callBy(by),
        deps,
      )
    expect(await failure(remove('ana', 'ben'))).toMatchObject(tooFewScopes)
    await remove('ana', 'ana')
    expect(await failure(collaborators(deps, 'ana'))).toMatchObject(notThere)
    await remove('owner', 'ben')
    expect((await collaborators(deps, 'owner')).collaborators).toEqual([])
    await invite(deps, 'owner', 'ana')
  })
})

eachDialect('users', (store) => {
  it('see themselves, and the names of those they work with', async () => {
    const deps = await world(testDeps(store()))
    await invite(deps, 'owner', 'ana')
    await invite(deps, 'owner', 'ben')
    const get = async (by: string, userId: string) =>
      (await userMethods.getUser(create(api.GetUserRequestSchema, { userAppId: { userId } }), callBy(by), deps)).user
    expect(await get('ana', 'me')).toMatchObject({ id: 'ana', createdAt: { nanos: 0 } })
    expect(await get('ana', 'owner')).toMatchObject({ id: 'owner', firstName: 'OWNER' })
    expect(await get('ana', 'ben')).toMatchObject({ id: 'ben' })
    expect(await failure(get('ana', 'stranger'))).toMatchObject(notThere)
    expect(await failure(get('ana', 'nobody'))).toMatchObject(notThere)
  })

  it('have ids that can stand in an address, each once', async () => {
    const deps = await world(testDeps(store()))
    const add = (id: string) => addPerson(deps, { id, firstName: '', lastName: '', password: undefined })
    for (const id of ['', 'me', '..', 'a/b', 'a\nb', 'new person!', '_new', 'new.', 'née'])
      expect(await failure(add(id))).toMatchObject(invalidRequest)
    expect(await failure(add('ana'))).toMatchObject({ code: StatusCode.DATABASE_DUPLICATE_KEY })
  })
})

eachDialect('keys', (store) => {
  const token = { type: 'personal_access_token' }

  it('show their secret once and are stored hashed', async () => {
    const deps = await world(testDeps(store()))
    const { keys } = await postKeys(deps, 'ana', [{ ...token, description: 'laptop' }])
    const secret = keys[0]!.id
    expect(secret).toMatch(/^[\w-]{43}$/)
    const rows = await deps.store.read.selectFrom('api_key').selectAll().execute()
    const everything = JSON.stringify(
      rows.map((row) => ({ ...row, message: Buffer.from(row.message).toString('latin1') })),
    )
    expect(everything).not.toContain(secret)
    const listed = await keyMethods.listKeys(create(api.ListKeysRequestSchema), callBy('ana'), deps)
    expect(listed.keys).toMatchObject([{ type: 'personal_access_token', description: 'laptop', scopes: ['All'] }])
    expect(listed.keys[0]!.id).not.toBe(secret)
    expect(await authenticate({ kind: 'key', secret }, deps)).toMatchObject({
      userId: 'ana',
      via: 'personal_access_token',
    })
    expect(await failure(authenticate({ kind: 'key', secret: listed.keys[0]!.id }, deps))).toMatchObject({
      code: StatusCode.CONN_KEY_INVALID,
    })
  })

  it('stop working when they are deleted, by public id or by secret', async () => {
    const deps = await world(testDeps(store()))
    const { keys } = await postKeys(deps, 'ana', [token, token])
    const remove = (by: string, keyId: string) =>
      keyMethods.deleteKey(create(api.DeleteKeyRequestSchema, { keyId }), callBy(by), deps)
    expect(await failure(remove('ben', keys[0]!.id))).toMatchObject(notThere)
    await remove('ana', keys[0]!.id)
    const left = await keyMethods.listKeys(create(api.ListKeysRequestSchema), callBy('ana'), deps)
    expect(left.keys).toHaveLength(1)
    await remove('ana', left.keys[0]!.id)
    for (const { id: secret } of keys)
      expect(await failure(authenticate({ kind: 'key', secret }, deps))).toMatchObject({
        code: StatusCode.CONN_KEY_INVALID,
      })
    expect(await failure(remove('ana', keys[0]!.id))).toMatchObject(notThere)
  })

  it('expire', async () => {
    let now = testNow
    const deps = await world(testDeps(store(), { now: () => now }))
    const expiresAt = timestampFromMs(testNow / 1000 + 1000)
    const { keys } = await postKeys(deps, 'ana', [{ ...token, expiresAt }])
    await authenticate({ kind: 'key', secret: keys[0]!.id }, deps)
    now += 1_000_000
    await failure(authenticate({ kind: 'key', secret: keys[0]!.id }, deps))
    const living = create(api.ListKeysRequestSchema, { notExpired: true })
    expect((await keyMethods.listKeys(living, callBy('ana'), deps)).keys).toEqual([])
    expect(await failure(postKeys(deps, 'ana', [{ ...token, expiresAt }]))).toMatchObject(invalidRequest)
  })

  it('that say nothing are for one app, and delete no inputs', async () => {
    const deps = await world(testDeps(store()))
    for (const said of [{}, { description: 'a script' }, { scopes: ['All'] }])
      expect(await failure(postKeys(deps, 'owner', [said]))).toMatchObject({
        ...invalidRequest,
        details: expect.stringMatching(/^keys\[0\]\.apps: .*type personal_access_token/),
      })
    const { keys } = await postKeys(deps, 'owner', [{ apps: [{ id: 'demo' }] }])
    expect(keys[0]).toMatchObject({ type: 'app_specific_key' })
    expect(keys[0]!.scopes).toEqual([...labelerScopes, 'Inputs_Add'])
  })

  it('for one app open that app, are made by its owner, and die with it', async () => {
    const deps = await world(testDeps(store()))
    await invite(deps, 'owner', 'ana', ['All'])
    const asked = { type: 'app_specific_key', apps: [{ id: 'demo', userId: 'owner' }] }
    expect(await failure(postKeys(deps, 'ana', [asked]))).toMatchObject(notThere)
    const { keys } = await postKeys(deps, 'owner', [asked])
    const caller = await authenticate({ kind: 'key', secret: keys[0]!.id }, deps)
    expect(caller).toMatchObject({ via: 'app_specific_key', app: { userId: 'owner', appId: 'demo' } })
    expect(await scopesIn(deps, 'owner', undefined, caller)).toEqual(
      expect.arrayContaining(['Annotations_Add', 'Inputs_Add']),
    )
    await appMethods.deleteApp(create(api.DeleteAppRequestSchema, { userAppId: demo }), callBy('owner'), deps)
    expect(await failure(authenticate({ kind: 'key', secret: keys[0]!.id }, deps))).toMatchObject({
      code: StatusCode.CONN_KEY_INVALID,
    })
  })

  it('never give more than their maker has', async () => {
    const deps = await world(testDeps(store()))
    const limited = { scopes: ['Keys_Add', 'Apps_Get'] }
    expect(await failure(postKeys(deps, 'ana', [{ ...token, scopes: ['Inputs_Add'] }], limited))).toMatchObject(
      tooFewScopes,
    )
    expect(await failure(postKeys(deps, 'ana', [{ ...token, scopes: ['All'] }], limited))).toMatchObject(tooFewScopes)
    const { keys } = await postKeys(deps, 'ana', [token], limited)
    expect(keys[0]!.scopes.toSorted()).toEqual(['Apps_Get', 'Keys_Add', 'Keys_Get'])
    for (const key of [{ type: 'magic' }, { ...token, scopes: ['Magic'] }, { type: 'app_specific_key' }])
      expect(await failure(postKeys(deps, 'ana', [key]))).toMatchObject(invalidRequest)
  })

  it('say what they may do', async () => {
    const deps = await world(testDeps(store()))
    await invite(deps, 'owner', 'ana', ['Annotations_Add', 'Apps_Get'])
    expect(await scopesIn(deps, 'owner', demo)).toEqual(allScopeNames)
    expect((await scopesIn(deps, 'ana', demo)).toSorted()).toEqual(['Annotations_Add', 'Annotations_Get', 'Apps_Get'])
    expect(await scopesIn(deps, 'ana', demo, { scopes: ['Annotations_Get'] })).toEqual(['Annotations_Get'])
    expect(await scopesIn(deps, 'ana')).toEqual(allScopeNames)
    expect(await failure(scopesIn(deps, 'stranger', demo))).toMatchObject(notThere)
  })
})
