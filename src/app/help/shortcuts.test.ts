import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '#app/commands.ts'
import { shortcutGroups, shortcutsFound, shortcutsMarkdown } from './shortcuts.ts'

describe('the shortcut sheet', () => {
  it('is what docs/shortcuts.md says (write it with -u)', async () => {
    await expect(shortcutsMarkdown()).toMatchFileSnapshot(
      path.resolve(import.meta.dirname, '../../../docs/shortcuts.md'),
    )
  })
  it('names every key of every command once', () => {
    const listed = shortcutGroups().flatMap(({ title, shortcuts }) =>
      title === 'Pointer and held keys' ? [] : shortcuts.flatMap(({ keys }) => keys),
    )
    expect(listed.toSorted()).toEqual(commands.flatMap(({ keys }) => keys).toSorted())
  })
  it.each([
    ['ctrl+d', ['Duplicate']],
    ['U', ['Request changes: back to its author', 'Unite: merge the selected into one']],
    ['first vertex', ['Polygon: close it']],
    ['delete locked', ['Delete, locked too']],
    ['zzz', []],
  ])('finds %s by name or key', (typed, titles) => {
    const found = shortcutsFound(shortcutGroups(), typed)
    expect(found.flatMap(({ shortcuts }) => shortcuts.map(({ title }) => title))).toEqual(titles)
  })
})
