import { describe, expect, it } from 'vitest'
import { answerKey } from '#model/imageTags.ts'
import { aBox, anEditor, aPolygon, aRegion, keyOf, selectedIds } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'

const model = { kind: 'model', id: 'detector', version: '1' } as const
const suggestion = (id: string, x: number, score = 0.8) =>
  aRegion(id, aBox(x, 100, 80, 60), {
    madeBy: model,
    score,
    concepts: [
      { id: 'dog', value: 0.1 },
      { id: 'cat', value: score },
    ],
  })

const open = () =>
  anEditor({
    ownTags: 'own',
    canEdit: ({ madeBy }) => (madeBy.kind === 'model' ? 'Suggested by the model.' : undefined),
    regions: [
      aRegion('mine', aBox(600, 100, 80, 60), { concept: 'car' }),
      suggestion('s1', 100),
      suggestion('s2', 300),
    ],
  })

const made = (editor: ReturnType<typeof open>) =>
  [...editor.state.regions.values()].filter(({ key }) => key.startsWith('new'))

describe('suggestions of models', () => {
  it('accepting makes a region of this person, by the same id, with the likeliest concept; one step', () => {
    const editor = open()
    editor.acceptSuggestions([keyOf('s1'), keyOf('s2')])
    expect(made(editor)).toMatchObject([
      {
        id: 's1',
        madeBy: { kind: 'user', id: 'ana' },
        concepts: [{ id: 'cat', value: 1 }],
        shape: aBox(100, 100, 80, 60),
      },
      { id: 's2', concepts: [{ id: 'cat', value: 1 }] },
    ])
    expect(made(editor).every(({ score }) => score === undefined)).toBe(true)
    editor.undo()
    expect(made(editor)).toEqual([])
    expect(editor.state.canUndo).toBe(false)
    editor.redo()
    expect(made(editor)).toHaveLength(2)
  })

  it('a digit accepts what is selected as that concept, and relabels what was drawn, in one go', () => {
    const editor = open()
    editor.select([keyOf('s1'), keyOf('mine')])
    editor.pickConcept('bus')
    expect(made(editor)).toMatchObject([{ id: 's1', concepts: [{ id: 'bus', value: 1 }] }])
    expect(editor.state.regions.get(keyOf('mine'))?.concepts).toEqual([{ id: 'bus', value: 1 }])
  })

  it('rejecting is this person’s own word, undone like everything else', () => {
    const editor = open()
    const told: string[] = []
    editor.onNotice(({ text }) => told.push(text))
    editor.select([keyOf('s1')])
    editor.deleteSelected()
    expect(editor.state.tags.get(answerKey('own', keyOf('s1')))).toBe(1)
    expect(editor.ownTags()).toEqual([])
    expect(told).toEqual(['Suggestion rejected'])
    editor.undo()
    expect(editor.state.tags.size).toBe(0)
    editor.redo()
    expect(editor.state.tags.size).toBe(1)
  })

  it('are not moved, say why, and are not among all that is selected', () => {
    const editor = open()
    const told: string[] = []
    editor.onNotice(({ text }) => told.push(text))
    gesture(editor).click(140, 130).wait(1000).down(140, 130).drag(200, 200).up()
    expect(told).toEqual(['Suggested by the model.'])
    expect(editor.state.regions.get(keyOf('s1'))?.shape).toEqual(aBox(100, 100, 80, 60))
    editor.selectAll()
    expect(selectedIds(editor)).toEqual(['mine'])
  })

  it('without an id of their own are answered, too, since nothing else could say that they are settled', () => {
    const nameless = { ...suggestion('s3', 100), id: '#0', key: 's3/#0' }
    const editor = anEditor({ ownTags: 'own', regions: [nameless] })
    editor.acceptSuggestions([nameless.key])
    const [region] = made(editor)
    expect(region?.id).toMatch(/^new/)
    expect(editor.state.tags.get(answerKey('own', nameless.key))).toBe(1)
    editor.undo()
    expect(editor.state.tags.size).toBe(0)
    expect(made(editor)).toEqual([])
  })

  it('accepting takes the mark of emptiness away, and rejecting leaves it', () => {
    const editor = open()
    editor.markEmpty(true)
    editor.rejectSuggestions([keyOf('s2')])
    expect(editor.markedEmpty).toBe(true)
    editor.acceptSuggestions([keyOf('s1')])
    expect(editor.markedEmpty).toBe(false)
    editor.undo()
    expect(editor.markedEmpty).toBe(true)
  })

  it('change nothing where all is read-only, nor where they are only kept as they were received', () => {
    const editor = open()
    editor.setReadOnly('Submitted.')
    const told: string[] = []
    editor.onNotice(({ text }) => told.push(text))
    editor.acceptSuggestions([keyOf('s1')])
    editor.rejectSuggestions([keyOf('s1')])
    expect(told).toEqual(['Submitted.', 'Submitted.'])
    const kept = { kind: 'asReceived' as const, what: 'keypoints' as const, points: [] }
    const other = anEditor({
      regions: [aRegion('k', kept as never, { madeBy: model }), aRegion('p', aPolygon([0, 0], [9, 0], [9, 9]))],
    })
    other.onNotice(({ text }) => told.push(text))
    other.acceptSuggestions([keyOf('k')])
    expect(told.at(-1)).toBe('What is kept as it was received cannot be accepted.')
    expect(made(other)).toEqual([])
  })
})
