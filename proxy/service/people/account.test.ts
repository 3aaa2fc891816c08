import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import {
  ChangePasswordRequestSchema,
  GetPreferencesRequestSchema,
  GetSessionRequestSchema,
  PutPreferencesRequestSchema,
  SignInRequestSchema,
  SignOutRequestSchema,
} from '#gen/marquee/v1/marquee_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { callBy, testDeps, testNow } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { accountMethods } from './account.ts'
import { authenticate } from './authenticate.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { network } from './signInLimit.ts'
import { addPerson } from './users.ts'

const second = 1_000_000
const password = 'correct horse'

/** A browser: keeps its cookie, calls as whoever that stands for. */
const browser = (deps: Deps, remoteAddress = '192.0.2.1') => {
  let token = ''
  const call = async (): Promise<Call> => ({
    ...callBy(''),
    caller: token === '' ? undefined : await authenticate({ kind: 'session', token }, deps),
    remoteAddress,
    setHeader: (name, value) => {
      expect(name).toBe('set-cookie')
      cookies.push(value)
      token = /^[^=]+=([^;]*)/.exec(value)![1]!
    },
  })
  const cookies: string[] = []
  const request = { signIn: SignInRequestSchema, signOut: SignOutRequestSchema }
  return {
    cookies,
    token: () => token,
    call,
    signIn: async (userId: string, word: string) =>
      accountMethods.signIn(create(request.signIn, { userId, password: word }), await call(), deps),
    signOut: async () => accountMethods.signOut(create(request.signOut), await call(), deps),
    session: async () => accountMethods.getSession(create(GetSessionRequestSchema), await call(), deps),
    changePassword: async (currentPassword: string, newPassword: string) =>
      accountMethods.changePassword(
        create(ChangePasswordRequestSchema, { currentPassword, newPassword }),
        await call(),
        deps,
      ),
  }
}

