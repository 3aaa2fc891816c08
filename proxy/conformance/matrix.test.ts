import { type DescMethod, getOption } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { SSchema } from '#gen/proto/clarifai/auth/scope/scope_pb.ts'
import { AuthType } from '#gen/proto/clarifai/auth/types/types_pb.ts'
import { cl_auth_type, cl_depending_scopes } from '#gen/proto/clarifai/auth/util/extension_pb.ts'
import { v2Methods } from '#proxy/service/api.ts'
import { startEmbedded, type Target } from './target.ts'

// Who may call what: every RPC × owner, collaborator with its scopes, collaborator without one of them, stranger, a key
// without them, a wrong key, no key. What each asks is read from its descriptor; what differs is listed, with a reason.

const {
  CONN_DOES_NOT_EXIST: NOT_THERE,
  CONN_INSUFFICIENT_SCOPES: NO_SCOPES,
  CONN_INVALID_REQUEST: INVALID,
  CONN_KEY_INVALID: NO_KEY,
  INTERNAL_UNCATEGORIZED: BUG,
} = StatusCode

/** An app stays its owner's, whatever they have given to whom (api.md §5.2). */
const ownersOnly: readonly string[] = ['DeleteApp']
/** Whoever was invited may leave, and ask what they may do. */
const judgedByThemselves: readonly string[] = ['DeleteCollaborators', 'MyScopes']
/** About somebody's own account: nobody else may, whatever they were invited to. */
const ofAccounts: readonly string[] = [
  'ListKeys',
  'DeleteKey',
  'PostKeys',
  'PostApps',
  'PatchApps',
  'ListCollaborations',
]
/** Answered to whoever has a key: what they themselves may see. */
const toEverybody: readonly string[] = ['ListApps', 'GetUser']
/** What a collaborator needs besides the descriptor: the hits of a saved search are inputs and annotations. */
const besides: Readonly<Record<string, readonly string[]>> = { PostSearchesByID: ['Inputs_Get', 'Annotations_Get'] }

const REFUSED: readonly number[] = [NO_SCOPES, NO_KEY, BUG]
const noApp = /^user_app_id: no app/

interface Heard {
  readonly code: number
  readonly details: string
}
const app = 'matrix'
let target: Target
let little: string
const owner = () => target.key('owner')

