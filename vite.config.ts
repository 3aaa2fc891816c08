import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { firstPictureBudget } from './bench/firstLoad.ts'

/** Writes NAME.br beside what the server sends often, so that it need not compress it again for each browser. */
function precompress(): Plugin {
  let outDir = ''
  return {
    name: 'precompress',
    apply: 'build',
    configResolved: (config) => {
      outDir = path.resolve(config.root, config.build.outDir)
    },
    // not closeBundle, which runs after a build that failed, too, and hid why
    writeBundle: () => {
      for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|wasm|html|svg)$/.test(name)) continue
        const file = path.join(outDir, name)
        writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)))
      }
    },
  }
}

/** Builds `/sw.js` and tells it every file that the build has. Nothing of it is in the development server. */
const serviceWorker = (): Plugin => ({
  name: 'service-worker',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'chunk', id: 'src/app/offline/serviceWorker.ts', fileName: 'sw.js' })
  },
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const worker = bundle['sw.js']
      if (worker?.type !== 'chunk') throw new Error('the build has no service worker')
      if (worker.imports.length > 0) this.error(`the service worker shares code with the page: ${worker.imports}`)
      const built = Object.keys(bundle).filter((name) => name !== 'sw.js')
      const files = ['index.html', 'color-scheme.js', 'favicon.svg', ...built.filter((name) => name !== 'index.html')]
      worker.code = worker.code.replaceAll('BUILT_FILES', JSON.stringify(files.map((name) => `/${name}`)))
    },
  },
})

export default defineConfig({
  plugins: [react(), firstPictureBudget('/src/app/workspace/Workspace.tsx'), serviceWorker(), precompress()],
  build: { outDir: 'dist', target: 'es2023', sourcemap: false },
  worker: { format: 'es' },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'proxy/**/*.test.ts', 'proto/**/*.test.ts'],
    environment: 'node',
    // each file in a process of its own takes three times as long: the messages of the API are loaded again for it
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000, // of a test that hangs; a busy disk has stopped all of them for 20 s
    hookTimeout: 180_000, // PGlite starts in one: seconds, on a busy machine many
  },
})
