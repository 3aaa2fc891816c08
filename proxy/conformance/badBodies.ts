import { readFileSync } from 'node:fs'
import http2 from 'node:http2'
import { create, type DescMethod, getOption, toBinary, toJsonString } from '@bufbuild/protobuf'
import type { TestServer } from '#e2e/server.ts'
import { http } from '#gen/google/api/annotations_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { v2Methods } from '#proxy/service/api.ts'

/** What came of many bodies. */
export interface Outcome {
  /** How often which answer came: `gRPC 13`, `REST 400` … */
  readonly answers: ReadonlyMap<string, number>
  /** What may not happen: no answer, a broken connection, HTTP 502 and worse. */
  readonly failures: readonly string[]
}

const types = {
  'gRPC-web': 'application/grpc-web+proto',
  'gRPC-web-text': 'application/grpc-web-text',
  Connect: 'application/proto',
  'Connect, JSON': 'application/json',
} as const
const protocols = ['gRPC', 'REST', ...(Object.keys(types) as (keyof typeof types)[])] as const
/** All but the one that would end the test: it deletes the app, body or no body. */
const methods = V2.methods.filter(
  ({ localName, methodKind }) => localName in v2Methods && methodKind === 'unary' && localName !== 'deleteApp',
)
const answerMs = 20_000

/**
 * Random bodies, and good ones with bytes changed, cut off or repeated, to every method there is and over every
 * protocol in turn. The same seed makes the same bodies.
 */
export const throwBodies = async (
  server: TestServer,
  { bodies, seed }: { bodies: number; seed: number },
): Promise<Outcome> => {
  const answers = new Map<string, number>()
  const failures: string[] = []
  const session = http2.connect(server.url)
  session.on('error', () => undefined)
  const key = { authorization: `Key ${server.credentials('owner').pat}` }
  const one = async (n: number) => {
    const random = randomOf(seed * 1_000_003 + n)
    const method = methods[Math.floor(random() * methods.length)]!
    const protocol = protocols[n % protocols.length]!
    try {
      const answer =
        protocol === 'gRPC'
          ? await overGrpc(session, method, key, random)
          : await overHttp(server, protocol, method, key, random)
      const said = `${protocol} ${answer}`
      answers.set(said, (answers.get(said) ?? 0) + 1)
      if (answer === '' || (protocol !== 'gRPC' && Number(answer) > 501))
        failures.push(`body ${n} to ${method.name}: ${said}`)
    } catch (error) {
      failures.push(`body ${n} to ${method.name} over ${protocol}: ${String(error)}`)
    }
  }
  const atOnce = 8
  for (let n = 0; n < bodies; n += atOnce)
    await Promise.all(Array.from({ length: Math.min(atOnce, bodies - n) }, (_, i) => one(n + i)))
  session.destroy()
  const alive = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(answerMs) })
  if (!alive.ok) failures.push(`/healthz: ${alive.status}`)
  return { answers, failures }
}

/** Peak resident memory of a process in bytes; undefined where the system does not tell. */
export const memoryOf = (pid: number): number | undefined => {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

type Random = () => number

/** mulberry32 */
const randomOf = (seed: number): Random => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const mutated = (good: Uint8Array, random: Random): Buffer => {
  const below = (n: number) => Math.floor(random() * n)
  const noise = Buffer.from(Array.from({ length: below(300) }, () => below(256)))
  const changed = Buffer.from(good)
  for (let i = 0; i <= below(6) && changed.length > 0; i++) changed[below(changed.length)] = below(256)
  const kinds = [
    noise,
    changed,
    changed.subarray(0, below(changed.length + 1)),
    Buffer.concat([changed, noise]),
    Buffer.concat([Buffer.from(good), changed]),
  ]
  return kinds[below(kinds.length)] ?? noise
}

const framed = (message: Uint8Array, random: Random): Buffer => {
  const head = Buffer.alloc(5)
  head[0] = random() < 0.1 ? Math.floor(random() * 256) : 0
  head.writeUInt32BE(random() < 0.1 ? Math.floor(random() * 2 ** 32) : message.byteLength)
  return Buffer.concat([head, message])
}

/** A request that names the demo, so that what follows is reached. */
const goodOf = ({ input }: DescMethod) => {
  const inApp = 'userAppId' in input.field ? { userAppId: { userId: 'owner', appId: 'demo' } } : {}
  return create(input, inApp as never)
}

const overHttp = async (
  server: TestServer,
  protocol: Exclude<(typeof protocols)[number], 'gRPC'>,
  method: DescMethod,
  key: Record<string, string>,
  random: Random,
): Promise<string> => {
  const isText = protocol === 'REST' || protocol === 'Connect, JSON'
  const good = goodOf(method)
  const body = mutated(isText ? Buffer.from(toJsonString(method.input, good)) : toBinary(method.input, good), random)
  const enveloped = protocol === 'gRPC-web' || protocol === 'gRPC-web-text' ? framed(body, random) : body
  const sent = protocol === 'gRPC-web-text' && random() < 0.8 ? Buffer.from(enveloped.toString('base64')) : enveloped
  const { path, verb } =
    protocol === 'REST' ? restOf(method, random) : { path: `/clarifai.api.V2/${method.name}`, verb: 'POST' }
  const hasBody = verb !== 'GET'
  const query = hasBody ? '' : `?${encodeURI(body.toString('latin1'))}`
  const response = await fetch(server.url + path + query, {
    method: verb,
    headers: { ...key, ...(hasBody && { 'content-type': protocol === 'REST' ? 'application/json' : types[protocol] }) },
    ...(hasBody && { body: Uint8Array.from(sent) }),
    signal: AbortSignal.timeout(answerMs),
  })
  await response.arrayBuffer()
  return String(response.status)
}

/** One of the method's own routes, in the demo. */
const restOf = (method: DescMethod, random: Random): { path: string; verb: string } => {
  const rule = getOption(method, http)
  const routes = [rule, ...rule.additionalBindings].flatMap(({ pattern }) =>
    pattern.case === undefined || pattern.case === 'custom' ? [] : [{ verb: pattern.case, template: pattern.value }],
  )
  const { verb, template } = routes[Math.floor(random() * routes.length)]!
  const values = new Map([
    ['user_app_id.user_id', 'owner'],
    ['user_app_id.app_id', 'demo'],
  ])
  const odd = ['x', '%00', 'me', '%F0%9F%8C%B3', 'a%2Fb', '..', '-1']
  const path = template.replaceAll(
    /\{([^}=]+)[^}]*\}/g,
    (_, name: string) => values.get(name) ?? odd[Math.floor(random() * odd.length)]!,
  )
  return { path, verb: verb.toUpperCase() }
}

const overGrpc = (
  session: http2.ClientHttp2Session,
  method: DescMethod,
  key: Record<string, string>,
  random: Random,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers', ...key }
    const stream = session.request({ ...headers, ':path': `/clarifai.api.V2/${method.name}` })
    let status = ''
    const look = (found: http2.IncomingHttpHeaders) => {
      status ||= String(found['grpc-status'] ?? '')
    }
    stream.setTimeout(answerMs, () => reject(new Error('no answer')))
    stream.on('response', look)
    stream.on('trailers', look)
    stream.on('error', () => undefined)
    stream.on('close', () => resolve(status))
    stream.resume()
    stream.end(framed(mutated(toBinary(method.input, goodOf(method)), random), random))
  })
