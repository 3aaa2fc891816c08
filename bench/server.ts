import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import sharp from 'sharp'
import { build, preview } from 'vite'
import { IMAGE } from '#bench/workload.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

/** The pages that are measured, by name; also what `--only` takes. */
export const PAGES = {
  image: 'peers/image.html',
  ours: 'canvas.html',
  tuned: 'peers/tuned.html',
  naive: 'peers/naive.html',
  annotorious: 'peers/annotorious.html',
} as const

export type PageName = keyof typeof PAGES

/** A picture with the detail and the file size of a photo: waves, edges and grain. Always the same. */
const makePicture = async (file: string): Promise<void> => {
  const { width, height } = IMAGE
  const pixels = Buffer.alloc(width * height * 3)
  let noise = 1
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p += 3) {
      noise = (Math.imul(noise, 1664525) + 1013904223) | 0
      const grain = ((noise >>> 24) - 128) / 10
      const edge = ((x >> 7) + (y >> 7)) % 2 ? 12 : -12
      pixels[p] = 118 + 40 * Math.sin(x / 911 + y / 1409) + edge + grain
      pixels[p + 1] = 122 + 38 * Math.sin(x / 937 + y / 1373) + edge + grain
      pixels[p + 2] = 112 + 36 * Math.sin(x / 871 + y / 1283) + edge + grain
    }
  }
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toFile(file)
}

export interface BenchServer {
  /** Ends with a slash. */
  readonly address: string
  close(): Promise<void>
}

/**
 * Builds the pages as they would ship and serves them on a free port, or on `port`. Built, not served by the dev
 * server: React's development build alone costs more than what is measured.
 */
export const startServer = async (port = 0): Promise<BenchServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-bench-'))
  await build({
    configFile: false,
    root: here,
    plugins: [react()],
    logLevel: 'warn',
    publicDir: false,
    worker: { format: 'es' },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',

      chunkSizeWarningLimit: 4096,
      rolldownOptions: { input: Object.values(PAGES).map((page) => resolve(here, page)) },
    },
  })
  await makePicture(join(folder, 'image.jpg'))
  const server = await preview({
    configFile: false,
    root: here,
    logLevel: 'warn',
    build: { outDir: folder },
    preview: { port, host: '127.0.0.1', strictPort: port !== 0 },
  })
  const address = server.resolvedUrls?.local[0]
  if (!address) throw new Error('the bench server did not start')
  return {
    address,
    async close() {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
