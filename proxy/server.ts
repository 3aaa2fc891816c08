import { constants, promises as files, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { Account, Studio } from '#gen/marquee/v1/marquee_pb.ts'
import { Office } from '#gen/marquee/v1/office_pb.ts'
import { Team } from '#gen/marquee/v1/team_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import type { AnyMethod } from '#proxy/gateway/dispatch.ts'
import { createGateway } from '#proxy/gateway/gateway.ts'
import { createLog } from '#proxy/gateway/observe.ts'
import { type BlobPlace, openBlobs } from '#proxy/media/blobPlace.ts'
import { checkBucket } from '#proxy/media/s3Client.ts'
import {
  accountMethods,
  officeMethods,
  openAccountMethods,
  openOfficeMethods,
  studioMethods,
  teamMethods,
  v2Methods,
} from '#proxy/service/api.ts'
import { startBulkWorker } from '#proxy/service/bulk/bulkWorker.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { openMedia } from '#proxy/service/inputs/media.ts'
import { startPurge } from '#proxy/service/inputs/purge.ts'
import { authenticate } from '#proxy/service/people/authenticate.ts'
import { sessionCookieName } from '#proxy/service/people/cookie.ts'
import { newId } from '#proxy/service/people/secrets.ts'
import { serverIdentity } from '#proxy/store/meta.ts'
import { openStore, type Store } from '#proxy/store/open.ts'
import { startWorker } from '#proxy/workflow/worker.ts'
import type { Config } from './config.ts'
import { type DemoKeys, ensureDemo } from './demo.ts'
import { forwardingParts, type Parts } from './forwarding.ts'

/** A server that answers. */
export interface RunningServer {
  /** `http(s)://host:port` listened on. */
  readonly url: string
  readonly deps: Deps
  /** Set when this start made the demo. */
  readonly demo: DemoKeys | undefined
  /** Stops accepting, gives running calls `deadlineMs` (8 s) to finish, closes the database. Harmless twice. */
  close(deadlineMs?: number): Promise<void>
}

/** The server cannot start; the message is one line for the person who started it. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/**
 * Opens database and blobs, makes the demo on an empty database, and listens. Several may run in one process on
 * different data.
 * @throws StartError
 */
export const startServer = async (config: Config): Promise<RunningServer> => {
  const log = createLog(config.logLevel)
  await prepareFolder('DATA_DIR', config.dataDir)
  await prepareBlobs(config.blobStore)
  const tls = config.tls && {
    cert: await readPem('TLS_CERT', config.tls.cert),
    key: await readPem('TLS_KEY', config.tls.key),
  }
  const store = await openDatabase(config, log)
  try {
    return await serve(config, store, log, tls)
  } catch (error) {
    await store.close()
    throw error
  }
}

const serve = async (
  config: Config,
  store: Store,
  log: Logger,
  tls: { cert: string; key: string } | undefined,
): Promise<RunningServer> => {
  const address = { url: '', port: config.port }
  const deps = await depsOf(config, store, log, address)
  const { upstream, upstreamMediaHosts } = config
  const isEmbedded = upstream === undefined
  const parts = isEmbedded ? embeddedParts(deps) : forwardingParts(upstream, upstreamMediaHosts, deps)
  const gateway = await createGateway({
    services: parts.services,
    deps,
    log,
    authenticate: parts.authenticate,
    openMedia: parts.openMedia,
    healthy: async () => {
      store.check?.()
      await store.read.selectFrom('meta').select('key').limit(1).execute()
    },
    cookieName: () => deps.settings.cookieName,
    appFolder: join(import.meta.dirname, '..', 'dist'),
    publicUrl: config.publicUrl,
    corsOrigins: config.corsOrigins,
    trustProxy: config.trustProxy,
    metricsFor: config.metrics,
    listen: { tls },
  }).catch(explainTls)
  const demo = isEmbedded && config.demo === 'auto' ? await ensureDemo(deps, { dataDir: config.dataDir }) : undefined
  address.url = await gateway.listen(config.host, config.port).catch((error) => explainListening(error, config))
  address.port = Number(new URL(address.url).port || (tls ? 443 : 80))
  log.info({ url: address.url, version, ...(!isEmbedded && { upstream }) }, 'listening')
  const worker = isEmbedded ? startWorker(deps, { recover: true }) : undefined
  const bulkWorker = isEmbedded ? startBulkWorker(deps) : undefined
  const purge = isEmbedded ? startPurge(deps) : undefined
  let closed: Promise<void> | undefined
  const close = async (deadlineMs = 8_000) => {
    // a job that is put back costs little, so it is not waited for as long as a person's call
    const [gatewayEnd, part] = [gateway.close(deadlineMs), deadlineMs / 4]
    await Promise.all([gatewayEnd, worker?.stop(part), bulkWorker?.stop(part), purge?.stop()])
    parts.close()
    await store.close()
    log.info({}, 'stopped')
  }
  return { url: address.url, deps, demo, close: (deadlineMs) => (closed ??= close(deadlineMs)) }
}

/** A server that keeps everything itself. */
const embeddedParts = (deps: Deps): Parts => ({
  services: [
    { service: V2, methods: v2Methods as unknown as Record<string, AnyMethod>, failures: 'body' },
    {
      service: Account,
      methods: accountMethods as unknown as Record<string, AnyMethod>,
      failures: 'connect',
      open: openAccountMethods,
    },
    { service: Studio, methods: studioMethods as unknown as Record<string, AnyMethod>, failures: 'connect' },
    {
      service: Office,
      methods: officeMethods as unknown as Record<string, AnyMethod>,
      failures: 'connect',
      open: openOfficeMethods,
    },
    { service: Team, methods: teamMethods as unknown as Record<string, AnyMethod>, failures: 'connect' },
  ],
  authenticate: (credential) => authenticate(credential, deps),
  openMedia: (path, query, caller) => openMedia(path, query, caller, deps),
  close: () => undefined,
})

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
  version: string
}

