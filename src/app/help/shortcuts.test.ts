import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '#app/commands.ts'
import { shortcutGroups, shortcutsMarkdown } from './shortcuts.ts'

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
})
