import { beforeEach, describe, expect, it } from 'vitest'
import type { Editor } from '#editor/editor.ts'
import { aBox, anEditor, aRegion, keyOf } from '#testing/builders.ts'
import { lookOf, THIN } from './paint.ts'
import { LIFTED } from './regionArrays.ts'
import { RegionScene } from './regionScene.ts'

const style = { colorOf: () => '#ff0000' }
let editor: Editor
let scene: RegionScene

beforeEach(() => {
  editor = anEditor({ regions: [aRegion('a', aBox(10, 10, 50, 50)), aRegion('b', aBox(100, 100, 50, 50))] })
  scene = new RegionScene(style)
  scene.follow(editor.state)
})

const isLifted = (id: string) => (scene.store.arrays.hidden[scene.store.slotOf(keyOf(id))!]! & LIFTED) !== 0

describe('RegionScene', () => {
  it('lifts what is selected, and can wait with the layer below', () => {
    editor.select([keyOf('a')])
    expect(scene.follow(editor.state)).toBe('soon')
    expect(isLifted('a')).toBe(true)
  })

  it('keeps what was let go on the overlay until the layer below has painted it', () => {
    editor.select([keyOf('a')])
    scene.follow(editor.state)
    editor.select([])
    expect(scene.follow(editor.state)).toBe('soon')
    expect([...scene.landing]).toEqual([keyOf('a')])
    expect(scene.painted()).toBe(true)
    expect(scene.landing.size).toBe(0)
    expect(scene.painted()).toBe(false)
  })

  it('does not repaint the layer below for an edit of what is lifted', () => {
    editor.select([keyOf('a')])
    scene.follow(editor.state)
    editor.nudge(5, 0)
    expect(scene.follow(editor.state)).toBe('no')
  })

  it('repaints at once for an edit of what rests', () => {
    editor.load(new Map([...editor.state.regions, [keyOf('b'), aRegion('b', aBox(1, 1, 5, 5))]]))
    expect(scene.follow(editor.state)).toBe('now')
  })

  it('leaves a large selection to the layer below', () => {
    const many = Array.from({ length: 101 }, (_, i) => aRegion(`m${i}`, aBox(i, i, 20, 20)))
    editor = anEditor({ regions: many })
    scene = new RegionScene(style)
    scene.follow(editor.state)
    editor.selectAll()
    expect(scene.follow(editor.state)).toBe('now')
    expect(scene.lifted.size).toBe(0)
  })

  it('shows a lock', () => {
    editor.setLocked([keyOf('b')], true)
    expect(scene.follow(editor.state)).toBe('now')
    expect(scene.lookOf(editor.state.regions.get(keyOf('b'))!).style & THIN).toBe(THIN)
  })
})

describe('lookOf', () => {
  const base = aRegion('a', aBox(0, 0, 1, 1), { concept: 'car' })

  it('gives every state a look of its own', () => {
    const model = { kind: 'model', id: 'm', version: '1' } as const
    const looks = [
      lookOf(base, undefined, false),
      lookOf(base, undefined, true),
      lookOf(base, { pending: true }, false),
      lookOf(base, { warning: 'refused' }, false),
      lookOf(base, { warning: 'conflict' }, false),
      lookOf({ ...base, concepts: [] }, undefined, false),
      lookOf({ ...base, status: 24158 }, undefined, false),
      lookOf({ ...base, madeBy: model }, undefined, false),
    ]
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(looks.length)
  })
})
