import { describe, expect, it } from 'vitest'
import type { AttributeDefinition } from '#model/attributes.ts'
import { aBox, anEditor, aRegion, keyOf } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import type { Editor } from './editor.ts'

const noticesOf = (editor: Editor): string[] => {
  const all: string[] = []
  editor.onNotice(({ text }) => void all.push(text))
  return all
}
const conceptsIn = (editor: Editor) => [...editor.state.regions.values()].map(({ concepts }) => concepts[0]?.id)

/** A box drawn as a cat. */
function drawnCat() {
  const editor = anEditor({})
  editor.setTool('box')
  editor.setConcept('cat')
  gesture(editor).down(10, 10).drag(80, 80).up()
  const [key] = editor.state.regions.keys()
  return { editor, key: key! }
}

describe('a digit', () => {
  it('after drawing chooses what comes next, and what was drawn stays what it is', () => {
    const { editor, key } = drawnCat()
    expect(editor.pickConcept('dog')).toEqual([key])
    expect(conceptsIn(editor)).toEqual(['cat'])
    expect(editor.state.concept).toBe('dog')
    gesture(editor).down(100, 100).drag(180, 180).up()
    expect(conceptsIn(editor)).toEqual(['cat', 'dog'])
  })

  it('renames what was just drawn where a person wants that, or takes Select, or selects it', () => {
    const wanted = drawnCat().editor
    expect(wanted.pickConcept('dog', true)).toEqual([])
    expect(conceptsIn(wanted)).toEqual(['dog'])
    const selecting = drawnCat().editor
    selecting.setTool('select')
    selecting.pickConcept('dog')
    expect(conceptsIn(selecting)).toEqual(['dog'])
    const { editor, key } = drawnCat()
    editor.select([])
    editor.select([key])
    editor.pickConcept('dog')
    expect(conceptsIn(editor)).toEqual(['dog'])
  })

  it('names what was drawn without a concept', () => {
    const editor = anEditor({})
    editor.setTool('box')
    gesture(editor).down(10, 10).drag(80, 80).up()
    editor.pickConcept('dog')
    expect(conceptsIn(editor)).toEqual(['dog'])
  })

  it('says why a locked region keeps its concept, and how many of several do', () => {
    const one = aRegion('one', aBox(0, 0, 10, 10), { concept: 'cat' })
    const two = aRegion('two', aBox(20, 0, 10, 10), { concept: 'cat' })
    const editor = anEditor({ regions: [one, two] })
    const notices = noticesOf(editor)
    editor.setLocked([one.key], true)
    editor.select([one.key])
    editor.pickConcept('dog')
    expect(notices).toEqual(['This region is locked.'])
    editor.select([one.key, two.key])
    editor.pickConcept('bus')
    expect(notices.at(-1)).toBe('1 of 2 changed. This region is locked.')
    expect(conceptsIn(editor)).toEqual(['cat', 'bus'])
  })
})

describe('a region that becomes another concept', () => {
  const text = (name: string): AttributeDefinition => ({ kind: 'text', name, required: false, onLabel: false })
  const size = (...options: string[]): AttributeDefinition => ({
    kind: 'choice',
    name: 'size',
    options,
    required: false,
    onLabel: false,
  })
  const definitions: Record<string, AttributeDefinition[]> = {
    car: [text('plate'), size('small', 'large')],
    tree: [size('small', 'huge'), { ...text('kind'), standard: 'oak' } as AttributeDefinition],
  }
  const attributes = { plate: 'B-1', size: 'large', source: 'import' }
  const aCar = (own = attributes) => {
    const editor = anEditor({
      regions: [aRegion('it', aBox(0, 0, 10, 10), { concept: 'car', attributes: own })],
    })
    editor.definitionsOf = (id) => definitions[id] ?? []
    return { editor, said: () => editor.state.regions.get(keyOf('it'))?.attributes }
  }

  it('leaves behind what only the old one knows or the new one does not take, and keeps what came from elsewhere', () => {
    const { editor, said } = aCar()
    editor.setConceptOf([keyOf('it')], 'tree')
    expect(said()).toEqual({ source: 'import', kind: 'oak' })
    editor.undo()
    expect(said()).toEqual(attributes)
  })

  it('keeps what both know', () => {
    const { editor, said } = aCar({ ...attributes, size: 'small' })
    editor.setConceptOf([keyOf('it')], 'tree')
    expect(said()).toEqual({ source: 'import', kind: 'oak', size: 'small' })
  })

  it('says again what it said when it becomes again what it was', () => {
    const { editor, said } = aCar()
    editor.setConceptOf([keyOf('it')], 'tree')
    editor.setAttribute([keyOf('it')], 'size', 'small')
    editor.setConceptOf([keyOf('it')], 'car')
    expect(said()).toEqual({ plate: 'B-1', size: 'small', source: 'import' })
    editor.setConceptOf([keyOf('it')], 'tree')
    expect(said()).toEqual({ source: 'import', kind: 'oak', size: 'small' })
  })
})
