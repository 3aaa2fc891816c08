/** `npm start`: makes what is not committed (generated code, the built app), then runs the server in this process. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const toStderr: ['ignore', number, number] = ['ignore', process.stderr.fd, process.stderr.fd]

for (const args of [['proto/generate.ts'], ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']]) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: toStderr })
  if (status !== 0) process.exit(status ?? 1)
}
await import('./main.ts')
