import { beforeEach, describe, expect, it, vi } from 'vitest'
import { searchConcepts } from '#app/workspace/concepts/conceptSearch.ts'
import { conceptSlots } from '#model/concept.ts'
import { aBox, anEditor, aRegion, keyOf } from '#testing/builders.ts'
import { workOf } from '#testing/work.ts'
import type { CommandContext } from './command.ts'
import { commands } from './commands.ts'
import { boundCommands, clashes, rebound, standardKeymap } from './keys/keymap.ts'
import { runKey } from './palette/runKey.ts'
import { setEnterSubmits } from './work/enterSubmits.ts'

// What users of other tools wrote about keys and labels, by the thread; docs/complaints.md has the others.

vi.stubGlobal('Element', class {})
vi.stubGlobal('HTMLInputElement', class {})

const done: string[] = []

function opened() {
  const editor = anEditor({ regions: [aRegion('one', aBox(10, 10, 50, 50))] })
  const studio = {
    editor,
    history: editor,
    onCanvas: () => true,
    work: { submit: () => void done.push('submit') },
    previousImage: () => void done.push('previous'),
    nextImage: () => void done.push('next'),
    say: () => void done.push('say'),
    useSlot: (slot: number) => void done.push(`label ${slot}`),
    relabel: () => void done.push('relabel'),
  }
  return { editor, context: { studio } as unknown as CommandContext }
}

/** Presses the key; answers with whether anything has heard it. */
function press(key: string, context: CommandContext, among = commands): boolean {
  const code = /^[a-z]$/.test(key) ? `Key${key.toUpperCase()}` : /^\d$/.test(key) ? `Digit${key}` : key
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, repeat: false, target: null }
  const event = { key, code, ...none, preventDefault: () => undefined } as unknown as KeyboardEvent
  return runKey(event, context, among) !== undefined
}

beforeEach(() => {
  done.length = 0
  setEnterSubmits(true)
})

describe('one key to submit', () => {
  it('LS#796, LS#941: Enter alone does it, or any key of one’s own', () => {
    const { context } = opened()
    press('Enter', context)
    expect(done).toEqual(['submit'])
    const own = boundCommands(commands, rebound(commands, standardKeymap, 'work.submit', ['S']))
    press('s', context, own)
    expect(done).toEqual(['submit', 'submit'])
  })

  it('LS#4922: Enter goes on submitting from image to image, and never while it means something else', () => {
    for (let image = 0; image < 3; image++) press('Enter', opened().context)
    expect(done).toEqual(['submit', 'submit', 'submit'])
    const { editor, context } = opened()
    editor.select([keyOf('one')])
    press('Enter', context)
    expect(done.at(-1)).toBe('relabel')
  })

  it('LS#9697: keys go on working after a key that nothing answers, a held key and an interrupted gesture', () => {
    const { editor, context } = opened()
    expect(press('F13', context)).toBe(false)
    press('r', context)
    expect(editor.state.tool).toBe('box')
    editor.cancel()
    for (const key of ['p', 'b', 'v']) press(key, context)
    expect(editor.state.tool).toBe('select')
    press('d', context)
    press('Enter', context)
    expect(done).toEqual(['next', 'submit'])
  })
})

describe('keys of labels and images', () => {
  it('CVAT#8756: the app gives a label the digit it wants, and a person any other key', () => {
    const concepts = [{ id: 'bus' }, { id: 'car', metadata: { marquee: { hotkey: 7 } } }, { id: 'tree' }]
    expect(conceptSlots(concepts).get(7)).toBe('car')
    const own = boundCommands(commands, rebound(commands, standardKeymap, 'concept.slot.7', ['7', 'Y']))
    const { context } = opened()
    press('y', context, own)
    press('7', context, own)
    expect(done).toEqual(['label 7', 'label 7'])
    expect(clashes(own, 'view.fit', 'Y').map(({ id }) => id)).toContain('concept.slot.7')
  })

  it('MS#341: arrow keys turn images, until something is selected', () => {
    const { editor, context } = opened()
    press('ArrowRight', context)
    press('ArrowLeft', context)
    expect(done).toEqual(['next', 'previous'])
    editor.select([keyOf('one')])
    press('ArrowRight', context)
    expect(done).toEqual(['next', 'previous'])
    expect(editor.state.regions.get(keyOf('one'))?.shape).toEqual(aBox(11, 10, 50, 50))
  })

  it('nobody who moves a region by the arrows is thrown to another image when the selection is gone', () => {
    const { editor, context } = opened()
    editor.select([keyOf('one')])
    press('ArrowRight', context)
    editor.select([])
    press('ArrowRight', context)
    press('ArrowLeft', context)
    expect(done).toEqual(['say', 'say'])
    press('d', context)
    expect(done.at(-1)).toBe('next')
  })

  it('CVAT#7876: 5,000 labels are searched while one types', () => {
    const labels = Array.from({ length: 5000 }, (_, i) => ({ id: `c${i}`, name: `label ${i}`, color: '#000000' }))
    const search = () => expect(searchConcepts(labels, 'label 4711')[0]?.id).toBe('c4711')
    expect(workOf(search)).toBeLessThan(500)
  })
})
