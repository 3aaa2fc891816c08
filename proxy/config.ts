import { isAbsolute, resolve } from 'node:path'
import type { BlobPlace } from '#proxy/media/blobPlace.ts'
import { defaultLimits, type Limits } from '#proxy/service/deps.ts'

/** Everything the environment decides. One field a setting of {@link settings}, limits gathered. */
export interface Config {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** Absolute. */
  readonly dataDir: string
  /** Absolute path of a SQLite file, or `postgres://…`. */
  readonly databaseUrl: string
  /** A folder's path is absolute. */
  readonly blobStore: BlobPlace
  /** Origin of the server everything goes to; undefined = embedded. */
  readonly upstream: string | undefined
  /** Lower case; a leading dot = every host under it. */
  readonly upstreamMediaHosts: readonly string[]
  /** PEM files; both or neither. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly demo: 'auto' | 'off'
  readonly allowPrivateInputUrls: boolean
  readonly logLevel: LogLevel
  /** Without a slash at the end; undefined = the address listened on. */
  readonly publicUrl: string | undefined
  readonly corsOrigins: readonly string[]
  /** As Fastify's `trustProxy`: nobody, everybody, a number of hops, addresses. */
  readonly trustProxy: boolean | number | readonly string[]
  readonly metrics: 'loopback' | 'on' | 'off'
  readonly sessionHours: number
  readonly limits: Limits
}

export type LogLevel = (typeof logLevels)[number]
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** A setting that cannot be used. The message is one line that names it and says what to write instead. */
export class ConfigError extends Error {
  constructor(name: string, problem: string, options?: ErrorOptions) {
    super(`${name}: ${problem}`, options)
    this.name = 'ConfigError'
  }
}

interface Setting<T> {
  /** As documented, in words or as one would write it. */
  readonly default: string
  readonly meaning: string
  /** From what was written; undefined = not given. @throws Error whose message completes "NAME: " */
  readonly parse: (text: string | undefined) => T
}

const megabyte = 2 ** 20

const text = (fallback: string) => (given: string | undefined) => given ?? fallback

const oneOf =
  <const T extends readonly string[]>(values: T, fallback: T[number]) =>
  (given: string | undefined): T[number] => {
    if (given === undefined) return fallback
    if (values.includes(given)) return given
    throw new Error(`"${given}" is none of ${values.join(', ')}`)
  }

const whole = (fallback: number, least: number, most: number) => (given: string | undefined) => {
  if (given === undefined) return fallback
  const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN
  if (value >= least && value <= most) return value
  throw new Error(`"${given}" is not a whole number from ${least} to ${most}`)
}

const yesNo = (fallback: boolean) => (given: string | undefined) =>
  oneOf(['true', 'false'], fallback ? 'true' : 'false')(given) === 'true'

const parsedUrl = (given: string): URL => {
  try {
    return new URL(given)
  } catch (cause) {
    throw new Error(`"${given}" is not an address like https://labels.example.org`, { cause })
  }
}

/** `https://host[:port]`, as browsers write it. */
const origin = (given: string): string => {
  const url = parsedUrl(given)
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.pathname !== '/' || url.search || url.hash)
    throw new Error(`"${given}" is not an origin like https://labels.example.org (no path)`)
  return url.origin
}

const list = (given: string): string[] =>
  given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const trust = (given: string | undefined): boolean | number | readonly string[] => {
  if (given === undefined || given === 'false') return false
  if (given === 'true') return true
  if (/^\d{1,2}$/.test(given)) return Number(given)
  const addresses = list(given)
  const looksRight = (address: string) =>
    /^(loopback|linklocal|uniquelocal|[\d.]+(\/\d{1,3})?|[\da-f:.]*:[\da-f:.]*(\/\d{1,3})?)$/i.test(address)
  const wrong = addresses.find((address) => !looksRight(address))
  if (wrong !== undefined || addresses.length === 0)
    throw new Error(
      `"${wrong ?? given}" is not an address or network; write true, false, a number of hops or addresses`,
    )
  return addresses
}

const databaseUrl = (given: string | undefined): string | undefined => {
  if (given === undefined || /^postgres(ql)?:\/\/.+/.test(given)) return given
  if (/^(sqlite|file):(\/\/)?./.test(given)) return given.replace(/^(sqlite|file):(\/\/)?/, '')
  if (/^[a-z][a-z\d+.-]*:/i.test(given)) throw new Error(`"${given}" is neither postgres://… nor a file`)
  return given
}

const blobStore = (given: string | undefined): string | { bucket: string; prefix: string } | undefined => {
  if (given?.startsWith('s3://')) return bucketAndPrefix(given)
  if (given !== undefined && /^[a-z][a-z\d+.-]+:/i.test(given))
    throw new Error(`"${given}" is neither a folder nor s3://bucket/prefix`)
  return given
}

