import { expect } from 'vitest'
import {
  aBox,
  aTag,
  conceptsOf,
  type Fill,
  idOf,
  listed,
  one,
  regionBox,
  regionConcepts,
  type SeedExample,
} from './seedExample.ts'
import { type Bench, box, concept } from './target.ts'

// "Update Annotations" and "Delete Annotations"

const f = Math.fround
const ids = ({ INPUT_ID = '', ANNOTATION_ID = '' }: Fill) => ({ input_id: INPUT_ID, id: ANNOTATION_ID })
const stored = (bench: Bench, { INPUT_ID = '', ANNOTATION_ID = '' }: Fill) => bench.get(INPUT_ID, ANNOTATION_ID)
const aBoxOfCars: SeedExample['prepare'] = async (bench) => {
  const INPUT_ID = await one(bench)
  return { INPUT_ID, ANNOTATION_ID: await idOf(bench, aBox(INPUT_ID, box(0.1, 0.1, 0.2, 0.2), 'car')) }
}
const pairs = ({ INPUT_ID_1 = '', INPUT_ID_2 = '', ANNOTATION_ID_1 = '', ANNOTATION_ID_2 = '' }: Fill) => ({
  input_ids: [INPUT_ID_1, INPUT_ID_2],
  ids: [ANNOTATION_ID_1, ANNOTATION_ID_2],
})

