import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Credentials {
  readonly pat: string
  readonly password: string
}
export type Who = 'owner' | 'annotator' | 'annotator-2' | 'reviewer'

/** The product as `npm start` runs it, on a temporary data folder, in a process of its own that can be killed. */
export class TestServer {
  readonly port: number
  readonly dataDir: string
  readonly #env: Record<string, string>
  #process: ChildProcess | undefined
  #log = ''

  private constructor(port: number, dataDir: string, env: Record<string, string>) {
    this.port = port
    this.dataDir = dataDir
    this.#env = env
  }

  static async start(env: Record<string, string> = {}): Promise<TestServer> {
    const server = new TestServer(await freePort(), mkdtempSync(path.join(tmpdir(), 'marquee-e2e-')), env)
    await server.up()
    return server
  }

  get url(): string {
    return `${this.#env.TLS_CERT ? 'https' : 'http'}://127.0.0.1:${this.port}`
  }

  /** What the demo wrote for its people: passwords and personal access tokens. */
  credentials(who: Who): Credentials {
    const keys = JSON.parse(readFileSync(path.join(this.dataDir, 'demo-keys.json'), 'utf8')) as Record<Who, Credentials>
    return keys[who]
  }

  /** Of the process, while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Starts it (again) on the same port and data; resolves when it answers. */
  async up(): Promise<void> {
    const env = { ...process.env, PORT: String(this.port), DATA_DIR: this.dataDir, LOG_LEVEL: 'warn', ...this.#env }
    const child = spawn(process.execPath, ['proxy/main.ts'], {
      cwd: path.resolve(import.meta.dirname, '..'),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString()
    })
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('Marquee is ready at')) resolve()
      })
      child.once('exit', (code) => reject(new Error(`the server stopped with ${code}:\n${this.#log}`)))
    })
  }

  /** Pulls the plug (SIGKILL), or asks it to stop. Resolves with the exit code once it is gone. */
  async down(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    const child = this.#process
    if (!child || child.exitCode !== null) return child?.exitCode ?? null
    const gone = once(child, 'exit')
    child.kill(signal)
    const [code] = (await gone) as [number | null]
    return code
  }

  async remove(): Promise<void> {
    await this.down()
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
