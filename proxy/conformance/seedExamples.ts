import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Bench, box, concept, micros, type StartTarget, type Stored, type Target } from './target.ts'

/**
 * The examples of the page this API is known by ("Annotations: Create, Get, Update, Delete"), one after the other, over
 * every protocol. Names are the headings of the page; placeholders are filled with inputs made here.
 */
export const seedExamples = (start: StartTarget): void => {
  let target: Target
  beforeAll(async () => {
    target = await start()
  }, 60_000)
  afterAll(() => target.stop())

  const PROTOCOLS = [0, 1, 2, 3, 4, 5]
  const SEED_MASK = readFileSync(path.join(import.meta.dirname, 'seedMask.base64'), 'utf8').trim()
  const SEED_MASK_SHA256 = '5d2550f4c9c197931cf5361f2602802c636882d67d86a50646a519576f65144d'

  const conceptsOf = (annotation: Stored | undefined): [string, number][] =>
    (annotation?.data.concepts ?? []).map(({ id, value }) => [id, value])
  const regionConcepts = (annotation: Stored | undefined): [string, number][] =>
    (annotation?.data.regions[0]?.data?.concepts ?? []).map(({ id, value }) => [id, value])

  describe.each(PROTOCOLS)('the examples of the seed page, protocol %i', (number) => {
    let bench: Bench
    let input = ''
    let other = ''
    beforeAll(async () => {
      const client = target.clients()[number]
      if (!client) throw new Error('no such protocol')
      bench = await Bench.make(target, client)
      const ids = await bench.inputs(2)
      input = ids[0] ?? ''
      other = ids[1] ?? ''
    })

    it('Annotate Images With Concepts', async () => {
      const [posted] = await bench.post([
        { input_id: input, data: { concepts: [concept('tree', 1), concept('water', 0)] } },
      ])
      expect(posted?.status.code).toBe(24150)
      expect(posted?.user_id).toBe('owner')
      expect(conceptsOf(await bench.get(input, posted?.id ?? ''))).toEqual([
        ['tree', 1],
        ['water', 0],
      ])
    })

    it('Annotate Images With Multiple Concepts', async () => {
      const ids = ['one', 'two', 'three', 'four', 'five', 'six']
      const [posted] = await bench.post([{ input_id: input, data: { concepts: ids.map((id) => concept(id)) } }])
      expect(conceptsOf(posted).map(([id]) => id)).toEqual(ids)
    })

    it('Annotate New Bounding Boxes in an Image', async () => {
      const posted = await bench.post([
        {
          input_id: input,
          data: {
            regions: [
              { region_info: box(0, 0, 0.5, 0.5), data: { concepts: [concept('tree', 1), concept('water', 0)] } },
            ],
          },
        },
        {
          input_id: input,
          data: { regions: [{ region_info: box(0.6, 0.6, 0.8, 0.8), data: { concepts: [concept('bike')] } }] },
        },
      ])
      expect(posted).toHaveLength(2)
      const f = Math.fround
      expect(posted[0]?.data.regions[0]?.region_info?.bounding_box).toMatchObject({
        top_row: 0,
        left_col: 0,
        bottom_row: 0.5,
        right_col: 0.5,
      })
      const second = posted[1]?.data.regions[0]?.region_info?.bounding_box
      expect([second?.top_row, second?.left_col, second?.bottom_row, second?.right_col].map((n) => f(n ?? -1))).toEqual(
        [0.6, 0.6, 0.8, 0.8].map(f),
      )
      expect(regionConcepts(posted[0])).toEqual([
        ['tree', 1],
        ['water', 0],
      ])
    })

    it('Annotate Polygons in an Image, points half filled', async () => {
      const posted = await bench.post([
        {
          input_id: input,
          data: {
            regions: [
              {
                region_info: { polygon: { points: [{ row: 0.3 }, { col: 0.5 }, { z: 0.5 }] } },
                data: { concepts: [concept('tree', 1), concept('water', 0)] },
              },
            ],
          },
        },
        {
          input_id: input,
          data: {
            regions: [
              {
                region_info: { polygon: { points: [{ row: 0.6 }, { col: 0.8 }, { z: 0.5 }] } },
                data: { concepts: [concept('bike')] },
              },
            ],
          },
        },
      ])
      const points = posted[0]?.data.regions[0]?.region_info?.polygon?.points ?? []
      expect(points.map(({ row, col, z }) => [Math.fround(row), col, z])).toEqual([
        [Math.fround(0.3), 0, 0],
        [0, 0.5, 0],
        [0, 0, 0.5],
      ])
    })

    it('Annotate Existing Regions in an Image', async () => {
      const [first] = await bench.post([
        { input_id: input, data: { regions: [{ region_info: box(0.1, 0.2, 0.3, 0.4) }] } },
      ])
      const region = first?.data.regions[0]?.id ?? ''
      expect(region).not.toBe('')
      const [labelled] = await bench.post([
        {
          input_id: input,
          data: { regions: [{ id: region, data: { concepts: [concept('tree', 1), concept('water', 0)] } }] },
        },
      ])
      expect(labelled?.id).not.toBe(first?.id)
      expect(labelled?.data.regions[0]?.id).toBe(region)
      expect(labelled?.data.regions[0]?.region_info?.bounding_box).toEqual(
        first?.data.regions[0]?.region_info?.bounding_box,
      )
      expect(regionConcepts(await bench.get(input, first?.id ?? ''))).toEqual([])
    })

    it('Annotate Images With Mask: the page’s own bytes, as text inside the bytes field', async () => {
      // the page's Python puts the base64 text itself into the bytes field: base64 twice in JSON
      for (const base64 of [Buffer.from(SEED_MASK).toString('base64'), SEED_MASK]) {
        const [posted] = await bench.post([
          {
            input_id: input,
            data: {
              regions: [{ region_info: { mask: { image: { base64 } } }, data: { concepts: [concept('thing')] } }],
            },
          },
        ])
        const stored = await bench.get(input, posted?.id ?? '')
        const png = Buffer.from(stored.data.regions[0]?.region_info?.mask?.image.base64 ?? '', 'base64')
        expect(createHash('sha256').update(png).digest('hex')).toBe(SEED_MASK_SHA256)
        expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([934, 587])
        expect(regionConcepts(stored)).toEqual([['thing', 1]])
      }
    })

    it('Annotate Images With Different user_id and status', async () => {
      const order = { input_id: other, user_id: 'annotator', status: { code: 24151 } }
      const [posted] = await bench.post([order])
      expect(posted).toMatchObject({ user_id: 'annotator', worker: { user: { id: 'annotator' } } })
      expect(posted?.status.code).toBe(24151)
      const denied = await bench.call(
        'PostAnnotations',
        { annotations: [{ ...order, user_id: 'reviewer' }] },
        'annotator',
      )
      expect(denied.status.code).toBe(10020)
      expect((denied.annotations as unknown as Stored[])[0]?.status.code).toBe(24156)
    })

    it('List All User Created Annotations in Your App', async () => {
      const listed = await bench.list({ per_page: 10 })
      expect(listed).toHaveLength(10)
      const times = listed.map(({ created_at }) => micros(created_at))
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(listed.every(({ model_version_id }) => model_version_id === '')).toBe(true)
    })

    it('List All Annotations in Your App', async () => {
      expect(await bench.list({ per_page: 10, list_all_annotations: true })).toHaveLength(10)
    })

    it('List User Created Annotations by Input IDs', async () => {
      const listed = await bench.list({ input_ids: [other], per_page: 10 })
      expect(listed.map(({ input_id }) => input_id)).toEqual([other, other])
      expect(listed.filter(({ input_level }) => input_level)).toHaveLength(1)
      expect((await bench.list({ input_ids: [input, other], per_page: 100 })).length).toBeGreaterThan(listed.length)
    })

    it('List Annotations by Input IDs and Annotation IDs', async () => {
      const [a] = await bench.post([{ input_id: input, data: { concepts: [concept('tree')] } }])
      const [b] = await bench.post([{ input_id: other, data: { concepts: [concept('tree')] } }])
      const ids = [a?.id ?? '', b?.id ?? '']
      const listed = await bench.list({ input_ids: [input, other], ids, per_page: 10 })
      expect(listed.map(({ id }) => id)).toEqual(ids)
      expect(await bench.list({ input_ids: [other, input], ids, per_page: 10 })).toEqual([])
      const one = { input_ids: [input], ids }
      expect((await bench.call('ListAnnotations', one)).status.code).toBe(11102)
      expect((await bench.call('ListAnnotations', { ids })).status.code).toBe(11102)
    })

    it('List Annotations by User IDs', async () => {
      await bench.post([{ input_id: input, data: { concepts: [concept('tree')] } }], 'annotator-2')
      const listed = await bench.list({ user_ids: ['annotator', 'annotator-2'], per_page: 10 })
      expect(listed.map(({ user_id }) => user_id).sort()).toEqual(['annotator', 'annotator-2'])
    })

    it('Update Annotation With Concepts', async () => {
      const [made] = await bench.post([{ input_id: input, data: { concepts: [concept('tree')] } }])
      const id = made?.id ?? ''
      const patch = { action: 'merge', annotations: [{ input_id: input, id, data: { concepts: [concept('apple')] } }] }
      const answer = await bench.ok('PatchAnnotations', patch)
      const [patched] = answer.annotations as unknown as Stored[]
      expect(conceptsOf(patched)).toEqual([
        ['tree', 1],
        ['apple', 1],
      ])
      expect(patched?.created_at).toBe(made?.created_at)
      expect(micros(patched?.modified_at)).toBeGreaterThan(micros(made?.modified_at))
      await bench.ok('PatchAnnotations', {
        action: 'merge',
        annotations: [{ input_id: input, id, data: { concepts: [concept('tree', 0)] } }],
      })
      expect(conceptsOf(await bench.get(input, id))).toEqual([
        ['tree', 0],
        ['apple', 1],
      ])
    })

    it('Update Annotation With Concepts in a Region', async () => {
      const [made] = await bench.post([
        {
          input_id: input,
          data: { regions: [{ region_info: box(0.1, 0.1, 0.2, 0.2), data: { concepts: [concept('car')] } }] },
        },
      ])
      const region = made?.data.regions[0]?.id ?? ''
      const id = made?.id ?? ''
      const data = { regions: [{ id: region, data: { concepts: [concept('tree')] } }] }
      await bench.ok('PatchAnnotations', { action: 'merge', annotations: [{ input_id: input, id, data }] })
      const stored = await bench.get(input, id)
      expect(stored.data.regions[0]?.id).toBe(region)
      expect(stored.data.regions[0]?.region_info).toEqual(made?.data.regions[0]?.region_info)
      expect(regionConcepts(stored)).toEqual([
        ['car', 1],
        ['tree', 1],
      ])
    })

    it('Update Annotation Region Coordinates', async () => {
      const [made] = await bench.post([
        {
          input_id: input,
          data: { regions: [{ region_info: box(0.1, 0.1, 0.2, 0.2), data: { concepts: [concept('car')] } }] },
        },
      ])
      const id = made?.id ?? ''
      const data = { regions: [{ region_info: box(0.5, 0.5, 0.75, 0.75), data: { concepts: [concept('bike')] } }] }
      await bench.ok('PatchAnnotations', { action: 'overwrite', annotations: [{ input_id: input, id, data }] })
      const stored = await bench.get(input, id)
      expect(stored.data.regions).toHaveLength(1)
      expect(stored.data.regions[0]?.region_info?.bounding_box).toMatchObject({ top_row: 0.5, bottom_row: 0.75 })
      expect(regionConcepts(stored)).toEqual([['bike', 1]])
    })

    it('Update Annotation Status', async () => {
      const [made] = await bench.post([
        { input_id: other, status: { code: 24151 }, data: { concepts: [concept('tree')] } },
      ])
      const id = made?.id ?? ''
      const annotations = [{ input_id: other, id, status: { code: 24150 } }]
      await bench.ok('PatchAnnotations', { action: 'merge', annotations })
      const stored = await bench.get(other, id)
      expect(stored.status.code).toBe(24150)
      expect(conceptsOf(stored)).toEqual([['tree', 1]])
    })

    it('Delete Annotation by Input ID and Annotation ID', async () => {
      const [made] = await bench.post([{ input_id: input, data: { concepts: [concept('tree')] } }])
      const id = made?.id ?? ''
      await bench.ok('DeleteAnnotation', { input_id: input, annotation_id: id })
      expect((await bench.call('GetAnnotation', { input_id: input, annotation_id: id })).status.code).toBe(11101)
      expect(await bench.list({ input_ids: [input], ids: [id] })).toEqual([])
    })

    it('Bulk Delete Annotations by Input IDs and Annotation IDs', async () => {
      const made = await bench.post(
        [input, other].map((id) => ({ input_id: id, data: { concepts: [concept('tree')] } })),
      )
      const ids = made.map(({ id }) => id)
      const mismatch = await bench.call('DeleteAnnotations', { input_ids: [input, other], ids: ids.slice(1) })
      expect(mismatch.status.code).toBe(11102)
      expect(await bench.list({ input_ids: [input, other], ids })).toHaveLength(2)
      await bench.ok('DeleteAnnotations', { input_ids: [input, other], ids })
      expect(await bench.list({ input_ids: [input, other], ids })).toEqual([])
    })

    it('Bulk Delete All Annotations by Input IDs', async () => {
      await bench.ok('DeleteAnnotations', { input_ids: [input, other] })
      const left = await bench.list({ input_ids: [input, other], per_page: 100, list_all_annotations: true })
      expect(left.map(({ input_level }) => input_level)).toEqual([true, true])
      await bench.ok('DeleteInputs', { ids: [input, other] })
      expect(await bench.list({ per_page: 100, list_all_annotations: true })).toEqual([])
    })
  })
}
