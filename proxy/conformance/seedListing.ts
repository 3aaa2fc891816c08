import { expect } from 'vitest'
import type { Answer } from './clients.ts'
import { aTag, byModel, idOf, listed, one, regionBox, type SeedExample } from './seedExample.ts'
import { micros } from './target.ts'

// "List Annotations"

/** Two inputs: one annotation of a model and twelve of the owner on the first, one of the owner on the second. */
const twoInputs: SeedExample['prepare'] = async (bench) => {
  const [INPUT_ID_1 = '', INPUT_ID_2 = ''] = await bench.inputs(2)
  await bench.post([byModel(INPUT_ID_1)])
  await bench.post(Array.from({ length: 6 }, (_, i) => aTag(INPUT_ID_1, `t${i}`)))
  await bench.post([aTag(INPUT_ID_2, 'tree')])
  await bench.post(Array.from({ length: 6 }, (_, i) => aTag(INPUT_ID_1, `u${i}`)))
  return { INPUT_ID_1, INPUT_ID_2 }
}
/** The same, for programs that name no input. */
const someContent: SeedExample['prepare'] = async (bench) => {
  await twoInputs(bench)
  return {}
}
const tenOldestFirst = (answer: Answer): void => {
  const times = listed(answer).map(({ created_at }) => micros(created_at))
  expect(times).toHaveLength(10)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
}
const models = (answer: Answer): string[] =>
  listed(answer)
    .map(({ model_version_id }) => model_version_id)
    .filter((id) => id !== '')

export const listing: SeedExample[] = [
  {
    heading: 'List All User Created Annotations in Your App',
    method: 'ListAnnotations',
    fresh: true,
    prepare: someContent,
    request: () => ({ per_page: 10 }),
    check(_, answer) {
      tenOldestFirst(answer)
      expect(models(answer)).toEqual([])
      expect(listed(answer).filter(({ input_level }) => input_level)).toHaveLength(2)
    },
  },
  {
    heading: 'List All Annotations in Your App',
    method: 'ListAnnotations',
    fresh: true,
    prepare: someContent,
    request: () => ({ per_page: 10, list_all_annotations: true }),
    check(_, answer) {
      tenOldestFirst(answer)
      expect(models(answer)).toEqual(['v1'])
    },
  },
  {
    heading: 'List User Created Annotations by Input IDs',
    method: 'ListAnnotations',
    async prepare(bench) {
      const fill = await twoInputs(bench)
      await bench.post([aTag(await one(bench), 'elsewhere')])
      return fill
    },
    request: ({ INPUT_ID_1 = '', INPUT_ID_2 = '' }) => ({ input_ids: [INPUT_ID_1, INPUT_ID_2], per_page: 10 }),
    async check(bench, answer, { INPUT_ID_1, INPUT_ID_2 = '' }) {
      tenOldestFirst(answer)
      expect(models(answer)).toEqual([])
      expect(new Set(listed(answer).map(({ input_id }) => input_id))).toEqual(new Set([INPUT_ID_1, INPUT_ID_2]))
      expect(await bench.list({ input_ids: [INPUT_ID_2] })).toHaveLength(2)
    },
  },
  {
    heading: 'List Annotations by Input IDs and Annotation IDs',
    method: 'ListAnnotations',
    async prepare(bench) {
      const [INPUT_ID_1 = '', INPUT_ID_2 = ''] = await bench.inputs(2)
      await bench.post([aTag(INPUT_ID_1, 'other')])
      const ANNOTATION_ID_1 = await idOf(bench, byModel(INPUT_ID_1))
      const ANNOTATION_ID_2 = await idOf(bench, aTag(INPUT_ID_2, 'tree'))
      return { INPUT_ID_1, INPUT_ID_2, ANNOTATION_ID_1, ANNOTATION_ID_2 }
    },
    request: ({ INPUT_ID_1 = '', INPUT_ID_2 = '', ANNOTATION_ID_1 = '', ANNOTATION_ID_2 = '' }) => ({
      input_ids: [INPUT_ID_1, INPUT_ID_2],
      ids: [ANNOTATION_ID_1, ANNOTATION_ID_2],
      per_page: 10,
    }),
    check(_, answer, { ANNOTATION_ID_1, ANNOTATION_ID_2 }) {
      expect(listed(answer).map(({ id }) => id)).toEqual([ANNOTATION_ID_1, ANNOTATION_ID_2])
      expect(models(answer)).toEqual(['v1'])
    },
  },
  {
    heading: 'List Annotations by User IDs',
    method: 'ListAnnotations',
    fresh: true,
    async prepare(bench) {
      const input = await one(bench)
      await bench.post([aTag(input, 'mine'), byModel(input)])
      await bench.post([aTag(input, 'a')], 'annotator')
      await bench.post([aTag(input, 'b')], 'annotator-2')
      return { USER_ID_1: 'annotator', USER_ID_2: 'annotator-2' }
    },
    request: ({ USER_ID_1 = '', USER_ID_2 = '' }) => ({ user_ids: [USER_ID_1, USER_ID_2], per_page: 10 }),
    check(_, answer) {
      expect(listed(answer).map(({ user_id }) => user_id)).toEqual(['annotator', 'annotator-2'])
    },
  },
  {
    heading: 'List Annotations by Model Version IDs',
    method: 'ListAnnotations',
    fresh: true,
    async prepare(bench) {
      const input = await one(bench)
      await bench.post([byModel(input, 'v1'), aTag(input, 'mine'), byModel(input, 'v2'), byModel(input, 'v3')])
      return { MODEL_VERSION_ID_1: 'v1', MODEL_VERSION_ID_2: 'v2' }
    },
    request: ({ MODEL_VERSION_ID_1 = '', MODEL_VERSION_ID_2 = '' }) => ({
      model_version_ids: [MODEL_VERSION_ID_1, MODEL_VERSION_ID_2],
      per_page: 10,
    }),
    async check(bench, answer) {
      expect(models(answer)).toEqual(['v1', 'v2'])
      // "You can also label these regions by using Post annotation with the region ID returned from this call."
      const { input_id, data } = listed(answer)[0]!
      const label = { regions: [{ id: data.regions[0]!.id, data: { concepts: [{ id: 'truck', value: 1 }] } }] }
      const [made] = await bench.post([{ input_id, data: label }])
      expect(made!.data.regions[0]!.id).toBe(data.regions[0]!.id)
      expect(regionBox(made)).toEqual(regionBox(listed(answer)[0]))
    },
  },
]
