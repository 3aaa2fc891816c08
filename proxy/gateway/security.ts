import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import { codeHeader } from './status.ts'

export interface SecurityOptions {
  /** Origins whose pages may call the API with a key; `*` = all. */
  readonly corsOrigins: readonly string[]
  readonly secure: boolean
}

/**
 * Headers that keep a browser's hands still. Scripts only from us (WebAssembly for the smart tools), workers also
 * from blobs; inline styles because Mantine and Konva set them.
 */
export const secure = async (app: FastifyInstance, options: SecurityOptions): Promise<void> => {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        scriptSrcAttr: ["'none'"],
        workerSrc: ["'self'", 'blob:'],
        imgSrc: ["'self'", 'blob:', 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'", 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        connectSrc: ["'self'", 'blob:', 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: options.secure ? { maxAge: 15_552_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' }, // checkOrigin needs no referrer; others learn nothing
    xFrameOptions: { action: 'deny' },
  })
  if (options.corsOrigins.length === 0) return
  await app.register(cors, {
    origin: options.corsOrigins.includes('*') ? '*' : [...options.corsOrigins],
    credentials: false, // other origins use a key, never the session
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    allowedHeaders: allowedHeaders,
    exposedHeaders: ['grpc-status', 'grpc-message', 'grpc-status-details-bin', 'x-request-id', codeHeader],
    maxAge: 7200,
  })
}

/** Source: api.md §2.9, and what connect-web sends. Wildcards within names do not exist: the known ones are listed. */
const allowedHeaders = [
  'authorization',
  'content-type',
  'x-grpc-web',
  'x-user-agent',
  'grpc-timeout',
  'connect-protocol-version',
  'connect-timeout-ms',
  'x-clarifai-request-id',
  'x-clarifai-session-token',
  'x-clarifai-user-id',
  'x-clarifai-app-id',
  'x-marquee-compare',
]
