import { describe, expect, it } from 'vitest'
import type { CommandContext, Studio } from '#app/command.ts'
import { aBox, anEditor, aRegion } from '#testing/builders.ts'
import '#app/keys/keptKeymap.ts'
import { entriesFor } from './entries.ts'

const done: string[] = []
const shell = {
  go: (href: string) => void done.push(href),
  openPalette: () => undefined,
  openHelp: () => undefined,
  setTheme: (theme: string) => void done.push(theme),
  takeKeysOf: (preset: string) => void done.push(preset),
  toggleSharedVertices: ({ app }: { app: string }) => void done.push(`vertices of ${app}`),
}
const studio: Studio = {
  editor: anEditor(),
  history: anEditor(),
  say: () => undefined,
  onCanvas: () => false,
  previousImage: () => undefined,
  nextImage: () => void done.push('next'),
  nextUnlabelled: () => undefined,
  turn: () => undefined,
  pasteHere: () => undefined,
  copyPrevious: () => undefined,
  propagate: () => undefined,
  fillAttributes: () => undefined,
  goToImage: () => undefined,
  searchConcepts: () => undefined,
  useSlot: () => undefined,
  clearConcept: () => undefined,
  reviewSuggestions: () => undefined,
  acceptSure: () => undefined,
  toggleEmpty: () => undefined,
  relabel: () => undefined,
  togglePanels: () => undefined,
  copyLink: () => undefined,
  explainSaving: () => undefined,
  save: () => undefined,
  concepts: () => [{ id: 'c1', name: 'next of kin', color: '#ff0000' }],
  pickConcept: (id) => void done.push(id),
  findImages: () => Promise.resolve([]),
  notes: { add: () => undefined },
  openImage: (id) => void done.push(id),
}
const inApp: CommandContext = { shell, app: { owner: 'olga', app: 'red cars' } }

describe('the palette', () => {
  it('shows what is looked for and does not hold now, last and with the reason, and does not run it', () => {
    const editor = anEditor()
    const context = { ...inApp, studio: { ...studio, editor } }
    const found = () => entriesFor('round or square brush', context, [])
    expect(found()).toMatchObject([{ id: 'brush.shape', why: 'only with Brush or Eraser' }])
    const { shape } = editor.state.brush
    found()[0]!.run()
    expect(editor.state.brush.shape).toBe(shape)
    const whys = entriesFor('brush', context, []).map(({ why }) => why !== undefined)
    expect(whys).toEqual([...whys].sort((a, b) => Number(a) - Number(b)))
    expect(entriesFor('', context, []).some(({ why }) => why !== undefined)).toBe(false)
    editor.setTool('brush')
    expect(found()).toMatchObject([{ id: 'brush.shape', why: undefined }])
    found()[0]!.run()
    expect(editor.state.brush.shape).not.toBe(shape)
  })

  it('offers pages everywhere, and an image’s commands only with an image open', () => {
    const titles = (context: CommandContext) => entriesFor('', context, []).map(({ title }) => title)
    expect(titles({ shell })).toContain('All apps')
    expect(titles({ shell })).not.toContain('Inputs of this app')
    expect(titles(inApp)).toContain('Inputs of this app')
    expect(titles(inApp)).not.toContain('Next image')
    expect(titles({ ...inApp, studio })).toContain('Next image')
  })
  it('finds commands, concepts and images, and does what it says', () => {
    const entries = entriesFor('next', { ...inApp, studio }, [{ id: 'i9', title: 'next.jpg' }])
    expect(entries.map(({ title }) => title)).toEqual(expect.arrayContaining(['Next image', 'next of kin', 'next.jpg']))
    for (const title of ['Next image', 'next of kin', 'next.jpg']) entries.find((entry) => entry.title === title)?.run()
    entriesFor('inputs of', inApp, [])[0]?.run()
    entriesFor('shared vertices', inApp, [])[0]?.run()
    expect(done).toEqual(['next', 'c1', 'i9', '/apps/olga/red%20cars/inputs', 'vertices of red cars'])
  })
  it('puts what was used last first among equals, and finds settings', () => {
    const first = (typed: string, recent: string[]) => entriesFor(typed, inApp, [], recent)[0]
    expect(first('', ['go.people'])?.title).toBe('People of this app')
    expect(first('theme', [])?.title).toBe('Theme: like the system')
    expect(first('theme', ['theme.dark'])?.title).toBe('Theme: dark')
    done.length = 0
    entriesFor('keys of cvat', inApp, [])[0]?.run()
    first('theme', ['theme.dark'])?.run()
    expect(done).toEqual(['cvat', 'dark'])
  })
  it('guesses by letters only when nothing is named like it', () => {
    const titles = (typed: string) => entriesFor(typed, { ...inApp, studio }, []).map(({ title }) => title)
    expect(titles('mask').filter((title) => !/mask/i.test(title))).toEqual([])
    expect(titles('nxtimg')).toContain('Next image')
  })

  it('shows what lacks a selection with what to select, and why nothing may be changed', () => {
    const editor = anEditor({ regions: [aRegion('one', aBox(10, 10, 20, 20))] })
    const found = (typed: string, id: string) =>
      entriesFor(typed, { ...inApp, studio: { ...studio, editor } }, []).find((entry) => entry.id === id)
    expect(found('delete', 'edit.delete')).toMatchObject({ why: 'select a region first' })
    expect(found('merge', 'shape.union')).toMatchObject({ why: 'select two or more regions first' })
    expect(found('to polygon', 'mask.toPolygon')).toMatchObject({ why: 'select a mask first' })
    expect(found('move left', 'edit.nudgeLeft')).toMatchObject({ why: 'select a region first' })
    expect(found('undo', 'edit.undo')).toMatchObject({ why: 'nothing to undo on this image' })
    editor.selectAll()
    expect(found('delete', 'edit.delete')).toMatchObject({ why: undefined })
    expect(found('merge', 'shape.union')).toMatchObject({ why: 'select two or more regions first' })
    editor.setReadOnly('It is submitted.')
    expect(found('delete', 'edit.delete')).toMatchObject({ why: 'It is submitted.' })
    expect(found('', 'edit.delete')).toBeUndefined()
  })
})