/** A call over Connect with JSON, whichever form the method has. */
const ask = async (method: DescMethod, key: string | undefined, more: object = {}): Promise<Heard> => {
  const message = Buffer.from(JSON.stringify({ userAppId: { userId: 'owner', appId: app }, ...more }))
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  const isUnary = method.methodKind === 'unary'
  const answer = await fetch(`${target.url}/clarifai.api.V2/${method.name}`, {
    method: 'POST',
    headers: {
      'content-type': isUnary ? 'application/json' : 'application/connect+json',
      ...(key !== undefined && { authorization: `Key ${key}` }),
    },
    body: Uint8Array.from(isUnary ? message : Buffer.concat([head, message])),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const json = isUnary ? bytes : bytes.subarray(5, 5 + bytes.readUInt32BE(1))
  const { status } = JSON.parse(json.toString()) as { status?: { code: string; details?: string } }
  return {
    code: StatusCode[(status?.code ?? '') as keyof typeof StatusCode] as number,
    details: status?.details ?? json.toString(),
  }
}
const named = (name: string) => V2.methods.find((method) => method.name === name)!
const scopesOf = (method: DescMethod): string[] =>
  getOption(method, cl_depending_scopes).map((number) => SSchema.value[number]!.name)

/** Gives a collaborator these scopes and no others. */
const invite = async (id: string, scopes: readonly string[]): Promise<void> => {
  const collaborators = [{ user: { id }, scopes }]
  const { code } = await ask(named('PatchCollaborators'), owner(), { collaborators, action: 'overwrite' })
  expect(code).toBe(StatusCode.SUCCESS)
}

beforeAll(async () => {
  target = await startEmbedded({ RATE_LIMIT: '0' })
  const made = await ask(named('PostApps'), owner(), { userAppId: { userId: 'owner' }, apps: [{ id: app }] })
  expect(made.code).toBe(StatusCode.SUCCESS)
  const collaborators = ['annotator', 'annotator-2'].map((id) => ({ user: { id }, scopes: ['Apps_Get'] }))
  expect((await ask(named('PostCollaborators'), owner(), { collaborators })).code).toBe(StatusCode.SUCCESS)
  const keys = await fetch(`${target.url}/v2/users/owner/keys`, {
    method: 'POST',
    headers: { authorization: `Key ${owner()}` },
    body: JSON.stringify({ keys: [{ description: 'little', type: 'personal_access_token', scopes: ['Keys_Get'] }] }),
  })
  little = ((await keys.json()) as { keys: { id: string }[] }).keys[0]!.id
}, 60_000)
afterAll(() => target?.stop())

const there = V2.methods.filter(({ localName }) => localName in v2Methods)
const isOpen = (method: DescMethod) => getOption(method, cl_auth_type) === AuthType.NoAuth
// DeleteApp last: it may do what it says
const keyed = there
  .filter((method) => !isOpen(method))
  .toSorted((a, b) => Number(a.name === 'DeleteApp') - Number(b.name === 'DeleteApp'))

describe.each(keyed.map((method) => [method.name, method] as const))('%s', (name, method) => {
  const scopes = scopesOf(method)

  it('asks for a key, and takes no wrong one', async () => {
    expect((await ask(method, 'no-such-key')).code).toBe(NO_KEY)
    expect((await ask(method, undefined)).code).toBe(INVALID)
  })

  it('asks a key for the scopes of its descriptor', async () => {
    const isMet = scopes.every((scope) => scope === 'Keys_Get')
    const { code, details } = await ask(method, little)
    if (isMet) expect(code).not.toBe(NO_SCOPES)
    else expect([code, details]).toEqual([NO_SCOPES, expect.stringContaining('missing scopes: ')])
  })

  it('is answered to a collaborator with these scopes, and refused without one of them', async () => {
    const last = scopes.at(-1)
    await invite('annotator', scopes.length > 0 ? [...scopes, ...(besides[name] ?? [])] : ['Apps_Get'])
    const { code, details } = await ask(method, target.key('annotator'))
    if (ownersOnly.includes(name) || ofAccounts.includes(name))
      expect([code, details]).toEqual([NO_SCOPES, expect.stringContaining('only ')])
    else {
      expect(REFUSED, details).not.toContain(code)
      expect(details).not.toMatch(noApp)
    }
    if (last === undefined || judgedByThemselves.includes(name)) return
    const less = scopes.filter((scope) => scope !== last && !scope.startsWith(last.replace(/_.*/, '_')))
    await invite('annotator-2', less.length > 0 ? less : ['Concepts_Get'])
    const refused = await ask(method, target.key('annotator-2'))
    expect(refused).toEqual({ code: NO_SCOPES, details: expect.stringContaining(last) })
  })

  it('tells a stranger of no app', async () => {
    const { code, details } = await ask(method, target.key('reviewer'))
    if (ofAccounts.includes(name)) expect([code, details]).toEqual([NO_SCOPES, expect.stringContaining('only ')])
    else if (toEverybody.includes(name)) expect(REFUSED).not.toContain(code)
    else expect([code, details]).toEqual([NOT_THERE, expect.stringMatching(noApp)])
  })

  it('is answered to the owner', async () => {
    const { code, details } = await ask(method, owner())
    expect(REFUSED, details).not.toContain(code)
    expect(details).not.toMatch(noApp)
  })
})

it('the exceptions are RPCs that there are', () => {
  const names = keyed.map(({ name }) => name)
  const exceptions = [...ownersOnly, ...judgedByThemselves, ...ofAccounts, ...toEverybody, ...Object.keys(besides)]
  expect(exceptions.filter((name) => !names.includes(name))).toEqual([])
})

it('what needs no key is answered without one', async () => {
  const open = there.filter(isOpen)
  expect(open.map(({ name }) => name).toSorted()).toEqual(['GetStatusCode', 'ListStatusCodes'])
  for (const method of open) expect((await ask(method, undefined)).code).not.toBe(INVALID)
})

it('every other RPC of the service says that it is not there, to the owner too', async () => {
  const missing = V2.methods.filter(({ localName, methodKind }) => !(localName in v2Methods) && methodKind === 'unary')
  expect(there.length + missing.length).toBeGreaterThan(250)
  for (const method of missing) expect((await ask(method, owner())).details, method.name).toContain('unimplemented')
}, 30_000)
