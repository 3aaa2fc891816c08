import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import type { Certificate } from '#e2e/certificate.ts'
import type { PythonTools } from '#e2e/python.ts'

const root = path.resolve(import.meta.dirname, '../..')
const own = path.join(import.meta.dirname, 'python')
const made = path.join(root, 'gen/python')

/** What a Python program did; messages as their bytes. */
export interface Ran {
  /** A traceback; null when it ended well. */
  readonly error: string | null
  readonly printed: string
  readonly calls: readonly (readonly [method: string, request: Buffer, answer: Buffer])[]
}

/**
 * Python programs that use the official message and stub classes, `clarifai_grpc`: generated with Debian's protoc from
 * the .proto files of the official npm package, and laid out as the official Python package lays them out.
 */
export class OfficialPython {
  readonly #process: ChildProcess
  readonly #answers: AsyncIterator<string>
  #errors = ''

  constructor(tools: PythonTools, port: number, { certFile }: Certificate) {
    generate(tools)
    const server = { CLARIFAI_GRPC_BASE: `127.0.0.1:${port}`, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: certFile }
    const env = { ...process.env, PYTHONPATH: made, PYTHONDONTWRITEBYTECODE: '', ...server }
    const child = spawn(tools.python, [path.join(own, 'run.py')], { env, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#process = child
    this.#answers = readline.createInterface(child.stdout)[Symbol.asyncIterator]()
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString()
    })
  }

  /** @param fill strings for names that the program assigns, in place of its own */
  async run(program: string, fill: Readonly<Record<string, string>>): Promise<Ran> {
    this.#process.stdin?.write(`${JSON.stringify({ program, fill })}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`Python stopped:\n${this.#errors}`)
    const { calls, ...rest } = JSON.parse(value) as Omit<Ran, 'calls'> & { calls: [string, string, string][] }
    const bytes = (text: string) => Buffer.from(text, 'base64')
    return { ...rest, calls: calls.map(([method, request, answer]) => [method, bytes(request), bytes(answer)]) }
  }

  stop(): void {
    this.#process.kill()
  }
}

/** The classes in gen/python, made anew only when what they are made from has changed. */
function generate({ protoc, plugin }: PythonTools): void {
  const staged = path.join(root, 'gen/.staged')
  const files = ['proto', 'google'].flatMap((folder) =>
    readdirSync(path.join(staged, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.proto'))
      .map((name) => path.posix.join(folder, name)),
  )
  const hash = createHash('sha256').update(execFileSync(protoc, ['--version']))
  for (const file of [
    import.meta.filename,
    path.join(own, 'clarifai_channel.py'),
    ...files.map((f) => path.join(staged, f)),
  ])
    hash.update(readFileSync(file))
  const current = hash.digest('hex')
  const stamp = path.join(made, '.fingerprint')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === current) return

  const fresh = mkdtempSync(path.join(root, 'gen/.python-'))
  // one file with every descriptor: buf knows google/protobuf/*.proto, which protoc alone would have to find installed
  const all = path.join(fresh, 'descriptors.binpb')
  execFileSync(path.join(root, 'node_modules/.bin/buf'), ['build', staged, '--as-file-descriptor-set', '-o', all])
  const output = [`--python_out=${fresh}`, `--grpc_python_out=${fresh}`]
  execFileSync(protoc, [`--descriptor_set_in=${all}`, `--plugin=protoc-gen-grpc_python=${plugin}`, ...output, ...files])
  const home = path.join(fresh, 'clarifai_grpc')
  mkdirSync(path.join(home, 'channel'), { recursive: true })
  renameSync(path.join(fresh, 'proto/clarifai'), path.join(home, 'grpc'))
  renameSync(path.join(fresh, 'google'), path.join(home, 'google'))
  copyFileSync(path.join(own, 'clarifai_channel.py'), path.join(home, 'channel/clarifai_channel.py'))
  for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.py')))
    moveImports(path.join(home, name))
  writeFileSync(path.join(fresh, '.fingerprint'), current)
  rmSync(made, { recursive: true, force: true })
  renameSync(fresh, made)
}

const moveImports = (file: string): void => {
  const text = readFileSync(file, 'utf8')
  const moved = text
    .replaceAll(/^from proto\.clarifai\./gm, 'from clarifai_grpc.grpc.')
    .replaceAll(/^from google\.api /gm, 'from clarifai_grpc.google.api ')
  writeFileSync(file, moved)
}
