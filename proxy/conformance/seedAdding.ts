import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { byModel, conceptsOf, listed, one, regionBox, regionConcepts, type SeedExample } from './seedExample.ts'
import { box, concept } from './target.ts'

// "Add Annotations"

const f = Math.fround
const onOneInput: SeedExample['prepare'] = async (bench) => ({ INPUT_ID: await one(bench) })
const region = (input_id = '', info: object, ...concepts: object[]) => ({
  input_id,
  data: { regions: [{ ...info, data: { concepts: concepts as { id: string; value: number }[] } }] },
})
const treeNoWater = [concept('tree', 1), concept('water', 0)]
const pairs = [
  ['tree', 1],
  ['water', 0],
]

/** The text the page puts between the quotes of `base64=b"…"`: a PNG, as base64. */
export const SEED_MASK = /base64=b"([^"]+)"/.exec(
  readFileSync(path.join(import.meta.dirname, 'seedPage/06-annotate-images-with-mask.py'), 'utf8'),
)![1]!
const SEED_MASK_SHA256 = '5d2550f4c9c197931cf5361f2602802c636882d67d86a50646a519576f65144d'

const WORDS = ['one', 'two', 'three', 'four', 'five', 'six']

export const adding: SeedExample[] = [
  {
    heading: 'Annotate Images With Concepts',
    method: 'PostAnnotations',
    prepare: onOneInput,
    request: ({ INPUT_ID = '' }) => ({ annotations: [{ input_id: INPUT_ID, data: { concepts: treeNoWater } }] }),
    async check(bench, answer, { INPUT_ID = '' }) {
      const [posted] = listed(answer)
      expect(posted).toMatchObject({ status: { code: 24150 }, user_id: 'owner' })
      expect(conceptsOf(await bench.get(INPUT_ID, posted!.id))).toEqual(pairs)
    },
  },
  {
    heading: 'Annotate Images With Multiple Concepts',
    method: 'PostAnnotations',
    prepare: onOneInput,
    request: ({ INPUT_ID = '' }) => ({
      annotations: [{ input_id: INPUT_ID, data: { concepts: WORDS.map((id) => concept(id)) } }],
    }),
    async check(bench, answer, { INPUT_ID = '' }) {
      const stored = await bench.get(INPUT_ID, listed(answer)[0]!.id)
      expect(conceptsOf(stored)).toEqual(WORDS.map((id) => [id, 1]))
    },
  },
  {
    heading: 'Annotate New Bounding Boxes in an Image',
    method: 'PostAnnotations',
    prepare: onOneInput,
    request: ({ INPUT_ID }) => ({
      annotations: [
        region(INPUT_ID, { region_info: box(0, 0, 0.5, 0.5) }, ...treeNoWater),
        region(INPUT_ID, { region_info: box(0.6, 0.6, 0.8, 0.8) }, concept('bike')),
      ],
    }),
    async check(bench, answer, { INPUT_ID = '' }) {
      const [first, second] = await Promise.all(listed(answer).map(({ id }) => bench.get(INPUT_ID, id)))
      expect(regionBox(first)).toEqual([0, 0, 0.5, 0.5])
      expect(regionBox(second)).toEqual([0.6, 0.6, 0.8, 0.8].map(f))
      expect([regionConcepts(first), regionConcepts(second)]).toEqual([pairs, [['bike', 1]]])
    },
  },
  {
    heading: 'Annotate Polygons in an Image',
    method: 'PostAnnotations',
    prepare: onOneInput,
    request: ({ INPUT_ID }) => ({
      annotations: [
        region(
          INPUT_ID,
          { region_info: { polygon: { points: [{ row: 0.3 }, { col: 0.5 }, { z: 0.5 }] } } },
          ...treeNoWater,
        ),
        region(
          INPUT_ID,
          { region_info: { polygon: { points: [{ row: 0.6 }, { col: 0.8 }, { z: 0.5 }] } } },
          concept('bike'),
        ),
      ],
    }),
    async check(bench, answer, { INPUT_ID = '' }) {
      const stored = await Promise.all(listed(answer).map(({ id }) => bench.get(INPUT_ID, id)))
      const points = stored.map(({ data }) =>
        data.regions[0]!.region_info!.polygon!.points.map(({ row, col, z }) => [f(row), f(col), z]),
      )
      const half = (row: number, col: number) => [
        [f(row), 0, 0],
        [0, f(col), 0],
        [0, 0, 0.5],
      ]
      expect(points).toEqual([half(0.3, 0.5), half(0.6, 0.8)])
      expect(stored.map(regionConcepts)).toEqual([pairs, [['bike', 1]]])
    },
  },
  {
    heading: 'Annotate Existing Regions in an Image',
    method: 'PostAnnotations',
    async prepare(bench) {
      const INPUT_ID = await one(bench)
      const detected = await bench.post([byModel(INPUT_ID), byModel(INPUT_ID, 'v1', box(0.5, 0.5, 0.75, 0.75))])
      const [REGION_ID_1 = '', REGION_ID_2 = ''] = detected.map(({ data }) => data.regions[0]!.id)
      return { INPUT_ID, REGION_ID_1, REGION_ID_2 }
    },
    request: ({ INPUT_ID, REGION_ID_1, REGION_ID_2 }) => ({
      annotations: [
        region(INPUT_ID, { id: REGION_ID_1 }, ...treeNoWater),
        region(INPUT_ID, { id: REGION_ID_2 }, concept('bike')),
      ],
    }),
    async check(bench, answer, { INPUT_ID = '', REGION_ID_1, REGION_ID_2 }) {
      const made = await Promise.all(listed(answer).map(({ id }) => bench.get(INPUT_ID, id)))
      expect(made.map(({ data }) => data.regions[0]!.id)).toEqual([REGION_ID_1, REGION_ID_2])
      expect(made.map(({ user_id }) => user_id)).toEqual(['owner', 'owner'])
      expect(made.map(regionBox)).toEqual([[0.1, 0.2, 0.3, 0.4].map(f), [0.5, 0.5, 0.75, 0.75]])
      expect(made.map(regionConcepts)).toEqual([pairs, [['bike', 1]]])
      const detected = await bench.list({ model_version_ids: ['v1'], input_ids: [INPUT_ID] })
      expect(detected.map(regionConcepts)).toEqual([[['car', 1]], [['car', 1]]])
    },
  },
  {
    heading: 'Annotate Images With Mask',
    method: 'PostAnnotations',
    prepare: onOneInput,
    // the page's Python puts the base64 text itself into the field of bytes: base64 twice in JSON
    request: ({ INPUT_ID }) => ({
      annotations: [
        region(
          INPUT_ID,
          { region_info: { mask: { image: { base64: Buffer.from(SEED_MASK).toString('base64') } } } },
          concept('CONCEPT_ID_FROM_UI'),
        ),
      ],
    }),
    async check(bench, answer, { INPUT_ID = '' }) {
      const stored = await bench.get(INPUT_ID, listed(answer)[0]!.id)
      const png = Buffer.from(stored.data.regions[0]?.region_info?.mask?.image.base64 ?? '', 'base64')
      expect(createHash('sha256').update(png).digest('hex')).toBe(SEED_MASK_SHA256)
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([934, 587])
      expect(regionConcepts(stored)).toEqual([['CONCEPT_ID_FROM_UI', 1]])
    },
  },
  {
    heading: 'Annotate Images With Different user_id and status',
    method: 'PostAnnotations',
    prepare: async (bench) => ({ INPUT_ID: await one(bench), ANOTHER_USER_ID: 'annotator' }),
    request: ({ INPUT_ID = '', ANOTHER_USER_ID = '' }) => ({
      annotations: [{ input_id: INPUT_ID, user_id: ANOTHER_USER_ID, status: { code: 24151 } }],
    }),
    async check(bench, answer, { INPUT_ID = '' }) {
      const stored = await bench.get(INPUT_ID, listed(answer)[0]!.id)
      expect(stored).toMatchObject({
        user_id: 'annotator',
        worker: { user: { id: 'annotator' } },
        status: { code: 24151 },
      })
    },
  },
]
