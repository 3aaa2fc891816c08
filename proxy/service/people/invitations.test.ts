import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import {
  AcceptInvitationRequestSchema,
  CreateInvitationRequestSchema,
  InvitationState,
  ListInvitationsRequestSchema,
  LookAtInvitationRequestSchema,
  RevokeInvitationRequestSchema,
} from '#gen/marquee/v1/office_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import { aTaskWorld, type TaskWorld } from '#proxy/service/tasks/taskTesting.ts'
import { callBy } from '#proxy/service/testing.ts'
import { collaboratorsOf } from '#proxy/store/collaborators.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { invitationMethods } from './invitations.ts'

const ids = { userId: 'owner', appId: 'demo' }
const scopes = ['Inputs_Get', 'Annotations_Get']

eachDialect('invitations', (store) => {
  let world: TaskWorld
  beforeEach(async () => {
    world = await aTaskWorld(store(), 1)
  })
  const invite = (who = 'owner', hours = 24, given = scopes) =>
    invitationMethods.createInvitation(
      create(CreateInvitationRequestSchema, { ...ids, hours, scopes: given }),
      callBy(who),
      world.deps,
    )
  const accept = (token: string, id: string, password = 'long enough 1') =>
    invitationMethods.acceptInvitation(
      create(AcceptInvitationRequestSchema, { token, id, firstName: 'New', password }),
      { ...callBy('nobody'), caller: undefined },
      world.deps,
    )
  const members = async () => (await collaboratorsOf(store().read, world.app)).map(({ user_id }) => user_id)

  it('lets one new person in, once', async () => {
    const { token } = await invite()
    expect(await accept(token, 'newcomer')).toMatchObject(ids)
    expect(await members()).toContain('newcomer')
    expect((await failure(accept(token, 'second'))).details).toContain('has been used')
    expect(await members()).not.toContain('second')
  })
  it('is not used up by what is refused', async () => {
    const { token } = await invite()
    expect((await failure(accept(token, 'w0'))).details).toContain('there is a user "w0" already')
    expect((await failure(accept(token, 'fresh', 'short'))).details).toContain('password:')
    expect(await accept(token, 'fresh')).toMatchObject(ids)
  })
  it('ends with its time, when withdrawn, and with the right of who made it', async () => {
    const late = await invite('owner', 1)
    world.clock.now += 3_600_000_001
    expect((await failure(accept(late.token, 'a'))).details).toContain('has ended')
    const withdrawn = await invite()
    await invitationMethods.revokeInvitation(
      create(RevokeInvitationRequestSchema, { ...ids, id: withdrawn.invitation!.id }),
      callBy('owner'),
      world.deps,
    )
    expect((await failure(accept(withdrawn.token, 'b'))).details).toContain('withdrawn')
    const list = create(ListInvitationsRequestSchema, ids)
    expect((await invitationMethods.listInvitations(list, callBy('owner'), world.deps)).invitations).toEqual([])
  })
  it('joins somebody who is signed in, without another account', async () => {
    const { token } = await invite()
    const request = create(AcceptInvitationRequestSchema, { token })
    await invitationMethods.acceptInvitation(request, callBy('stranger', { via: 'session' }), world.deps)
    expect(await members()).toContain('stranger')
  })
  const look = (token: string, who?: string) =>
    invitationMethods.lookAtInvitation(
      create(LookAtInvitationRequestSchema, { token }),
      who === undefined ? { ...callBy('nobody'), caller: undefined } : callBy(who, { via: 'session' }),
      world.deps,
    )
  it('says who invites to what, before anybody has signed in; afterwards only why it leads nowhere', async () => {
    const { token } = await invite()
    expect(await look(token)).toMatchObject({
      ...ids,
      state: InvitationState.OPEN,
      invitedBy: 'owner',
      inviterName: 'OWNER',
      scopes,
      isMember: false,
    })
    expect(await look(token, 'w0')).toMatchObject({ state: InvitationState.OPEN, isMember: true })
    await accept(token, 'newcomer')
    expect(await look(token)).toMatchObject({ state: InvitationState.USED, appId: '', invitedBy: '' })
    expect(await look(token, 'newcomer')).toMatchObject({ ...ids, state: InvitationState.USED, isMember: true })
    const late = await invite('owner', 1)
    world.clock.now += 3_600_000_001
    expect(await look(late.token)).toMatchObject({ state: InvitationState.EXPIRED, appId: '' })
    const withdrawn = await invite()
    await invitationMethods.revokeInvitation(
      create(RevokeInvitationRequestSchema, { ...ids, id: withdrawn.invitation!.id }),
      callBy('owner'),
      world.deps,
    )
    expect(await look(withdrawn.token)).toMatchObject({ state: InvitationState.WITHDRAWN, appId: '' })
    expect((await failure(look('guess'))).details).toContain('token:')
  })
  it('names what is wrong, and is not for everybody to make', async () => {
    expect((await failure(invite('owner', 0))).details).toContain('hours:')
    expect((await failure(invite('owner', 1, ['Nothing']))).details).toContain('scopes:')
    expect((await failure(invite('w0'))).code).not.toBe(0)
    expect((await failure(accept('guess', 'x'))).details).toContain('token:')
  })
})
