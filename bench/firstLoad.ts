import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

/** kB of JavaScript, compressed with gzip, that the browser may need before the first picture. */
export const FIRST_PICTURE_LIMIT = 350

type Chunks = readonly Rolldown.OutputChunk[]

/** The chunks that must be there before a picture of the workspace can be: the page, the route, and what they import. */
const beforeThePicture = (chunks: Chunks, route: string): Chunks => {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const needed = new Set<Rolldown.OutputChunk>()
  const add = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (!chunk || needed.has(chunk)) return
    needed.add(chunk)
    for (const name of chunk.imports) add(byName.get(name))
  }
  const page = chunks.find((chunk) => chunk.isEntry && chunk.facadeModuleId?.endsWith('.html'))
  const screen = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(route))
  if (!page || !screen) throw new Error(`the build has no page, or no chunk for ${route}`)
  add(page)
  add(screen)
  return [...needed]
}

/**
 * Prints what the workspace loads before its first picture and fails the build above the limit. What is loaded lazily
 * counts as later here; that it really comes later is checked in the browser (e2e/firstLoad.spec.ts).
 */
export const firstPictureBudget = (route: string): Plugin => ({
  name: 'first-picture-budget',
  apply: 'build',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
      const needed = beforeThePicture(chunks, route)
      const size = needed.reduce((sum, { code }) => sum + gzipSync(code).length, 0) / 1000
      const line = `${size.toFixed(1)} kB of JavaScript (gzip) before the first picture, in ${needed.length} files; at most ${FIRST_PICTURE_LIMIT}`
      if (size > FIRST_PICTURE_LIMIT) this.error(line)
      else this.info(line)
    },
  },
})
