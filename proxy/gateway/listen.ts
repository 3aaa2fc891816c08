import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import tls from 'node:tls'

/** Answers requests of either HTTP version; Fastify's is one. */
export type NodeHandler = (request: http.IncomingMessage, response: http.ServerResponse) => void

export interface ListenOptions {
  /** PEM texts; then the port speaks TLS and ALPN chooses the HTTP version. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined
  /** A connection that has not sent its headers by then is cut. */
  readonly headersTimeoutMs?: number
  /** A request over HTTP/1.1 that has not arrived whole by then is cut. */
  readonly requestTimeoutMs?: number
}

/** An `http.Server` as far as Fastify is concerned, and the two protocol servers behind it. */
export interface DualServer extends http.Server {
  /** Stops accepting, ends idle connections, lets running requests finish; resolves when all connections are gone. */
  drain(deadlineMs: number): Promise<void>
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n')
const idleSweepMs = 100

/**
 * One TCP port for HTTP/1.1 and HTTP/2. In the clear the first bytes decide (HTTP/2 with prior knowledge begins with
 * its preface, RFC 9113 §3.4), under TLS it is ALPN. Made for Fastify's `serverFactory`.
 */
export const createDualServer = (handler: NodeHandler, options: ListenOptions = {}): DualServer => {
  const headersTimeout = options.headersTimeoutMs ?? 15_000
  const h1 = http.createServer(
    {
      headersTimeout,
      requestTimeout: options.requestTimeoutMs ?? 300_000,
      connectionsCheckingInterval: Math.min(5_000, headersTimeout),
      keepAliveTimeout: 72_000,
    },
    handler,
  )
  // Node refuses new calls of a session with more than this many MB waiting to be sent, 10 by default: one long answer.
  const h2 = http2.createServer({ settings: { maxConcurrentStreams: 256 }, maxSessionMemory: 1024 })
  h2.on('request', handler as unknown as (q: http2.Http2ServerRequest, s: http2.Http2ServerResponse) => void)

  const sessions = new Set<http2.ServerHttp2Session>()
  h2.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => session.destroy())
  })
  h2.on('sessionError', () => undefined)

  const undecided = new Set<net.Socket>()
  const accept = (socket: net.Socket) => {
    undecided.add(socket)
    socket.on('close', () => undecided.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setTimeout(headersTimeout, () => socket.destroy())
    whenDecided(socket, (isHttp2) => {
      undecided.delete(socket)
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      ;(isHttp2 ? h2 : h1).emit('connection', socket)
    })
  }
  const server = options.tls
    ? tls.createServer(
        { ...options.tls, ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: headersTimeout, minVersion: 'TLSv1.2' },
        accept,
      )
    : net.createServer({ noDelay: true, keepAlive: true }, accept)
  server.on('tlsClientError', () => undefined)
  const sockets = new Set<net.Socket>() // the TCP ones, whatever they carry
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return asHttpServer(server, { h1, h2, sessions, undecided, sockets })
}

/** Calls back once it is known what the socket speaks, with everything read put back. */
const whenDecided = (socket: net.Socket, decided: (isHttp2: boolean) => void) => {
  if (socket instanceof tls.TLSSocket && socket.alpnProtocol) return decided(socket.alpnProtocol === 'h2')
  let head: Buffer = Buffer.alloc(0)
  const look = () => {
    const chunk: Buffer | null = socket.read()
    if (chunk === null) return
    head = Buffer.concat([head, chunk])
    const length = Math.min(head.length, preface.length)
    const mayBeHttp2 = head.compare(preface, 0, length, 0, length) === 0
    if (mayBeHttp2 && head.length < preface.length) return
    socket.off('readable', look)
    socket.unshift(head)
    decided(mayBeHttp2)
  }
  socket.on('readable', look)
}

interface Parts {
  readonly h1: http.Server
  readonly h2: http2.Http2Server
  readonly sessions: ReadonlySet<http2.ServerHttp2Session>
  readonly undecided: ReadonlySet<net.Socket>
  readonly sockets: ReadonlySet<net.Socket>
}

const asHttpServer = (server: net.Server, { h1, h2, sessions, undecided, sockets }: Parts): DualServer => {
  // Only what somebody listens to is forwarded: an "upgrade" listener on h1 would make Node swallow
  // `Upgrade: h2c` requests (curl --http2) instead of answering them over HTTP/1.1.
  server.on('newListener', (event: string) => {
    if (['upgrade', 'clientError', 'checkContinue'].includes(event) && h1.listenerCount(event) === 0)
      h1.on(event, (...facts: unknown[]) => server.emit(event, ...facts))
  })
  // h1 never listens itself. Without this its tracking of connections stays off, slow headers are never cut and
  // closing hangs on idle keep-alive.
  server.on('listening', () => h1.emit('listening'))
  server.on('close', () => h1.close())
  const closeServer = server.close.bind(server)
  const endIdle = () => {
    for (const session of sessions) session.close() // GOAWAY; running streams finish
    for (const socket of undecided) socket.destroy()
    h1.closeIdleConnections()
  }
  const closeAllConnections = () => {
    for (const session of sessions) session.destroy()
    for (const socket of sockets) socket.destroy()
  }
  const close = (done?: (error?: Error) => void) => {
    endIdle()
    // A connection that is busy now is idle later.
    const sweep = setInterval(() => h1.closeIdleConnections(), idleSweepMs)
    closeServer((error) => {
      clearInterval(sweep)
      done?.(error)
    })
    return server
  }
  const drain = (deadlineMs: number) =>
    new Promise<void>((resolve) => {
      const deadline = setTimeout(closeAllConnections, deadlineMs)
      close(() => {
        clearTimeout(deadline)
        resolve()
      })
    })
  const setTimeoutOfBoth = (ms?: number | (() => void)) => {
    if (typeof ms === 'number') {
      h1.setTimeout(ms)
      h2.setTimeout(ms)
    }
    return server
  }
  return Object.assign(server, {
    setTimeout: setTimeoutOfBoth,
    closeIdleConnections: endIdle,
    closeAllConnections,
    close,
    drain,
  }) as unknown as DualServer
}