eachDialect('signing in', (store) => {
  const world = async (change: Partial<Deps> = {}) => {
    const deps = testDeps(store(), change)
    await addPerson(deps, { id: 'ana', firstName: 'Ana', lastName: 'A', password })
    return deps
  }

  it('makes a session whose token only the browser has', async () => {
    const deps = await world()
    const ana = browser(deps)
    expect((await ana.signIn('ana', password)).person).toMatchObject({ id: 'ana', firstName: 'Ana' })
    expect(ana.cookies).toEqual([
      expect.stringMatching(/^marquee_session_8080=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/),
    ])
    const rows = await deps.store.read.selectFrom('session').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(ana.token())
    expect(await ana.session()).toMatchObject({
      person: { id: 'ana' },
      serverId: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })

  it('marks the cookie Secure where browsers come by TLS', async () => {
    const deps = await world()
    const ana = browser({ ...deps, settings: { ...deps.settings, secureCookies: true } })
    await ana.signIn('ana', password)
    expect(ana.cookies[0]).toContain('; Secure')
  })

  it('answers a wrong password, an unknown user and one without a password alike', async () => {
    const deps = await world()
    await addPerson(deps, { id: 'bot', firstName: '', lastName: '', password: undefined })
    const wrong = await failure(browser(deps).signIn('ana', 'wrong'))
    expect(wrong.code).toBe(StatusCode.CONN_CREDENTIALS_INVALID)
    expect(await failure(browser(deps, '192.0.2.2').signIn('nobody', password))).toEqual(wrong)
    expect(await failure(browser(deps, '192.0.2.3').signIn('bot', ''))).toEqual(wrong)
    expect(await failure(browser(deps, '192.0.2.4').signIn('', ''))).toEqual(wrong)
    expect(await failure(browser(deps, '192.0.2.5').signIn('ana', `${password}${'x'.repeat(100_000)}`))).toEqual(wrong)
  })

  it('ends a session at sign-out, and when its hours are over', async () => {
    let now = testNow
    const deps = await world({ now: () => now })
    const ana = browser(deps)
    await ana.signIn('ana', password)
    const { token } = ana
    const first = token()
    await ana.signOut()
    expect(ana.cookies[1]).toContain('Max-Age=0')
    const gone = await failure(authenticate({ kind: 'session', token: first }, deps))
    expect(gone.code).toBe(StatusCode.CONN_CREDENTIALS_INVALID)
    await ana.signIn('ana', password)
    now += 720 * 3600 * second - 1
    expect((await ana.session()).person?.id).toBe('ana')
    now += 1
    expect((await failure(ana.session())).code).toBe(StatusCode.CONN_CREDENTIALS_INVALID)
    const again = browser(deps)
    await again.signIn('ana', password)
    expect(await deps.store.read.selectFrom('session').selectAll().execute()).toHaveLength(1)
  })

  it('says who is nobody without an error', async () => {
    const { person } = await browser(await world()).session()
    expect(person).toBeUndefined()
  })

  it('changes a password only with the current one, and ends the other sessions', async () => {
    const deps = await world()
    const [here, elsewhere] = [browser(deps), browser(deps)]
    await here.signIn('ana', password)
    await elsewhere.signIn('ana', password)
    expect((await failure(here.changePassword('wrong', 'a new password'))).code).toBe(StatusCode.CONN_INVALID_REQUEST)
    expect(await failure(here.changePassword(password, 'short'))).toEqual({
      code: StatusCode.CONN_INVALID_REQUEST,
      details: 'new_password: at least 8 characters',
    })
    await here.changePassword(password, 'a new password')
    expect((await here.session()).person?.id).toBe('ana')
    await failure(elsewhere.session())
    await failure(browser(deps).signIn('ana', password))
    await browser(deps).signIn('ana', 'a new password')
  })

  it('keeps preferences of each person', async () => {
    const deps = await world()
    const put = (preferences: Record<string, string>) =>
      accountMethods.putPreferences(create(PutPreferencesRequestSchema, { preferences }), callBy('ana'), deps)
    const get = async (userId: string) =>
      (await accountMethods.getPreferences(create(GetPreferencesRequestSchema), callBy(userId), deps)).preferences
    await put({ keymap: 'clarifai', lastApp: 'demo' })
    await put({ keymap: 'own', lastApp: '' })
    expect(await get('ana')).toEqual({ keymap: 'own' })
    expect(await get('ben')).toEqual({})
  })
})

eachDialect('the limit on failed sign-ins', (store) => {
  const world = async () => {
    let now = testNow
    const deps = testDeps(store(), { now: () => now })
    await addPerson(deps, { id: 'ana', firstName: '', lastName: '', password })
    return { deps, wait: (seconds: number) => (now += seconds * second) }
  }
  const fail = async (deps: Deps, times: number, user = 'ana', address?: string) => {
    for (let i = 0; i < times; i++) {
      const { code } = await failure(browser(deps, address).signIn(user, 'wrong'))
      expect(code).toBe(StatusCode.CONN_CREDENTIALS_INVALID)
    }
  }

  it('makes an account wait longer after each failure, from everywhere, and says how long', async () => {
    const { deps, wait } = await world()
    await fail(deps, 5)
    const refused = await failure(browser(deps, '198.51.100.7').signIn('ana', password))
    expect(refused).toEqual({
      code: StatusCode.CONN_THROTTLED,
      details: 'too many failed tries: wait 1 second, then try again',
    })
    wait(1)
    await fail(deps, 1)
    expect((await failure(browser(deps).signIn('ana', password))).details).toContain('wait 2 seconds')
    wait(2)
    await browser(deps).signIn('ana', password)
    await fail(deps, 4)
  })

  it('keeps the wait of an account short, so that nobody can lock its owner out', async () => {
    const { deps, wait } = await world()
    for (let i = 0; i < 15; i++) {
      await fail(deps, 1, 'ana', `198.51.100.${i}`)
      wait(60)
    }
    await browser(deps).signIn('ana', password)
  })

  it('counts unknown users alike, and an address whatever names it tries', async () => {
    const { deps } = await world()
    await fail(deps, 5, 'nobody')
    expect((await failure(browser(deps).signIn('nobody', 'x'))).code).toBe(StatusCode.CONN_THROTTLED)
    for (let i = 0; i < 20; i++) await fail(deps, 1, `guess-${i}`, '203.0.113.9')
    expect((await failure(browser(deps, '203.0.113.9').signIn('ana', password))).code).toBe(StatusCode.CONN_THROTTLED)
    await browser(deps, '203.0.113.10').signIn('ana', password)
  })

  it('counts no sign-in that succeeds: an office shares an address', async () => {
    const { deps } = await world()
    for (let i = 0; i < 22; i++) await browser(deps, '203.0.113.9').signIn('ana', password)
  })

  it('counts tries that come at once', async () => {
    const { deps } = await world()
    const codes = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => (await failure(browser(deps).signIn('ana', `wrong ${i}`))).code),
    )
    expect(codes.filter((code) => code === StatusCode.CONN_CREDENTIALS_INVALID)).toHaveLength(5)
  })

  it('forgets after a day', async () => {
    const { deps, wait } = await world()
    await fail(deps, 5)
    wait(24 * 3600)
    await fail(deps, 5)
  })
})

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s is %s', (address, expected) => expect(network(address)).toBe(expected))
})

describe('passwords', () => {
  it('are hashed with argon2id and a salt of their own', async () => {
    const [one, two] = await Promise.all([hashPassword(password), hashPassword(password)])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(two)
    expect(await verifyPassword(password, one)).toBe(true)
    expect(await verifyPassword(`${password} `, one)).toBe(false)
  })

  it('match however a keyboard composes them', async () => {
    expect(await verifyPassword('Cafe\u0301 au lait', await hashPassword('Caf\u00e9 au lait'))).toBe(true)
  })

  it('take as long to refuse without an account as with one', async () => {
    const stored = await hashPassword(password)
    const time = async (hash: string | undefined) => {
      const start = performance.now()
      for (let i = 0; i < 5; i++) await verifyPassword('wrong', hash)
      return performance.now() - start
    }
    await time(stored)
    const [known, unknown] = [await time(stored), await time(undefined)]
    expect(unknown / known).toBeGreaterThan(0.4)
    expect(unknown / known).toBeLessThan(2.5)
    expect(await verifyPassword('', undefined)).toBe(false)
  })
})
