import { create } from '@bufbuild/protobuf'
import { beforeEach, describe, expect, it } from 'vitest'
import { UserAppIDSetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Caller } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { addApp, addCollaborator, addUser, callBy, testDeps } from '#proxy/service/testing.ts'
import { openMemoryStore } from '#proxy/store/memory.ts'
import type { Store } from '#proxy/store/open.ts'
import { type AppAction, findApp } from './access.ts'
import { bothScopes, missingScopes } from './scopes.ts'

describe('scopes', () => {
  it.each([
    ['all', ['Apps_Get'], []],
    [['All'], ['Apps_Get'], []],
    [['Annotations_Add'], ['Annotations_Get', 'Annotations_Add'], []],
    [['Annotations_Delete'], ['Annotations_Get', 'Annotations_Add', 'Annotations_Delete'], []],
    [['Annotations_Get'], ['Annotations_Add', 'Inputs_Get'], ['Annotations_Add', 'Inputs_Get']],
    [[], ['Search'], ['Search']],
  ] as const)('%j lacks of %j: %j', (given, needed, missing) => {
    expect(missingScopes(given, needed)).toEqual(missing)
  })

  it('of a key and an invitation are those of both', () => {
    expect(bothScopes('all', ['Inputs_Get'])).toEqual(['Inputs_Get'])
    expect(bothScopes(['Inputs_Get'], ['All'])).toEqual(['Inputs_Get'])
    expect(bothScopes(['Annotations_Add', 'Inputs_Add'], ['Annotations_Delete', 'Inputs_Get'])).toEqual(
      expect.arrayContaining(['Annotations_Add', 'Annotations_Get', 'Inputs_Get']),
    )
    expect(missingScopes(bothScopes(['Inputs_Add'], ['Inputs_Get']), ['Inputs_Add'])).toEqual(['Inputs_Add'])
  })
})

describe('opening an app', () => {
  let store: Store
  let deps: Deps
  beforeEach(async () => {
    store = await openMemoryStore()
    deps = testDeps(store)
    for (const id of ['owner', 'ann', 'stranger']) await addUser(store, id)
    const app = await addApp(store, 'owner', 'demo')
    await addApp(store, 'owner', 'other')
    await addCollaborator(store, app, 'ann', ['Apps_Get', 'Annotations_Add', 'Apps_Delete'])
    return () => store.close()
  })

  const open = (
    who: string,
    userId: string,
    appId: string,
    action: AppAction = 'readApp',
    caller: Partial<Caller> = {},
  ) => findApp(deps, callBy(who, caller), create(UserAppIDSetSchema, { userId, appId }), action)

  it('finds it by the owner, "me" or nobody', async () => {
    for (const userId of ['owner', 'me', ''])
      expect(await open('owner', userId, 'demo')).toMatchObject({ id: 'demo', role: 'owner', callerId: 'owner' })
    expect(await open('ann', 'owner', 'demo')).toMatchObject({ user_id: 'owner', role: 'collaborator' })
  })

  it('answers the same for what is hidden and what is not there', async () => {
    for (const [who, owner, app] of [
      ['stranger', 'owner', 'demo'],
      ['ann', 'owner', 'other'],
      ['owner', 'owner', 'nothing'],
      ['ann', 'me', 'demo'],
    ] as const)
      expect((await failure(open(who, owner, app))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
  })

  it('needs the app of a personal access token to be named', async () => {
    expect(await failure(open('owner', 'owner', ''))).toEqual({
      code: StatusCode.CONN_INVALID_REQUEST,
      details: 'user_app_id.app_id: required',
    })
  })

  it('lets a collaborator do what the invitation says, but never what is the owner’s', async () => {
    expect(await open('ann', 'owner', 'demo', 'readAnnotations')).toBeTruthy()
    expect(await failure(open('ann', 'owner', 'demo', 'addInputs'))).toEqual({
      code: StatusCode.CONN_INSUFFICIENT_SCOPES,
      details: 'missing scopes: Inputs_Add',
    })
    expect((await failure(open('ann', 'owner', 'demo', 'deleteApp'))).details).toBe(
      'only the owner of the app may delete app',
    )
    expect(await open('owner', 'owner', 'demo', 'deleteApp')).toBeTruthy()
  })

  it('lets a key do no more than its scopes', async () => {
    const scopes = ['Apps_Get']
    expect((await failure(open('owner', 'owner', 'demo', 'addAnnotations', { scopes }))).code).toBe(
      StatusCode.CONN_INSUFFICIENT_SCOPES,
    )
    expect((await failure(open('ann', 'owner', 'demo', 'addAnnotations', { scopes }))).code).toBe(
      StatusCode.CONN_INSUFFICIENT_SCOPES,
    )
  })

  it('lets an app-specific key open its app, without ids, and no other', async () => {
    const caller = { via: 'app_specific_key', app: { userId: 'owner', appId: 'demo' } } as const
    for (const [userId, appId] of [
      ['', ''],
      ['owner', 'demo'],
      ['me', 'demo'],
    ] as const)
      expect(await open('owner', userId, appId, 'readApp', caller)).toMatchObject({ id: 'demo' })
    expect((await failure(open('owner', 'owner', 'other', 'readApp', caller))).code).toBe(StatusCode.CONN_KEY_INVALID)
    expect((await failure(open('owner', 'ann', 'demo', 'readApp', caller))).code).toBe(StatusCode.CONN_KEY_INVALID)
  })

  it('opens nothing to nobody', async () => {
    const nobody = { ...callBy('x'), caller: undefined }
    expect((await failure(findApp(deps, nobody, undefined, 'readApp'))).code).toBe(StatusCode.CONN_INVALID_REQUEST)
  })
})
