import 'fake-indexeddb/auto'
import { create } from '@bufbuild/protobuf'
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect'
import { QueryClient } from '@tanstack/react-query'
import { afterEach, describe, expect, it } from 'vitest'
import { Account, GetSessionResponseSchema } from '#gen/marquee/v1/marquee_pb.ts'
import { clientsOver } from '#sync/client.ts'
import { SessionKeeper } from './sessionKeeper.ts'

/** A server that knows one password and whose session can be ended behind the page's back. */
function server() {
  const held: { person: string | undefined } = { person: undefined }
  const session = () =>
    create(GetSessionResponseSchema, { serverId: 'server', ...(held.person ? { person: { id: held.person } } : {}) })
  const transport = createRouterTransport(({ service }) => {
    service(Account, {
      getSession: session,
      signIn({ userId, password }) {
        if (password !== 'right') throw new ConnectError('no', Code.Unauthenticated)
        held.person = userId
        return { person: { id: userId } }
      },
      signOut() {
        held.person = undefined
        return {}
      },
    })
  })
  const queryClient = new QueryClient()
  const keeper = new SessionKeeper(clientsOver(transport), queryClient)
  started.push(keeper)
  return { held, keeper, queryClient }
}

const started: SessionKeeper[] = []
afterEach(() => {
  for (const keeper of started.splice(0)) keeper.current?.sync.stop()
})

describe('SessionKeeper', () => {
  it('has nobody until somebody signs in', async () => {
    const { keeper } = server()
    expect(keeper.enter(await keeper.session())).toBeUndefined()
    await keeper.signIn('ana', 'right')
    expect(keeper.current?.person.id).toBe('ana')
    expect((await keeper.session()).person?.id).toBe('ana')
  })

  it('passes on that a password is wrong, and changes nothing', async () => {
    const { keeper } = server()
    await expect(keeper.signIn('ana', 'wrong')).rejects.toMatchObject({ code: Code.Unauthenticated })
    expect(keeper.current).toBeUndefined()
  })

  it('keeps everything when the same person signs in again after the session ran out', async () => {
    const { held, keeper, queryClient } = server()
    await keeper.signIn('ana', 'right')
    const before = keeper.current
    queryClient.setQueryData(['app', 'ana', 'boats'], 'what was on the screen')
    held.person = undefined
    await keeper.suspect()
    expect(keeper.expired).toBe(true)
    expect(keeper.current).toBe(before)
    await keeper.signIn('ana', 'right')
    expect(keeper.expired).toBe(false)
    expect(keeper.current).toBe(before)
    expect(queryClient.getQueryData(['app', 'ana', 'boats'])).toBe('what was on the screen')
  })

  it('does not bother the person when the session is fine after all', async () => {
    const { keeper } = server()
    await keeper.signIn('ana', 'right')
    await keeper.suspect()
    expect(keeper.expired).toBe(false)
  })

  it('starts afresh for another person: other outbox, other uploads, no answers left', async () => {
    const { keeper, queryClient } = server()
    await keeper.signIn('ana', 'right')
    const before = keeper.current
    queryClient.setQueryData(['app', 'ana', 'boats'], 'of ana')
    await keeper.signIn('ben', 'right')
    expect(keeper.current?.person.id).toBe('ben')
    expect(keeper.current?.sync).not.toBe(before?.sync)
    expect(keeper.current?.uploads).not.toBe(before?.uploads)
    expect(queryClient.getQueryData(['app', 'ana', 'boats'])).toBeUndefined()
  })

  it('forgets who was here on signing out, and tells who listens', async () => {
    const { keeper } = server()
    await keeper.signIn('ana', 'right')
    let told = 0
    keeper.subscribe(() => told++)
    await keeper.signOut()
    expect(keeper.current).toBeUndefined()
    expect((await keeper.session()).person).toBeUndefined()
    expect(told).toBe(1)
  })
})