const depsOf = async (
  config: Config,
  store: Store,
  log: Logger,
  address: { readonly url: string; readonly port: number },
): Promise<Deps> => {
  const { mediaKey } = await serverIdentity(store)
  return {
    store,
    blobs: openBlobs(config.blobStore, config.dataDir),
    now: () => Date.now() * 1000,
    newId,
    limits: config.limits,
    log,
    publicUrl: () => config.publicUrl ?? address.url,
    mediaKey,
    settings: {
      sessionHours: config.sessionHours,
      get cookieName() {
        return sessionCookieName(address.port)
      },
      secureCookies: config.tls !== undefined || config.publicUrl?.startsWith('https:') === true,
      allowPrivateInputUrls: config.allowPrivateInputUrls,
      version,
    },
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!

const prepareFolder = async (setting: string, folder: string) => {
  try {
    await files.mkdir(folder, { recursive: true, mode: 0o700 })
    await files.access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new StartError(`${setting}: ${folder} cannot be written (${messageOf(cause)})`, { cause })
  }
}

const prepareBlobs = async (place: BlobPlace) => {
  if (place.kind === 'folder') return prepareFolder('BLOB_STORE', place.path)
  await checkBucket(place).catch((cause) => {
    throw new StartError(`BLOB_STORE: ${messageOf(cause)}`, { cause })
  })
}

const readPem = async (setting: string, file: string): Promise<string> => {
  try {
    return await files.readFile(file, 'utf8')
  } catch (cause) {
    throw new StartError(`${setting}: ${file} cannot be read (${messageOf(cause)})`, { cause })
  }
}

const openDatabase = async ({ databaseUrl }: Config, log: Logger): Promise<Store> => {
  try {
    return await openStore({ databaseUrl, log: (line) => log.info({}, line) })
  } catch (cause) {
    throw new StartError(`DATABASE_URL: ${messageOf(cause)}`, { cause })
  }
}

/** @throws StartError when it was certificate or key that were refused, else what it got */
const explainTls = (error: NodeJS.ErrnoException): never => {
  if (error.code?.startsWith('ERR_OSSL') || error.code?.startsWith('ERR_TLS'))
    throw new StartError(`TLS_CERT, TLS_KEY: not a certificate and its key (${messageOf(error)})`, { cause: error })
  throw error
}

const explainListening = (error: NodeJS.ErrnoException, { host, port }: Config): never => {
  const reasons: Record<string, string> = {
    EADDRINUSE: `PORT: ${port} on ${host} is in use by another program`,
    EACCES: `PORT: this user may not listen on ${port}`,
    EADDRNOTAVAIL: `HOST: ${host} is no address of this machine`,
    ENOTFOUND: `HOST: ${host} is not known`,
  }
  throw new StartError(reasons[error.code ?? ''] ?? `HOST, PORT: ${messageOf(error)}`, { cause: error })
}
