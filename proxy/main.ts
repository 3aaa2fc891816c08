import { join } from 'node:path'
import { type Config, ConfigError, readConfig } from './config.ts'
import { type RunningServer, StartError, startServer } from './server.ts'

/** `node proxy/main.ts`: the settings are in docs/deploying.md. Logs go to stderr, what a person waits for to stdout. */
const main = async (): Promise<void> => {
  const config = readConfig(process.env)
  const server = await startServer(config)
  stopOn(server, 'SIGTERM', 'SIGINT')
  if (server.demo !== undefined) say(howToSignIn(server.demo, config))
  say(`Marquee is ready at ${server.url}`)
}

const say = (line: string) => void process.stdout.write(`${line}\n`)

const howToSignIn = (demo: NonNullable<RunningServer['demo']>, { dataDir }: Config): string =>
  [
    'This is a new database, so there is a demo now. Sign in as one of:',
    ...Object.entries(demo).map(([user, { password }]) => `  ${user.padEnd(12)} password ${password}`),
    `Passwords and personal access tokens are kept in ${join(dataDir, 'demo-keys.json')}.`,
  ].join('\n')

/** The first signal lets running calls finish; a second one does not wait. */
const stopOn = (server: RunningServer, ...signals: NodeJS.Signals[]) => {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    server.close().then(
      () => process.exit(0),
      (error) => fail(error),
    )
  }
  for (const signal of signals) process.on(signal, stop)
}

const fail = (error: unknown): never => {
  const isForPeople = error instanceof ConfigError || error instanceof StartError
  process.stderr.write(`${isForPeople ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

await main().catch(fail)
