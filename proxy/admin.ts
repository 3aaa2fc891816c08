/** `npm run admin -- …`: people, keys, apps, backups. Works on the same settings as the server, beside it or without it. */
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { create } from '@bufbuild/protobuf'
import { AppSchema, KeySchema, UserAppIDSetSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { PostAppsRequestSchema, PostKeysRequestSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { openBlobs } from '#proxy/media/blobPlace.ts'
import { restoreBackup, writeBackup } from '#proxy/operate/backup.ts'
import { checkEverything } from '#proxy/operate/check.ts'
import { blobTarget } from '#proxy/operate/restoreTarget.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { appMethods } from '#proxy/service/apps.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { innerCall, innerCaller } from '#proxy/service/innerCall.ts'
import { checkNewPassword } from '#proxy/service/people/account.ts'
import { keyMethods } from '#proxy/service/people/keys.ts'
import { hashPassword } from '#proxy/service/people/passwords.ts'
import { newId } from '#proxy/service/people/secrets.ts'
import { addPerson } from '#proxy/service/people/users.ts'
import { defaultSettings } from '#proxy/service/settings.ts'
import { rfc3339 } from '#proxy/service/time.ts'
import { accountById, listAccounts, setPasswordHash, userOf } from '#proxy/store/accounts.ts'
import { failedJobs, jobCounts, retryJobs } from '#proxy/store/jobs.ts'
import { serverIdentity } from '#proxy/store/meta.ts'
import { isPostgres, openStore, type Store } from '#proxy/store/open.ts'
import { type Config, readConfig } from './config.ts'

interface Command {
  readonly usage: string
  readonly help: string
  readonly options?: Readonly<Record<string, { type: 'string' | 'boolean' }>>
  readonly arguments: readonly string[]
  run(args: readonly string[], options: Readonly<Record<string, unknown>>, config: Config): Promise<void>
}

/** A mistake of the person at the keyboard: one line, exit code 2. */
class UsageError extends Error {}

const COMMANDS: Readonly<Record<string, Command>> = {
  'user add': {
    usage: 'user add ID [--name "First Last"] [--password-stdin]',
    help: 'Adds a person. Without --password-stdin they can use keys but not sign in.',
    options: { name: { type: 'string' }, 'password-stdin': { type: 'boolean' } },
    arguments: ['ID'],
    run: ([id = ''], options, config) =>
      withDeps(config, async (deps) => {
        const [firstName = '', ...rest] = String(options.name ?? '').split(' ')
        const password = options['password-stdin'] ? await readPassword() : undefined
        await addPerson(deps, { id, firstName, lastName: rest.join(' '), password })
        console.log(`Added ${id}`)
      }),
  },
  'user list': {
    usage: 'user list',
    help: 'Lists the people of this server.',
    arguments: [],
    run: (_, __, config) =>
      withDatabase(config, async (deps) => {
        for (const account of await listAccounts(deps.store.read)) {
          const { id, firstName, lastName } = userOf(account)
          const signIn = account.password_hash ? '' : '  (no password)'
          console.log(`${id}  ${firstName} ${lastName}`.trimEnd() + signIn)
        }
      }),
  },
  'user password': {
    usage: 'user password ID --password-stdin',
    help: 'Sets the password of a person.',
    options: { 'password-stdin': { type: 'boolean' } },
    arguments: ['ID'],
    run: ([id = ''], options, config) =>
      withDatabase(config, async (deps) => {
        if (!options['password-stdin']) throw new UsageError('give the password on standard input: --password-stdin')
        const password = await readPassword()
        checkNewPassword(password, 'password')
        if (!(await setPasswordHash(deps.store.write, id, await hashPassword(password))))
          throw new UsageError(`there is no user "${id}"`)
        console.log(`Set the password of ${id}`)
      }),
  },
  'key create': {
    usage: 'key create USER [--description TEXT]',
    help: 'Makes a personal access token of a person and prints it, once.',
    options: { description: { type: 'string' } },
    arguments: ['USER'],
    run: ([user = ''], options, config) =>
      withDatabase(config, async (deps) => {
        await requireUser(deps, user)
        const description = String(options.description ?? 'Made by the admin command')
        const key = create(KeySchema, { type: 'personal_access_token', description, scopes: ['All'] })
        const userAppId = create(UserAppIDSetSchema, { userId: user })
        const request = create(PostKeysRequestSchema, { userAppId, keys: [key] })
        const answer = await keyMethods.postKeys(request, innerCall(innerCaller(user)), deps)
        console.log(answer.keys[0]?.id)
      }),
  },
  'app create': {
    usage: 'app create OWNER APP',
    help: 'Makes an app that belongs to a person.',
    arguments: ['OWNER', 'APP'],
    run: ([owner = '', app = ''], _, config) =>
      withDatabase(config, async (deps) => {
        await requireUser(deps, owner)
        const userAppId = create(UserAppIDSetSchema, { userId: owner })
        const request = create(PostAppsRequestSchema, { userAppId, apps: [create(AppSchema, { id: app })] })
        await appMethods.postApps(request, innerCall(innerCaller(owner)), deps)
        console.log(`Made ${owner}/${app}`)
      }),
  },
  jobs: {
    usage: 'jobs',
    help: 'Counts the jobs of default workflows and shows those that failed, newest first, with the reason.',
    arguments: [],
    run: (_, __, config) =>
      withDatabase(config, async ({ store }) => {
        const counts = await jobCounts(store.read)
        const words = [...counts].map(([state, count]) => `${count} ${state}`)
        console.log(words.length > 0 ? words.join(', ') : 'There are no jobs')
        for (const { no, owner, app, workflow, input_id, attempts, error, modified_at } of await failedJobs(
          store.read,
          100,
        ))
          console.log(
            `${no}  ${rfc3339(modified_at)}  ${owner}/${app}  workflow ${workflow}, input ${input_id}, ${attempts} attempts: ${error}`,
          )
      }),
  },
  'jobs retry': {
    usage: 'jobs retry NUMBER|all',
    help: 'Lets a failed job, or all of them, begin anew; a running server takes them up at once.',
    arguments: ['NUMBER|all'],
    run: ([which = ''], _, config) =>
      withDatabase(config, async ({ store, now }) => {
        if (which !== 'all' && !/^\d{1,15}$/.test(which))
          throw new UsageError(`"${which}" is no number of a job, nor all`)
        const count = await retryJobs(store.write, which === 'all' ? which : Number(which), now())
        if (count === 0 && which !== 'all') throw new UsageError(`there is no failed job ${which}`)
        console.log(`${count} ${count === 1 ? 'job begins' : 'jobs begin'} anew`)
      }),
  },
  backup: {
    usage: 'backup FILE',
    help: 'Writes the database and all pictures into one new tar file, also while the server runs.',
    arguments: ['FILE'],
    run: ([file = ''], _, config) =>
      withDatabase(config, async (deps) => {
        const blobs = await writeBackup(deps.store, deps.blobs, path.resolve(file))
        console.log(`Wrote ${file}: the database and ${blobs} blobs`)
      }),
  },
  restore: {
    usage: 'restore FILE [--force]',
    help: 'Puts a backup in place. With --force what is there is moved aside first. Stop the server before.',
    options: { force: { type: 'boolean' } },
    arguments: ['FILE'],
    run: async ([file = ''], options, config) => {
      if (isPostgres(config.databaseUrl)) throw new UsageError('DATABASE_URL is PostgreSQL: restore it with pg_restore')
      await refuseWhileRunning(config)
      const places = { database: config.databaseUrl, blobs: blobTarget(config.blobStore, config.dataDir) }
      const result = await restoreBackup(path.resolve(file), places, { force: options.force === true })
      for (const place of result.movedAside) console.log(`Moved what was there to ${place}`)
      console.log(`Restored the database and ${result.blobs} blobs`)
    },
  },
  check: {
    usage: 'check',
    help: 'Verifies the database, every message in it, and that every blob is there.',
    arguments: [],
    run: (_, __, config) =>
      withDatabase(config, async (deps) => {
        const { problems, rows, blobs, unused } = await checkEverything(deps.store, deps.blobs)
        for (const problem of problems) console.log(problem)
        console.log(`${rows} rows, ${blobs} blobs, ${unused} blobs unused: ${problems.length} problems`)
        if (problems.length > 0) process.exitCode = 1
      }),
  },
}

/** For commands that look at what is there: a mistyped folder must not become a new, empty database. */
async function withDatabase(config: Config, work: (deps: Deps) => Promise<void>): Promise<void> {
  if (!isPostgres(config.databaseUrl) && !existsSync(config.databaseUrl))
    throw new UsageError(`there is no database at ${config.databaseUrl}: is DATA_DIR right?`)
  await withDeps(config, work)
}

async function withDeps(config: Config, work: (deps: Deps) => Promise<void>): Promise<void> {
  mkdirSync(config.dataDir, { recursive: true })
  const store = await openStore({ databaseUrl: config.databaseUrl, exclusive: false })
  try {
    await work(await depsFor(config, store))
  } finally {
    await store.close()
  }
}

async function depsFor(config: Config, store: Store): Promise<Deps> {
  const note = (fields: object, line: string) => console.error(line, fields)
  return {
    store,
    blobs: openBlobs(config.blobStore, config.dataDir),
    now: () => Date.now() * 1000,
    newId,
    limits: config.limits,
    settings: { ...defaultSettings, allowPrivateInputUrls: config.allowPrivateInputUrls },
    log: { info: () => {}, warn: note, error: note },
    publicUrl: () => config.publicUrl ?? '',
    mediaKey: (await serverIdentity(store)).mediaKey,
  }
}

/** Taking the database for a moment is the sure way to know that nobody else has it. */
async function refuseWhileRunning(config: Config): Promise<void> {
  mkdirSync(path.dirname(config.databaseUrl), { recursive: true })
  const { lockForWriting } = await import('#proxy/store/sqlite.ts')
  lockForWriting(config.databaseUrl).close()
}

async function requireUser(deps: Deps, id: string): Promise<void> {
  if (!(await accountById(deps.store.read, id))) throw new UsageError(`there is no user "${id}"`)
}

async function readPassword(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
  return text.replace(/\r?\n$/, '')
}

function overview(): string {
  const lines = Object.values(COMMANDS).map(({ usage, help }) => `  ${usage}\n      ${help}`)
  return `npm run admin -- COMMAND …\n\n${lines.join('\n')}\n\nSettings are those of the server: docs/deploying.md`
}

async function main(words: readonly string[]): Promise<void> {
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((candidate) => candidate in COMMANDS)
  const command = name === undefined ? undefined : COMMANDS[name]
  if (!command) {
    const asked = words.filter((word) => word !== '--help' && word !== '-h')
    console.log(overview())
    if (asked.length > 0) throw new UsageError(`there is no command "${asked.join(' ')}"`)
    return
  }
  const rest = words.slice(name?.split(' ').length)
  const { values, positionals } = parse(command, rest)
  if (values.help) {
    console.log(`npm run admin -- ${command.usage}\n\n${command.help}`)
    return
  }
  const missing = command.arguments[positionals.length]
  if (missing) throw new UsageError(`${missing} is missing: ${command.usage}`)
  if (positionals.length > command.arguments.length) throw new UsageError(`too many words: ${command.usage}`)
  await command.run(positionals, values, readConfig(process.env))
}

function parse(command: Command, args: string[]): { values: Record<string, unknown>; positionals: string[] } {
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } as const }
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error })
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof UsageError) process.exitCode = 2
  else process.exitCode = 1
  console.error(error instanceof ApiError ? error.details : (error as Error).message)
}
