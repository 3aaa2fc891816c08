import { describe, expect, it, vi } from 'vitest'
import { isBusy } from '#editor/state.ts'
import { anEditor } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import { type CommandContext, overlap } from './command.ts'
import { commandOf, commands } from './commands.ts'
import { canonicalStroke } from './keyStroke.ts'

const strokes = commands.flatMap((command) => command.keys.map((key) => ({ command, stroke: canonicalStroke(key) })))

describe('the keys of images', () => {
  const ids = ['image.previous', 'image.next', 'image.previousByArrow', 'image.nextByArrow', 'image.nextUnlabelled']
  const opened = () => {
    const editor = anEditor({})
    const went = vi.fn()
    const say = vi.fn()
    const studio = { editor, say, previousImage: went, nextImage: went, nextUnlabelled: went }
    return { editor, went, say, context: { studio } as unknown as CommandContext }
  }

  it.each(ids.slice(0, 4))('%s leafs on while its key is held', (id) => {
    expect(commandOf(id).repeats).toBe(true)
  })

  it.each(ids)('%s stays, and says why, while a polygon is half drawn', (id) => {
    const { editor, went, say, context } = opened()
    editor.setTool('polygon')
    gesture(editor).click(100, 100).click(200, 100)
    commandOf(id).run(context)
    expect(went).not.toHaveBeenCalled()
    expect(say.mock.lastCall?.[0]).toMatch(/Enter or press Esc first/)
    expect(isBusy(editor.state.toolState)).toBe(true)
    editor.cancel()
    commandOf(id).run(context)
    expect(went).toHaveBeenCalledOnce()
  })
})

describe('the list of commands', () => {
  it('gives no key to two commands that can be live at once', () => {
    const clashes = strokes.flatMap((a, i) =>
      strokes
        .slice(i + 1)
        .filter((b) => a.stroke === b.stroke && overlap(a.command.scope, b.command.scope))
        .map((b) => `${a.stroke}: ${a.command.id}, ${b.command.id}`),
    )
    expect(clashes).toEqual([])
  })
  it('keeps the digits for concepts', () => {
    const digits = strokes.filter(({ stroke }) => /^\d$/.test(stroke))
    expect(digits.map(({ command }) => command.id)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `concept.slot.${n}`),
    )
  })
  it('leaves to browser and system what is theirs', () => {
    const theirs = [
      'Ctrl+W',
      'Ctrl+T',
      'Ctrl+N',
      'Ctrl+Tab',
      'Alt+F4',
      'Alt+Tab',
      ...[...'0123456789'].map((n) => `Alt+${n}`),
    ]
    expect(strokes.filter(({ stroke }) => theirs.includes(stroke))).toEqual([])
  })
  it('has every id once, and answers an unknown one with an error', () => {
    const ids = commands.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(() => commandOf('nothing')).toThrow(RangeError)
  })
})