const bucketAndPrefix = (given: string): { bucket: string; prefix: string } => {
  const [, bucket = '', prefix = ''] =
    /^s3:\/\/([a-z\d][\w.-]{1,61}[a-z\d])((?:\/[\w!*'().=+@-]+)*)\/?$/i.exec(given) ?? []
  if (bucket === '' || prefix.split('/').some((part) => part === '.' || part === '..'))
    throw new Error(`"${given}" is not like s3://bucket/prefix`)
  return { bucket, prefix: prefix.slice(1) }
}

const endpoint = (given: string | undefined): string | undefined => {
  if (given === undefined) return undefined
  const url = parsedUrl(given)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`"${given}" is not https:// or http://`)
  if (url.username || url.password)
    throw new Error('keys do not belong in the address; write AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  if (url.search || url.hash) throw new Error(`"${given}" has more than host and path`)
  return url.href.replace(/\/$/, '')
}

const upstream = (given: string | undefined): string | undefined => {
  if (given === undefined) return undefined
  const url = parsedUrl(given)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`"${given}" is not https:// or http://`)
  if (url.username || url.password) throw new Error('keys do not belong in the address; people sign in with theirs')
  if (url.pathname !== '/' || url.search || url.hash)
    throw new Error(`"${given}" is not an origin like https://api.clarifai.com (no path)`)
  return url.origin
}

const hosts = (given: string | undefined): readonly string[] => {
  const names = list(given ?? '').map((name) => name.toLowerCase())
  const wrong = names.find((name) => !/^(\.?[a-z\d-]+(\.[a-z\d-]+)*|\[[\da-f:.]+\])$/.test(name))
  if (wrong !== undefined) throw new Error(`"${wrong}" is not a host name like pictures.example.org or .example.org`)
  return names
}

/** Every setting there is, in the order of docs/deploying.md, whose table is checked against this one. */
export const settings = {
  HOST: { default: '127.0.0.1', meaning: 'Address to listen on; `0.0.0.0` or `::` for all.', parse: text('127.0.0.1') },
  PORT: { default: '8080', meaning: 'Port to listen on; `0` picks a free one.', parse: whole(8080, 0, 65_535) },
  DATA_DIR: {
    default: './data',
    meaning: 'Folder for the database, the pictures and the keys of the demo. Made when missing.',
    parse: text('./data'),
  },
  DATABASE_URL: {
    default: 'DATA_DIR/marquee.db',
    meaning: 'A SQLite file, or `postgres://user:password@host/database`.',
    parse: databaseUrl,
  },
  BLOB_STORE: {
    default: 'DATA_DIR/blobs',
    meaning: 'Folder for the bytes of pictures, or `s3://bucket/prefix`.',
    parse: blobStore,
  },
  S3_ENDPOINT: {
    default: '(none)',
    meaning: 'Address of an S3-compatible server, when BLOB_STORE is a bucket that is not with Amazon.',
    parse: endpoint,
  },
  UPSTREAM: {
    default: '(empty)',
    meaning:
      'Empty: the server keeps annotations itself. `https://api.clarifai.com`, or any server that speaks the API: everything goes there; `http://` is HTTP/2 in the clear.',
    parse: upstream,
  },
  UPSTREAM_MEDIA_HOSTS: {
    default: '(none)',
    meaning:
      "Hosts besides the upstream's own whose pictures the app may show, separated by commas; `.example.org` for all under it.",
    parse: hosts,
  },
  TLS_CERT: {
    default: '(none)',
    meaning: 'PEM file of the certificate; with TLS_KEY the port speaks TLS.',
    parse: text(''),
  },
  TLS_KEY: { default: '(none)', meaning: 'PEM file of the key of TLS_CERT.', parse: text('') },
  PUBLIC_URL: {
    default: '(the address listened on)',
    meaning: 'Where browsers reach this server, when that is another address: behind a reverse proxy, say.',
    parse: (given: string | undefined) => (given === undefined ? undefined : origin(given)),
  },
  CORS_ORIGINS: {
    default: '(none)',
    meaning: 'Other origins whose pages may call the API with a key, separated by commas; `*` for all.',
    parse: (given: string | undefined) => list(given ?? '').map((part) => (part === '*' ? part : origin(part))),
  },
  TRUST_PROXY: {
    default: 'false',
    meaning: 'Whose `X-Forwarded-*` headers to believe: `true`, `false`, a number of hops, or addresses and networks.',
    parse: trust,
  },
  DEMO: {
    default: 'auto',
    meaning: '`auto` makes users, an app and photos on an empty database; `off` does not.',
    parse: oneOf(['auto', 'off'], 'auto'),
  },
  SESSION_HOURS: {
    default: '720',
    meaning: 'How long a browser stays signed in.',
    parse: whole(720, 1, 24 * 365),
  },
  ALLOW_PRIVATE_INPUT_URLS: {
    default: 'false',
    meaning: 'Whether inputs may be downloaded from loopback, private, link-local and metadata addresses.',
    parse: yesNo(false),
  },
  RATE_LIMIT: {
    default: '200',
    meaning: 'Calls a second for each key, session or, without one, address; `0` = no limit.',
    parse: whole(defaultLimits.callsPerSecond, 0, 1_000_000),
  },
  MAX_BODY_MB: {
    default: '128',
    meaning: 'Largest body of one request.',
    parse: whole(defaultLimits.bodyBytes / megabyte, 1, 2048),
  },
  MAX_BODIES_IN_FLIGHT_MB: {
    default: '256',
    meaning: 'Largest sum of the bodies of all requests being answered at one time.',
    parse: whole(defaultLimits.bodiesInFlightBytes / megabyte, 1, 1_000_000),
  },
  MAX_IMAGE_MB: {
    default: '200',
    meaning: 'Largest file of one input.',
    parse: whole(defaultLimits.imageBytes / megabyte, 1, 2048),
  },
  MAX_IMAGE_MEGAPIXELS: {
    default: '500',
    meaning: 'Largest picture, in millions of pixels; masks have the same limit.',
    parse: whole(defaultLimits.imagePixels / 1_000_000, 1, 4000),
  },
  METRICS: {
    default: 'loopback',
    meaning: 'Who may read `/metrics`: `loopback`, everybody (`on`) or nobody (`off`).',
    parse: oneOf(['loopback', 'on', 'off'], 'loopback'),
  },
  LOG_LEVEL: { default: 'info', meaning: `One of ${logLevels.join(', ')}.`, parse: oneOf(logLevels, 'info') },
} as const satisfies Record<string, Setting<unknown>>

type Name = keyof typeof settings
type Values = { readonly [N in Name]: ReturnType<(typeof settings)[N]['parse']> }

/**
 * The settings in an environment. Empty values count as not given; other people's variables are left alone, but a
 * name that begins with MARQUEE_ is a mistake, since ours have no prefix.
 * @throws ConfigError naming the first setting that is wrong
 */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  refusePrefixed(environment)
  const values = Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [name, parse(name, setting, environment[name])]),
  ) as Values
  if ((values.TLS_CERT === '') !== (values.TLS_KEY === ''))
    throw new ConfigError(values.TLS_CERT === '' ? 'TLS_CERT' : 'TLS_KEY', 'TLS needs both TLS_CERT and TLS_KEY')
  const dataDir = resolve(values.DATA_DIR)
  const database = values.DATABASE_URL ?? 'marquee.db'
  return {
    host: values.HOST,
    port: values.PORT,
    dataDir,
    databaseUrl:
      isFile(database) && values.DATABASE_URL === undefined ? resolve(dataDir, database) : fullPath(database),
    blobStore: placeOf(values, resolve(dataDir, 'blobs'), environment),
    upstream: values.UPSTREAM,
    upstreamMediaHosts: values.UPSTREAM_MEDIA_HOSTS,
    tls: values.TLS_CERT === '' ? undefined : { cert: resolve(values.TLS_CERT), key: resolve(values.TLS_KEY) },
    demo: values.DEMO,
    allowPrivateInputUrls: values.ALLOW_PRIVATE_INPUT_URLS,
    logLevel: values.LOG_LEVEL,
    publicUrl: values.PUBLIC_URL,
    corsOrigins: values.CORS_ORIGINS,
    trustProxy: values.TRUST_PROXY,
    metrics: values.METRICS,
    sessionHours: values.SESSION_HOURS,
    limits: limitsOf(values),
  }
}

