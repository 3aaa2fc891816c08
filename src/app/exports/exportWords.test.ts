import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { DatasetVersionSchema } from '#gen/datasets/proto/clarifai/api/resources_pb.ts'
import { configOf, type ExportLabels } from '#sync/exportLabels.ts'
import type { Export, ExportCounts } from '#sync/exports.ts'
import { exportOf, isBusy, missingFormats } from '#sync/exports.ts'
import { bytes, contentsOf, labelsIn, progressOf, sharedWarning } from './exportWords.ts'

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
  labels: undefined,
  archives: [],
  wanted: ['coco', 'json'],
}

describe('contentsOf', () => {
  it('names only the kinds that are there', () => {
    expect(contentsOf(counts)).toBe('20 inputs · 3 regions (2 boxes, 1 polygon)')
  })
  it('tells what has no labels, and concepts of whole images', () => {
    expect(contentsOf({ ...counts, unlabelled: 1200, regions: 0, boxes: 0, polygons: 0, tags: 1 })).toBe(
      '20 inputs, 1,200 with nothing on them · 0 regions · 1 concept of whole images',
    )
  })
})

describe('whose labels', () => {
  const task = (id: string, shared: number) => ({ id, name: id.toUpperCase(), inputs: 5, shared })
  it.each([
    [{ tasks: [task('a', 0)], outside: undefined, sharedInputs: 0 }, undefined],
    [
      { tasks: [task('a', 1), task('c', 0)], outside: { inputs: 3, shared: 1 }, sharedInputs: 1 },
      '1 input has labels from A and outside of tasks. What was labelled in both is exported twice: choose one.',
    ],
    [
      { tasks: ['a', 'b', 'c', 'd', 'e'].map((id) => task(id, 2)), outside: undefined, sharedInputs: 7 },
      '7 inputs have labels from A, B, C and 2 more. What was labelled in both is exported twice: choose one.',
    ],
  ])('warns of labels of several sources', (sources, words) => {
    expect(sharedWarning(sources)).toBe(words)
  })
  it.each<[ExportLabels | undefined, string | undefined]>([
    [undefined, undefined],
    [{ kind: 'task', id: 'a' }, 'labels of A'],
    [{ kind: 'outside', of: ['a', 'b'] }, 'labels outside of tasks'],
  ])('comes back from a version as it was asked for', (labels, words) => {
    const dataConfig = configOf(labels, true)
    const version = create(DatasetVersionSchema, dataConfig && { dataConfig })
    expect(exportOf(version).labels).toEqual(labels)
    expect(labelsIn(exportOf(version).labels, (id) => id.toUpperCase())).toBe(words)
  })
  it('is a filter where a script chose by something else', () => {
    const search = { query: { filters: [{ annotation: { userId: 'me' } }] } }
    const value = { annotationFilter: { search } }
    const version = create(DatasetVersionSchema, { dataConfig: { case: 'annotationFilterConfig', value } })
    expect(labelsIn(exportOf(version).labels, String)).toBe('labels chosen by a filter')
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