export const changing: SeedExample[] = [
  {
    heading: 'Update Annotation With Concepts',
    method: 'PatchAnnotations',
    async prepare(bench) {
      const INPUT_ID = await one(bench)
      return { INPUT_ID, ANNOTATION_ID: await idOf(bench, aTag(INPUT_ID, 'tree')) }
    },
    request: (fill) => ({ action: 'merge', annotations: [{ ...ids(fill), data: { concepts: [concept('apple')] } }] }),
    async check(bench, answer, fill) {
      const both = [
        ['tree', 1],
        ['apple', 1],
      ]
      expect(conceptsOf(listed(answer)[0])).toEqual(both)
      expect(conceptsOf(await stored(bench, fill))).toEqual(both)
      // "or change a concept value from true to false (or vice versa)"
      const flipped = { ...ids(fill), data: { concepts: [concept('apple', 0)] } }
      await bench.ok('PatchAnnotations', { action: 'merge', annotations: [flipped] })
      expect(conceptsOf(await stored(bench, fill))).toEqual([
        ['tree', 1],
        ['apple', 0],
      ])
    },
  },
  {
    heading: 'Update Annotation With Concepts in a Region',
    method: 'PatchAnnotations',
    async prepare(bench) {
      const fill = await aBoxOfCars(bench)
      return { ...fill, REGION_ID: (await stored(bench, fill)).data.regions[0]!.id }
    },
    request: (fill) => ({
      action: 'merge',
      annotations: [
        { ...ids(fill), data: { regions: [{ id: fill.REGION_ID ?? '', data: { concepts: [concept('tree')] } }] } },
      ],
    }),
    async check(bench, _, fill) {
      const after = await stored(bench, fill)
      expect(after.data.regions.map(({ id }) => id)).toEqual([fill.REGION_ID])
      expect(regionBox(after)).toEqual([0.1, 0.1, 0.2, 0.2].map(f))
      expect(regionConcepts(after)).toEqual([
        ['car', 1],
        ['tree', 1],
      ])
    },
  },
  {
    heading: 'Update Annotation Region Coordinates',
    method: 'PatchAnnotations',
    prepare: aBoxOfCars,
    request: (fill) => ({
      action: 'overwrite',
      annotations: [
        {
          ...ids(fill),
          data: { regions: [{ region_info: box(0.5, 0.5, 0.8, 0.8), data: { concepts: [concept('bike')] } }] },
        },
      ],
    }),
    async check(bench, _, fill) {
      const after = await stored(bench, fill)
      expect(after.data.regions).toHaveLength(1)
      expect(regionBox(after)).toEqual([0.5, 0.5, 0.8, 0.8].map(f))
      expect(regionConcepts(after)).toEqual([['bike', 1]])
    },
  },
  {
    heading: 'Update Annotation Status',
    method: 'PatchAnnotations',
    async prepare(bench) {
      const INPUT_ID = await one(bench)
      return { INPUT_ID, ANNOTATION_ID: await idOf(bench, { ...aTag(INPUT_ID, 'tree'), status: { code: 24151 } }) }
    },
    request: (fill) => ({ action: 'merge', annotations: [{ ...ids(fill), status: { code: 24150 } }] }),
    async check(bench, _, fill) {
      const after = await stored(bench, fill)
      expect(after.status.code).toBe(24150)
      expect(conceptsOf(after)).toEqual([['tree', 1]])
    },
  },
  {
    heading: 'Delete Annotation by Input ID and Annotation ID',
    method: 'DeleteAnnotation',
    prepare: aBoxOfCars,
    request: ({ INPUT_ID = '', ANNOTATION_ID = '' }) => ({ input_id: INPUT_ID, annotation_id: ANNOTATION_ID }),
    async check(bench, _, { INPUT_ID = '', ANNOTATION_ID = '' }) {
      const gone = await bench.call('GetAnnotation', { input_id: INPUT_ID, annotation_id: ANNOTATION_ID })
      expect(gone.status.code).toBe(11101)
      expect((await bench.list({ input_ids: [INPUT_ID] })).map(({ input_level }) => input_level)).toEqual([true])
    },
  },
  {
    heading: 'Bulk Delete Annotations by Input IDs and Annotation IDs',
    method: 'DeleteAnnotations',
    async prepare(bench) {
      const [INPUT_ID_1 = '', INPUT_ID_2 = ''] = await bench.inputs(2)
      const ANNOTATION_ID_1 = await idOf(bench, aTag(INPUT_ID_1, 'tree'))
      const ANNOTATION_ID_2 = await idOf(bench, aTag(INPUT_ID_2, 'tree'))
      await bench.post([aTag(INPUT_ID_1, 'stays'), aTag(INPUT_ID_2, 'stays')])
      return { INPUT_ID_1, INPUT_ID_2, ANNOTATION_ID_1, ANNOTATION_ID_2 }
    },
    request: pairs,
    async check(bench, _, fill) {
      expect(await bench.list(pairs(fill))).toEqual([])
      const left = await bench.list({ input_ids: pairs(fill).input_ids })
      expect(left.filter(({ input_level }) => !input_level).map(conceptsOf)).toEqual([[['stays', 1]], [['stays', 1]]])
    },
  },
  {
    heading: 'Bulk Delete All Annotations by Input IDs',
    method: 'DeleteAnnotations',
    async prepare(bench) {
      const [INPUT_ID_1 = '', INPUT_ID_2 = ''] = await bench.inputs(2)
      await bench.post([aTag(INPUT_ID_1, 'a'), aTag(INPUT_ID_1, 'b'), aTag(INPUT_ID_2, 'c')])
      return { INPUT_ID_1, INPUT_ID_2 }
    },
    request: ({ INPUT_ID_1 = '', INPUT_ID_2 = '' }) => ({ input_ids: [INPUT_ID_1, INPUT_ID_2] }),
    async check(bench, _, { INPUT_ID_1 = '', INPUT_ID_2 = '' }) {
      const input_ids = [INPUT_ID_1, INPUT_ID_2]
      const left = await bench.list({ input_ids, list_all_annotations: true })
      expect(left.map(({ input_level }) => input_level)).toEqual([true, true])
      // "the input level annotations, which only get deleted if you delete the inputs themselves"
      await bench.ok('DeleteInputs', { ids: input_ids })
      expect(await bench.list({ input_ids, list_all_annotations: true })).toEqual([])
    },
  },
]