const isFile = (database: string) => !database.startsWith('postgres')
const fullPath = (database: string) => (isFile(database) && !isAbsolute(database) ? resolve(database) : database)

/** The region is among the usual AWS variables, of which Amazon's library for Node reads one only. */
const placeOf = (
  { BLOB_STORE: given, S3_ENDPOINT: endpoint }: Values,
  usual: string,
  environment: Readonly<Record<string, string | undefined>>,
): BlobPlace => {
  if (typeof given !== 'object') return { kind: 'folder', path: given === undefined ? usual : resolve(given) }
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || (endpoint && 'us-east-1')
  return { kind: 's3', ...given, endpoint, region: region || undefined }
}

const limitsOf = (values: Values): Limits => ({
  ...defaultLimits,
  callsPerSecond: values.RATE_LIMIT,
  bodyBytes: values.MAX_BODY_MB * megabyte,
  bodiesInFlightBytes: values.MAX_BODIES_IN_FLIGHT_MB * megabyte,
  imageBytes: values.MAX_IMAGE_MB * megabyte,
  maskBytes: values.MAX_IMAGE_MB * megabyte,
  imagePixels: values.MAX_IMAGE_MEGAPIXELS * 1_000_000,
  maskPixels: values.MAX_IMAGE_MEGAPIXELS * 1_000_000,
})

const refusePrefixed = (environment: Readonly<Record<string, string | undefined>>) => {
  const wrong = Object.keys(environment).find((name) => /^MARQUEE_/i.test(name))
  if (wrong === undefined) return
  const bare = wrong.replace(/^MARQUEE_/i, '').toUpperCase()
  const hint = bare in settings ? `write ${bare}` : 'see docs/deploying.md'
  throw new ConfigError(wrong, `there is no such setting (${hint})`)
}

const parse = (name: string, setting: Setting<unknown>, written: string | undefined): unknown => {
  try {
    return setting.parse(written === '' ? undefined : written)
  } catch (cause) {
    throw new ConfigError(name, cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
