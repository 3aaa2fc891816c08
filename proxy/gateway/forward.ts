import { create, type DescMethodStreaming, type DescMethodUnary, type Message } from '@bufbuild/protobuf'
import { Code, ConnectError, type Transport } from '@connectrpc/connect'
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node'
import type { EdgeCall, Forward } from './edgeCall.ts'

export interface UpstreamOptions {
  /** `https://host[:port]`, or `http://host[:port]` for HTTP/2 in the clear. */
  readonly url: string
  /** Largest message taken from it. */
  readonly answerBytes: number
  readonly transport?: Transport
}

/** An upstream and the connection to it. */
export interface UpstreamConnection extends Forward {
  /** One call of ours, not a client's. @throws ConnectError */
  call(method: DescMethodUnary, message: Message, own: OwnCall): Promise<Message>
  /** Whether the upstream answers an empty message with UNIMPLEMENTED; asked again after ten minutes. */
  lacks(method: DescMethodUnary, own: OwnCall): Promise<boolean>
  close(): void
}

/** What goes along with a call of our own. */
export interface OwnCall {
  /** The upstream's personal access token. */
  readonly key: string
  readonly signal: AbortSignal
  readonly timeoutMs?: number
}

const usualTimeoutMs = 20_000
const knownMs = 10 * 60_000
/** What says nothing about whether a method is there. */
const unsaid: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.DeadlineExceeded,
  Code.Canceled,
  Code.ResourceExhausted,
])

/**
 * Forwards any method, whatever its messages are: credentials, deadline and cancellation go along, and what comes back
 * is the upstream's, errors with their code, message and details too. gRPC over one connection, made when needed.
 */
export const connectUpstream = (options: UpstreamOptions): UpstreamConnection => {
  const sessions = new Http2SessionManager(
    options.url,
    { pingIntervalMs: 30_000, pingTimeoutMs: 10_000, idleConnectionTimeoutMs: 10 * 60_000 },
    // Node refuses calls of a session with more than 10 MB on their way: one picture
    { maxSessionMemory: 1024, settings: { initialWindowSize: 2 ** 20 } },
  )
  const transport =
    options.transport ??
    createGrpcTransport({
      baseUrl: options.url,
      sessionManager: sessions,
      readMaxBytes: options.answerBytes,
      compressMinBytes: 0xffff_ffff,
    })
  const known = new Map<DescMethodUnary, { lacks: boolean; untilMs: number }>()
  const call: UpstreamConnection['call'] = async (method, message, { key, signal, timeoutMs = usualTimeoutMs }) => {
    try {
      return (await transport.unary(method, signal, timeoutMs, { authorization: `Key ${key}` }, message)).message
    } catch (error) {
      throw asOurs(error)
    }
  }
  return {
    unary: async (method, message, call) => {
      try {
        const { signal } = call
        const header = passedOn(call)
        const answer = await transport.unary(method as DescMethodUnary, signal, call.timeoutMs(), header, message)
        handBack(call, answer.header)
        return answer.message
      } catch (error) {
        throw asOurs(error)
      }
    },
    stream: async function* (method, messages, call) {
      try {
        const { signal } = call
        const header = passedOn(call)
        const answer = await transport.stream(
          method as DescMethodStreaming,
          signal,
          call.timeoutMs(),
          header,
          messages as AsyncIterable<never>,
        )
        handBack(call, answer.header)
        yield* answer.message
      } catch (error) {
        throw asOurs(error)
      }
    },
    call,
    lacks: async (method, own) => {
      const before = known.get(method)
      if (before !== undefined && before.untilMs > performance.now()) return before.lacks
      try {
        await call(method, create(method.input), own)
      } catch (error) {
        const { code } = ConnectError.from(error)
        if (unsaid.has(code)) return false
        known.set(method, { lacks: code === Code.Unimplemented, untilMs: performance.now() + knownMs })
        return code === Code.Unimplemented
      }
      return false
    },
    close: () => sessions.abort(),
  }
}

/** The credentials of the client, or those its session stands for; nothing else of its request says anything there. */
const passedOn = ({ requestHeaders, caller }: EdgeCall): Headers => {
  const headers = new Headers()
  requestHeaders.forEach((value, name) => {
    if (name === 'authorization' || name.startsWith('x-clarifai-') || name === 'x-marquee-compare')
      headers.set(name, value)
  })
  if (caller?.upstreamKey !== undefined && !headers.has('authorization'))
    headers.set('authorization', `Key ${caller.upstreamKey}`)
  return headers
}

const handBack = (call: EdgeCall, headers: Headers) =>
  headers.forEach((value, name) => {
    if (name.startsWith('x-clarifai-')) call.setHeader(name, value)
  })

/**
 * An error as one of our own. What came over the wire carries the upstream's headers; thrown as it is, its
 * `content-type` would overwrite ours and the client would read a failed HTTP call.
 */
const asOurs = (error: unknown): ConnectError => {
  const theirs = ConnectError.from(error, Code.Unavailable)
  // a failed connection names addresses that are nobody's business
  if (theirs.code === Code.Unavailable && theirs.cause instanceof Error && 'syscall' in theirs.cause)
    return new ConnectError('the upstream cannot be reached', Code.Unavailable, undefined, undefined, theirs)
  const kept = new Headers()
  theirs.metadata.forEach((value, name) => {
    if (name.startsWith('x-clarifai-')) kept.set(name, value)
  })
  const ours = new ConnectError(theirs.rawMessage, theirs.code, kept, undefined, theirs)
  ours.details = theirs.details
  return ours
}
