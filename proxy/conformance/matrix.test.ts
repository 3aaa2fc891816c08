import { type DescMethod, getOption } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { AuthType } from '#gen/proto/clarifai/auth/types/types_pb.ts'
import { cl_auth_type, cl_depending_scopes } from '#gen/proto/clarifai/auth/util/extension_pb.ts'
import { v2Methods } from '#proxy/service/api.ts'
import { startEmbedded, type Target } from './target.ts'

// Who may call what at all, for every method the server answers: taken from the descriptors, none left out.

let target: Target
let without: string
beforeAll(async () => {
  target = await startEmbedded({ RATE_LIMIT: '0' })
  const made = await fetch(`${target.url}/v2/users/owner/keys`, {
    method: 'POST',
    headers: { authorization: `Key ${target.key('owner')}` },
    body: JSON.stringify({ keys: [{ description: 'little', type: 'personal_access_token', scopes: ['Keys_Get'] }] }),
  })
  const { keys } = (await made.json()) as { keys: { id: string }[] }
  without = keys[0]?.id ?? ''
}, 60_000)
afterAll(() => target.stop())

const there = V2.methods.filter(({ localName }) => localName in v2Methods)
const keyed = there.filter((method) => getOption(method, cl_auth_type) !== AuthType.NoAuth)
const scopesOf = (method: DescMethod) => getOption(method, cl_depending_scopes)

/** The answer's code to an empty request in the demo, whichever form the method has. */
const codeOf = async ({ name, methodKind }: DescMethod, key: string | undefined): Promise<number> => {
  const message = Buffer.from(JSON.stringify({ userAppId: { userId: 'owner', appId: 'demo' } }))
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  const isUnary = methodKind === 'unary'
  const answer = await fetch(`${target.url}/clarifai.api.V2/${name}`, {
    method: 'POST',
    headers: {
      'content-type': isUnary ? 'application/json' : 'application/connect+json',
      ...(key !== undefined && { authorization: `Key ${key}` }),
    },
    body: Uint8Array.from(isUnary ? message : Buffer.concat([head, message])),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const json = isUnary ? bytes : bytes.subarray(5, 5 + bytes.readUInt32BE(1))
  const { status } = JSON.parse(json.toString()) as { status?: { code: string } }
  return StatusCode[(status?.code ?? '') as keyof typeof StatusCode] as number
}

describe.each(keyed.map((method) => [method.name, method] as const))('%s', (_, method) => {
  it('takes no wrong key, and asks for one where there is none', async () => {
    expect(await codeOf(method, 'no-such-key')).toBe(StatusCode.CONN_KEY_INVALID)
    expect(await codeOf(method, undefined)).toBe(StatusCode.CONN_INVALID_REQUEST)
  })

  if (scopesOf(method).length === 0) return

  it('asks a key for the scopes of its descriptor', async () => {
    const isMet = scopesOf(method).length === 1 && method.name.endsWith('Keys')
    if (!isMet) expect(await codeOf(method, without)).toBe(StatusCode.CONN_INSUFFICIENT_SCOPES)
    expect(await codeOf(method, target.key('owner'))).not.toBe(StatusCode.CONN_INSUFFICIENT_SCOPES)
  })
})
