/**
 * Generates `gen/` (not committed) with buf and protoc-gen-es:
 * - `gen/proto/clarifai/…` every message and method of the Clarifai V2 API, for the proxy
 * - `gen/web/proto/clarifai/…` only the methods the browser calls, for `src/`
 * - `gen/datasets/proto/clarifai/…` the methods of the Exports page, which is loaded on its own
 * - `gen/marquee/…` our own service
 *
 * The .proto files come from the npm packages that ship them (clarifai-nodejs-grpc, protobufjs) and are copied into
 * `gen/.staged`, because buf wants one root. Skips the work when its inputs have not changed; `--force` redoes it.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const gen = path.join(root, 'gen')
const staged = path.join(gen, '.staged')
const packageDir = (name: string): string => path.join(root, 'node_modules', name)

/** These repeat messages that other files declare: buf refuses duplicate symbols. */
const LEFT_OUT = /service_processed\.proto$|test_proto\.proto$/

const sources = [
  { from: path.join(packageDir('clarifai-nodejs-grpc'), 'proto'), under: 'proto' },
  { from: path.join(packageDir('protobufjs'), 'google/api'), under: 'google/api' },
  { from: path.join(root, 'proto'), under: '' },
]

type Staged = { from: string; to: string }

function protoFiles(): Staged[] {
  return sources.flatMap(({ from, under }) =>
    readdirSync(from, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.proto') && !LEFT_OUT.test(name))
      .map((name) => ({ from: path.join(from, name), to: path.join(under, name) })),
  )
}

/** Changes whenever a .proto file, a template, this script or a generator version does. */
function fingerprint(files: readonly Staged[]): string {
  const hash = createHash('sha256')
  const own = [
    'buf.gen.yaml',
    'proto/buf.gen.web.yaml',
    'proto/buf.gen.datasets.yaml',
    'proto/generate.ts',
    'package-lock.json',
  ].map((f) => path.join(root, f))
  for (const file of [...own, ...files.map((f) => f.from)])
    hash.update(file.slice(root.length)).update(readFileSync(file))
  return hash.digest('hex')
}

const files = protoFiles()
const stamp = path.join(gen, '.fingerprint')
const current = fingerprint(files)
if (!process.argv.includes('--force') && existsSync(stamp) && readFileSync(stamp, 'utf8') === current) process.exit(0)

rmSync(gen, { recursive: true, force: true })
for (const { from, to } of files) {
  mkdirSync(path.dirname(path.join(staged, to)), { recursive: true })
  cpSync(from, path.join(staged, to))
}
const bin = path.join(root, 'node_modules/.bin')
const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` }
for (const template of ['buf.gen.yaml', 'proto/buf.gen.web.yaml', 'proto/buf.gen.datasets.yaml'])
  execFileSync(path.join(bin, 'buf'), ['generate', '--template', template], { cwd: root, stdio: 'inherit', env })
writeFileSync(stamp, current)
