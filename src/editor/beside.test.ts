import { expect, it } from 'vitest'
import { aBox, anEditor, aRegion } from '#testing/builders.ts'
import { besideOf, type Chosen, chosen, unchosen } from './beside.ts'

/** An editor beside which one letter after the other is chosen. */
function choosing() {
  const editor = anEditor()
  let all: Chosen<string> = unchosen('')
  const set = (next: Chosen<string>) => {
    all = next
    editor.setBeside(besideOf(() => all, set))
  }
  const choose = (letter: string) => set(chosen(all, all.now + letter, editor.history().past.length))
  const draw = (id: string) => {
    const region = aRegion(id, aBox(10, 10, 20, 20))
    editor.commit(new Map([[region.key, { after: region }]]))
  }
  const seen = () => `${all.now} ${[...editor.state.regions.values()].map(({ id }) => id).join('')}`
  return { editor, choose, draw, seen }
}

it('takes back choices and regions in the order in which they were made, and brings them back in it', () => {
  const { editor, choose, draw, seen } = choosing()
  choose('a')
  draw('1')
  choose('b')
  choose('c')
  draw('2')
  const steps = ['abc 12', 'abc 1', 'ab 1', 'a 1', 'a ', ' ']
  expect(seen()).toBe(steps[0])
  for (const step of steps.slice(1)) {
    expect(editor.state.canUndo).toBe(true)
    editor.undo()
    expect(seen()).toBe(step)
  }
  expect(editor.state.canUndo).toBe(false)
  for (const step of steps.slice(0, -1).toReversed()) {
    expect(editor.state.canRedo).toBe(true)
    editor.redo()
    expect(seen()).toBe(step)
  }
  expect(editor.state.canRedo).toBe(false)
})

it('brings back no choice over regions that were drawn instead', () => {
  const { editor, choose, draw, seen } = choosing()
  choose('a')
  editor.undo()
  draw('1')
  expect(editor.state.canRedo).toBe(false)
  editor.redo()
  expect(seen()).toBe(' 1')
})
