import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
/** A tree of its own with our linter's configuration, so that nothing is ever planted among the sources. */
const tree = mkdtempSync(path.join(tmpdir(), 'marquee-layers-'))
cpSync(path.join(root, 'biome.json'), path.join(tree, 'biome.json'))
afterAll(() => rmSync(tree, { recursive: true, force: true }))

let planted = 0

/** The names of the rules that refuse a file with this text in this folder. */
function refusedBy(folder: string, text: string): string[] {
  const file = path.join(tree, folder, `planted${planted++}.ts`)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
  const biome = path.join(root, 'node_modules/.bin/biome')
  const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', file]
  const { stdout } = spawnSync(biome, args, { cwd: tree, encoding: 'utf8' })
  const report = JSON.parse(stdout) as { diagnostics: { severity: string; category: string }[] }
  return report.diagnostics.filter(({ severity }) => severity === 'error').map(({ category }) => category)
}

const uses = (from: string): string => `import { thing } from '${from}'\n\nexport const other = thing\n`
const usesType = (from: string): string => `import type { Thing } from '${from}'\n\nexport type Other = Thing\n`
const RULE = 'lint/style/noRestrictedImports'

describe('the layers', () => {
  it.each([
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
  ])('%s may not import %s, types included', (folder, from) => {
    expect(refusedBy(folder, uses(from))).toContain(RULE)
    expect(refusedBy(folder, usesType(from))).toContain(RULE)
  })

  it.each([
    ['src/model', '#geometry/point.ts'],
    ['src/editor', '#model/region.ts'],
    ['src/canvas', '#editor/state.ts'],
    ['src/sync', '#model/region.ts'],
    ['src/app/workspace', '#editor/editor.ts'],
    ['proxy/service', '#proxy/store/schema.ts'],
  ])('%s may import %s', (folder, from) => {
    expect(refusedBy(folder, uses(from))).toEqual([])
  })

  it('forbids climbing out of a folder', () => {
    expect(refusedBy('src/app', uses('../model/region.ts'))).toContain(RULE)
  })

  it('forbids cycles', () => {
    mkdirSync(path.join(tree, 'src/model'), { recursive: true })
    writeFileSync(
      path.join(tree, 'src/model/there.ts'),
      `import { other } from './planted${planted}.ts'\n\nexport const thing = other\n`,
    )
    expect(refusedBy('src/model', uses('./there.ts'))).toContain('lint/suspicious/noImportCycles')
  })
})
