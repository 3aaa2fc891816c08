import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
/** A tree of its own with our linter's configuration, so that nothing is ever planted among the sources. */
const tree = mkdtempSync(path.join(tmpdir(), 'marquee-layers-'))
cpSync(path.join(root, 'biome.json'), path.join(tree, 'biome.json'))
afterAll(() => rmSync(tree, { recursive: true, force: true }))

let planted = 0

/** Puts a file with this text in this folder. @returns its path within the tree */
function plant(folder: string, text: string, name = `planted${planted++}.ts`): string {
  mkdirSync(path.join(tree, folder), { recursive: true })
  writeFileSync(path.join(tree, folder, name), text)
  return `${folder}/${name}`
}

const uses = (from: string): string => `import { thing } from '${from}'\n\nexport const other = thing\n`
const usesType = (from: string): string => `import type { Thing } from '${from}'\n\nexport type Other = Thing\n`
const RULE = 'lint/style/noRestrictedImports'

const forbidden = (
  [
    ['src/geometry', '#model/region.ts'],
    ['src/model', '#editor/state.ts'],
    ['src/editor', '#gen/web/proto/clarifai/api/resources_pb.ts'],
    ['src/editor', 'react'],
    ['src/canvas', '#sync/sync.ts'],
    ['src/sync', 'react'],
    ['src/sync', '#editor/state.ts'],
    ['src/ui', '#model/region.ts'],
    ['src/app', '#proxy/service/call.ts'],
    ['src/app', '#testing/gesture.ts'],
    ['src/app/workspace', 'konva'],
    ['proxy/store', '#proxy/service/call.ts'],
    ['proxy/gateway', '#proxy/store/schema.ts'],
    ['proxy/service', '#proxy/gateway/rpc.ts'],
    ['proxy/media', '#proxy/store/schema.ts'],
  ] as const
).map(([folder, from]) => [folder, from, plant(folder, uses(from)), plant(folder, usesType(from))] as const)

const allowed = (
  [
    ['src/model', '#geometry/point.ts'],
    ['src/editor', '#model/region.ts'],
    ['src/canvas', '#editor/state.ts'],
    ['src/sync', '#model/region.ts'],
    ['src/app/workspace', '#editor/editor.ts'],
    ['proxy/service', '#proxy/store/schema.ts'],
  ] as const
).map(([folder, from]) => [folder, from, plant(folder, uses(from))] as const)

const climbing = plant('src/app', uses('../model/region.ts'))
const here = plant('src/model', uses('./there.ts'), 'here.ts')
plant('src/model', `import { other } from './here.ts'\n\nexport const thing = other\n`, 'there.ts')

describe('the layers', () => {
  /** The names of the rules that refuse a file, by its path: all are looked at in one run, which takes a second. */
  let refused: Map<string, string[]>
  beforeAll(() => {
    const biome = path.join(root, 'node_modules/.bin/biome')
    const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.']
    const { stdout } = spawnSync(biome, args, { cwd: tree, encoding: 'utf8' })
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] }
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    const byPath = Map.groupBy(errors, ({ location }) => path.normalize(location.path))
    refused = new Map([...byPath].map(([file, own]) => [file, own.map(({ category }) => category)]))
  })

  it.each(forbidden)('%s may not import %s, types included', (_folder, _from, file, fileOfTypes) => {
    expect(refused.get(file)).toContain(RULE)
    expect(refused.get(fileOfTypes)).toContain(RULE)
  })

  it.each(allowed)('%s may import %s', (_folder, _from, file) => {
    expect(refused.get(file)).toBeUndefined()
  })

  it('forbids climbing out of a folder', () => {
    expect(refused.get(climbing)).toContain(RULE)
  })

  it('forbids cycles', () => {
    expect(refused.get(here)).toContain('lint/suspicious/noImportCycles')
  })
})

interface Diagnostic {
  readonly severity: string
  readonly category: string
  readonly location: { readonly path: string }
}
