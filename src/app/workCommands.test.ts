import { beforeEach, describe, expect, it, vi } from 'vitest'
import { aBox, anEditor, aRegion, keyOf } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import type { CommandContext } from './command.ts'
import { commandOf } from './commands.ts'
import { enterSubmits, setEnterSubmits } from './work/enterSubmits.ts'

const byEnter = commandOf('work.submitByEnter')
const submit = vi.fn()

function opened(work: object | undefined = { submit }) {
  const editor = anEditor({ regions: [aRegion('one', aBox(10, 10, 50, 50))] })
  return { editor, context: { studio: { editor, work } } as unknown as CommandContext }
}

describe('Enter submits', () => {
  beforeEach(() => {
    submit.mockClear()
    setEnterSubmits(true)
  })

  it('assigned work while nothing is selected', () => {
    const { context } = opened()
    expect(byEnter.keys).toEqual(['Enter'])
    expect(byEnter.when(context)).toBe(true)
    byEnter.run(context)
    expect(submit).toHaveBeenCalledOnce()
  })

  it('not unless somebody has turned it on, which the palette does', () => {
    setEnterSubmits(false)
    const { context } = opened()
    expect(byEnter.when(context)).toBe(false)
    commandOf('work.enterSubmits').run(context)
    expect(enterSubmits.getState().on).toBe(true)
    expect(byEnter.when(context)).toBe(true)
  })

  it('not what is open for something else', () => {
    const { editor } = opened()
    expect(byEnter.when({ studio: { editor } } as unknown as CommandContext)).toBe(false)
  })

  it('nothing while it means something else: with a selection, or a shape half drawn', () => {
    const { editor, context } = opened()
    editor.select([keyOf('one')])
    expect(byEnter.when(context)).toBe(false)
    editor.select([])
    editor.setTool('polygon')
    gesture(editor).click(100, 100).click(200, 100)
    expect(byEnter.when(context)).toBe(false)
  })
})
