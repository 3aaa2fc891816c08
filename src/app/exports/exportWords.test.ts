import { describe, expect, it } from 'vitest'
import type { Export, ExportCounts } from '#sync/exports.ts'
import { isBusy, missingFormats } from '#sync/exports.ts'
import { bytes, contentsOf, progressOf } from './exportWords.ts'

const counts: ExportCounts = {
  inputs: 20,
  unlabelled: 0,
  regions: 3,
  boxes: 2,
  polygons: 1,
  masks: 0,
  points: 0,
  tags: 0,
}
const ready: Export = {
  dataset: 'all-inputs',
  version: 'v',
  name: 'All',
  at: new Date(0),
  state: 'ready',
  problem: '',
  counts,
  archives: [],
  wanted: ['coco', 'json'],
}

describe('contentsOf', () => {
  it('names only the kinds that are there', () => {
    expect(contentsOf(counts)).toBe('20 inputs · 3 regions (2 boxes, 1 polygon)')
  })
  it('tells what has no labels, and concepts of whole images', () => {
    expect(contentsOf({ ...counts, unlabelled: 1200, regions: 0, boxes: 0, polygons: 0, tags: 1 })).toBe(
      '20 inputs, 1,200 without labels · 0 regions · 1 concept of whole images',
    )
  })
})

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [123_456, '123 kB'],
    [2_450_000_000, '2.5 GB'],
  ])('%i is %s', (n, text) => {
    expect(bytes(n)).toBe(text)
  })
})

describe('what is still to be made', () => {
  const archive = { format: 'coco', state: 'ready', url: '/x', size: 3, problem: '' } as const
  it('is every wanted format without an archive, once the version is ready', () => {
    expect(missingFormats({ ...ready, archives: [archive] })).toEqual(['json'])
    expect(missingFormats({ ...ready, state: 'working' })).toEqual([])
  })
  it('keeps it busy; nothing else does', () => {
    expect(isBusy({ ...ready, wanted: ['coco'], archives: [archive] })).toBe(false)
    expect(isBusy({ ...ready, wanted: ['coco'], archives: [{ ...archive, state: 'working' }] })).toBe(true)
    expect(isBusy({ ...ready, state: 'failed' })).toBe(false)
  })
  it('is told with the reason when it failed', () => {
    expect(progressOf({ ...ready, state: 'failed', problem: 'the disk is full' })).toBe('Failed: the disk is full')
    expect(progressOf(ready)).toBeUndefined()
  })
})
