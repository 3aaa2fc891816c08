import { create, equals } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Annotation, type Data, DataSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { testNow } from '#proxy/service/testing.ts'
import { openMemoryStore } from '#proxy/store/memory.ts'
import type { Store } from '#proxy/store/open.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import {
  aBox,
  addTask,
  aTag,
  aWorld,
  boxInfo,
  failure,
  items,
  type SentAnnotation,
  type World,
} from './annotationTesting.ts'

type SentData = NonNullable<SentAnnotation['data']>

const tags = (...concepts: (string | [string, number])[]) =>
  concepts.map((concept) =>
    typeof concept === 'string' ? { id: concept, value: 1 } : { id: concept[0], value: concept[1] },
  )

const from = (a: number, b: number) => boxInfo(a, a, b, b)
const carBox: SentData = { regions: [{ id: 'R1', regionInfo: from(0.125, 0.25), data: { concepts: tags('car') } }] }

/** Concepts as `tree=1`, regions as `R1 0.125-0.25 car=1`. */
const told = (data: Data | undefined) => ({
  concepts: data?.concepts.map(({ id, value }) => `${id}=${value}`) ?? [],
  regions:
    data?.regions.map(({ id, regionInfo, data: inner }) => {
      const box = regionInfo?.boundingBox
      const labels = inner?.concepts.map((concept) => `${concept.id}=${concept.value}`) ?? []
      return [id, `${box?.topRow}-${box?.bottomRow}`, ...labels].join(' ')
    }) ?? [],
  ...(data?.metadata && { metadata: data.metadata }),
})

eachDialect('patching, by the worked examples of api.md §4', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store())
  })

  const patched = async (stored: SentData, action: string, sent: SentData, deleteIfEmptyData = false) => {
    await world.owner.posted({ inputId: 'i1', id: 'a1', data: stored })
    const answer = await world.owner.patch(action, [{ inputId: 'i1', id: 'a1', data: sent }], { deleteIfEmptyData })
    expect(answer.status).toMatchObject({ code: StatusCode.SUCCESS, details: '' })
    return answer.annotations[0]!
  }
  const stays = async (annotation: Annotation) => expect(await world.owner.get('i1', 'a1')).toEqual(annotation)

  const concepts = (...list: Parameters<typeof tags>): SentData => ({ concepts: tags(...list) })
  const bike: SentData = { regions: [{ regionInfo: from(0.5, 0.75), data: { concepts: tags('bike') } }] }
  const inR1 = (data?: SentData): SentData => ({ regions: [{ id: 'R1', ...(data && { data: data as Data }) }] })

  const examples: [number: string, stored: SentData, action: string, sent: SentData, result: object][] = [
    ['1', concepts('tree'), 'merge', concepts('apple'), { concepts: ['tree=1', 'apple=1'] }],
    [
      '2',
      concepts('tree', 'apple'),
      'merge',
      { concepts: [{ id: 'apple' }] } as SentData,
      { concepts: ['tree=1', 'apple=0'] },
    ],
    ['3', concepts('tree', 'apple'), 'overwrite', concepts('apple'), { concepts: ['apple=1'] }],
    ['4', concepts('tree', 'apple'), 'remove', { concepts: [{ id: 'tree' }] } as SentData, { concepts: ['apple=1'] }],
    ['5', concepts('tree'), 'remove', concepts('tree'), { concepts: [] }],
    ['8', carBox, 'merge', inR1(concepts('tree')), { regions: ['R1 0.125-0.25 car=1 tree=1'] }],
    ['9', carBox, 'merge', { regions: [{ regionInfo: from(0.5, 0.75) }] }, { regions: ['R1 0.5-0.75 car=1'] }],
    [
      '11',
      carBox,
      'overwrite',
      { regions: [{ id: 'R1', ...(bike.regions![0] as object) }] } as SentData,
      { regions: ['R1 0.5-0.75 bike=1'] },
    ],
    ['12', carBox, 'remove', inR1(), { regions: [] }],
    ['13', carBox, 'remove', inR1(concepts('car')), { regions: ['R1 0.125-0.25'] }],
    [
      '14',
      { metadata: { a: 1, b: { x: 1 } } },
      'merge',
      { metadata: { b: { y: 2 } } },
      { metadata: { a: 1, b: { x: 1, y: 2 } } },
    ],
    [
      '15',
      { metadata: { a: 1, b: { x: 1 } } },
      'remove',
      { metadata: { b: { x: true } } },
      { metadata: { a: 1, b: {} } },
    ],
  ]

  it.each(examples)('example %s', async (_, stored, action, sent, result) => {
    const annotation = await patched(stored, action, sent)
    expect(told(annotation.data)).toMatchObject(result)
    expect(annotation.modifiedAt).not.toEqual(annotation.createdAt)
    await stays(annotation)
  })

  it('example 6: left empty it goes, when asked, and is echoed empty', async () => {
    const annotation = await patched(concepts('tree'), 'remove', concepts('tree'), true)
    expect(told(annotation.data)).toEqual({ concepts: [], regions: [] })
    expect((await failure(world.owner.get('i1', 'a1'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
    const row = await store().read.selectFrom('annotation').selectAll().executeTakeFirstOrThrow()
    expect(row.deleted_by).toBe('owner')
  })

  it('example 7: an input-level one stays, empty', async () => {
    await world.owner.posted({ ...aTag('i1', 'tree'), id: 'a1' })
    const row = await store().read.selectFrom('annotation').selectAll().executeTakeFirstOrThrow()
    await makeInputLevel(row.message)
    await world.owner.patch('remove', [{ ...aTag('i1', 'tree'), id: 'a1' }], { deleteIfEmptyData: true })
    expect(told((await world.owner.get('i1', 'a1')).data)).toEqual({ concepts: [], regions: [] })
  })

  /** As PostInputs stores it. */
  const makeInputLevel = async (message: Uint8Array) => {
    const inputLevelField = Uint8Array.of(0x88, 0x01, 0x01) // field 17, varint, true
    await store()
      .write.updateTable('annotation')
      .set({ input_level: 1, message: Buffer.concat([message, inputLevelField]) })
      .execute()
  }

  it('example 10: a region overwritten without id gets a new one', async () => {
    const annotation = await patched(carBox, 'overwrite', bike)
    expect(told(annotation.data).regions).toEqual([expect.stringMatching(/^[0-9a-f]{32} 0.5-0.75 bike=1$/)])
    await stays(annotation)
  })

  it('example 16: only the state', async () => {
    await world.owner.posted({ inputId: 'i1', id: 'a1', data: carBox, status: { code: StatusCode.ANNOTATION_PENDING } })
    const status = { code: StatusCode.ANNOTATION_SUCCESS }
    const { annotations } = await world.owner.patch('merge', [{ inputId: 'i1', id: 'a1', status }])
    expect(annotations[0]?.status).toMatchObject(status)
    expect(told(annotations[0]?.data).regions).toEqual(['R1 0.125-0.25 car=1'])
    await stays(annotations[0]!)
  })

  it('example 17: the state overwritten, the concepts kept', async () => {
    await world.owner.posted({ ...aTag('i1', 'tree'), id: 'a1' })
    const status = { code: StatusCode.ANNOTATION_PENDING }
    const { annotations } = await world.owner.patch('overwrite', [{ inputId: 'i1', id: 'a1', status }])
    expect(annotations[0]).toMatchObject({ status, data: { concepts: [{ id: 'tree' }] } })
  })

  it('a box moves to row 0, which is absent on the wire', async () => {
    const annotation = await patched(carBox, 'merge', { regions: [{ id: 'R1', regionInfo: boxInfo(0, 0, 0.5, 0.5) }] })
    expect(told(annotation.data).regions).toEqual(['R1 0-0.5 car=1'])
  })

  it('another shape merged takes the place of the one there is', async () => {
    const triangle = { polygon: { points: [{}, { row: 0.5 }, { col: 0.5 }] } }
    const turned = await patched(carBox, 'merge', { regions: [{ id: 'R1', regionInfo: triangle }] })
    expect(turned.data?.regions[0]?.regionInfo).toMatchObject({ polygon: { points: { length: 3 } } })
    expect(turned.data?.regions[0]?.regionInfo?.boundingBox).toBeUndefined()
    expect(told(turned.data).regions[0]).toMatch(/car=1$/)
    await stays(turned)
    const both = [{ inputId: 'i1', id: 'a1', data: { regions: [{ regionInfo: { ...triangle, ...from(0.5, 0.75) } }] } }]
    expect(items(await world.owner.patch('merge', both))[0]).toEqual({
      code: StatusCode.ANNOTATION_INVALID_ARGUMENT,
      details:
        'annotations[0].data.regions[0].region_info.polygon: a region has one shape, and there is its bounding_box',
    })
    const back = [{ inputId: 'i1', id: 'a1', data: { regions: [{ regionInfo: from(0.5, 0.75) }] } }]
    const boxed = (await world.owner.patch('merge', back)).annotations[0]!
    expect(told(boxed.data).regions).toEqual(['R1 0.5-0.75 car=1'])
    expect(boxed.data?.regions[0]?.regionInfo?.polygon).toBeUndefined()
  })

  it('a region overwritten by its id only stays where it is', async () => {
    const annotation = await patched(carBox, 'overwrite', inR1(concepts('bike')))
    expect(told(annotation.data).regions).toEqual(['R1 0.125-0.25 bike=1'])
  })

  it('a second region is refused', async () => {
    await world.owner.posted({ inputId: 'i1', id: 'a1', data: carBox })
    const second = { regions: [{ id: 'R2', regionInfo: from(0.5, 0.75) }] }
    expect(items(await world.owner.patch('merge', [{ inputId: 'i1', id: 'a1', data: second }]))).toEqual([
      {
        code: StatusCode.ANNOTATION_INVALID_ARGUMENT,
        details: 'annotations[0].data.regions[0].id: "R2" would be a second region, the annotation has "R1"',
      },
    ])
  })

  it('two patches of one annotation in a call build on each other, each in the history', async () => {
    await world.owner.posted({ ...aTag('i1', 'tree'), id: 'a1' })
    const { status } = await world.owner.patch('merge', [
      { ...aTag('i1', 'apple'), id: 'a1' },
      { ...aTag('i1', 'pear'), id: 'a1' },
    ])
    expect(status?.code).toBe(StatusCode.SUCCESS)
    expect(told((await world.owner.get('i1', 'a1')).data).concepts).toEqual(['tree=1', 'apple=1', 'pear=1'])
    const history = await store()
      .read.selectFrom('history')
      .selectAll()
      .where('kind', '=', 'annotation')
      .orderBy('rev')
      .execute()
    expect(history).toHaveLength(3)
    expect(Buffer.from(history[2]!.before!)).toEqual(Buffer.from(history[1]!.after!))
  })
})

eachDialect('patching, by the rows of api.md §1', (store) => {
  let world: World
  beforeEach(async () => {
    world = await aWorld(store(), { now: () => testNow })
  })
  const compare = { headers: { 'x-marquee-compare': 'modified_at' } }

  it('row 36: the whole annotation comes back; modified_at moves, created_at does not', async () => {
    const before = await world.ann.posted({ ...aBox('i1', 'a1'), taskId: '', annotationInfo: { a: 1 } })
    const { annotations } = await world.ann.patch('merge', [{ ...aTag('i1', 'sky'), id: 'a1' }])
    const after = annotations[0]!
    expect(after.createdAt).toEqual(before.createdAt)
    expect(after.modifiedAt!.seconds * 1_000_000n + BigInt(after.modifiedAt!.nanos / 1000)).toBeGreaterThan(
      before.modifiedAt!.seconds * 1_000_000n + BigInt(before.modifiedAt!.nanos / 1000),
    )
    expect(after).toMatchObject({ annotationInfo: { a: 1 }, userId: 'ann', data: { regions: before.data!.regions } })
  })

  it("rows 37 and 38: the owner changes any user's, a collaborator only own, nobody a model's", async () => {
    await world.ann.posted({ ...aTag('i1', 'tree'), id: 'a1' })
    await world.owner.posted({ ...aTag('i1', 'tree'), id: 'o1' })
    await world.owner.posted({ ...aTag('i1', 'tree'), id: 'm1', modelVersionId: 'v1' })
    const sky = (id: string) => ({ ...aTag('i1', 'sky'), id })
    expect((await world.owner.patch('merge', [sky('a1')])).status?.code).toBe(StatusCode.SUCCESS)
    const byBen = await world.ben.patch('merge', [sky('a1'), sky('o1'), sky('m1')])
    expect(byBen.status?.code).toBe(StatusCode.FAILURE)
    expect(items(byBen).map(({ code }) => code)).toEqual(Array(3).fill(StatusCode.ANNOTATION_PERMISSION_DENIED))
    expect(items(await world.owner.patch('merge', [sky('m1')]))[0]?.code).toBe(StatusCode.ANNOTATION_PERMISSION_DENIED)
    expect((await world.ann.patch('merge', [sky('a1')])).status?.code).toBe(StatusCode.SUCCESS)
  })

  it('rows 41 and 42: three actions, 1 to 128 at once', async () => {
    const ids = Array.from({ length: 128 }, (_, i) => `a${i}`)
    await world.owner.post(...ids.map((id) => ({ ...aTag('i1', 'tree'), id })))
    const patches = ids.map((id) => ({ ...aTag('i1', 'sky'), id }))
    expect((await world.owner.patch('merge', patches)).status?.code).toBe(StatusCode.SUCCESS)
    for (const action of ['', 'replace', 'MERGE'])
      expect((await failure(world.owner.patch(action, patches))).details).toContain(
        'must be merge, overwrite or remove',
      )
    const tooMany = [...patches, patches[0]!]
    expect((await failure(world.owner.patch('merge', tooMany))).code).toBe(StatusCode.CONN_INVALID_REQUEST)
    expect((await failure(world.owner.patch('merge', []))).code).toBe(StatusCode.CONN_INVALID_REQUEST)
  })

  it('answers each item by itself: unknown, deleted, invalid, good', async () => {
    await world.owner.post({ ...aTag('i1', 'tree'), id: 'a1' }, { ...aTag('i1', 'tree'), id: 'a2' }, aBox('i1', 'a3'))
    await world.owner.delete('i1', 'a2')
    const answer = await world.owner.patch('merge', [
      { ...aTag('i1', 'sky'), id: 'a1' },
      { ...aTag('i1', 'sky'), id: 'a2' },
      { ...aTag('i2', 'sky'), id: 'a1' },
      { inputId: 'i1', id: 'a3', data: { regions: [{ regionInfo: boxInfo(0.5, 0, 0.25, 1) }] } },
    ])
    expect(answer.status?.code).toBe(StatusCode.MIXED_STATUS)
    expect(items(answer)).toEqual([
      { code: StatusCode.ANNOTATION_SUCCESS, details: '' },
      { code: StatusCode.CONN_DOES_NOT_EXIST, details: 'annotations[1].id: annotation "a2" is deleted' },
      { code: StatusCode.CONN_DOES_NOT_EXIST, details: 'annotations[2].id: no annotation "a1" of input "i2"' },
      {
        code: StatusCode.ANNOTATION_INVALID_ARGUMENT,
        details: 'annotations[3].data.regions[0].region_info.bounding_box.bottom_row: must be greater than top_row',
      },
    ])
    expect((await world.owner.get('i1', 'a3')).data?.regions[0]?.regionInfo).toMatchObject(boxInfo(0, 0, 0.5, 0.5))
  })

  it('never patches ids, times, level, trust, nor who made it, unless the owner gives it away', async () => {
    const before = await world.ann.posted({ ...aTag('i1', 'tree'), id: 'a1' })
    const echo = { ...before, inputLevel: true, trusted: false, createdAt: { seconds: 1n, nanos: 0 } } as SentAnnotation
    const { annotations } = await world.ann.patch('overwrite', [echo])
    expect(annotations[0]).toMatchObject({
      inputLevel: false,
      trusted: true,
      createdAt: before.createdAt,
      userId: 'ann',
    })
    const toBen = { inputId: 'i1', id: 'a1', userId: 'ben' }
    expect(items(await world.ann.patch('merge', [toBen]))[0]?.code).toBe(StatusCode.ANNOTATION_PERMISSION_DENIED)
    const given = await world.owner.patch('merge', [toBen])
    expect(given.annotations[0]).toMatchObject({
      userId: 'ben',
      worker: { worker: { case: 'user', value: { id: 'ben' } } },
    })
    expect((await world.owner.list({ userIds: ['ben'] })).map(({ id }) => id)).toEqual(['a1'])
  })

  it('compares versions when asked: another one is refused, with who and when', async () => {
    const first = await world.ann.posted({ ...aTag('i1', 'tree'), id: 'a1' })
    const sky = (modifiedAt?: Annotation['modifiedAt']): SentAnnotation => ({
      ...aTag('i1', 'sky'),
      id: 'a1',
      ...(modifiedAt && { modifiedAt }),
    })
    const second = await world.owner.patch('merge', [sky(first.modifiedAt)], compare)
    expect(second.status?.code).toBe(StatusCode.SUCCESS)
    const stale = await world.ann.patch('merge', [sky(first.modifiedAt), { ...aTag('i1', 'x'), id: 'gone' }], compare)
    expect(items(stale)[0]).toEqual({
      code: StatusCode.ANNOTATION_MODIFY_FAILED,
      details:
        'annotations[0].modified_at: 2026-01-01T00:00:00.000001Z has passed: changed by "owner" at 2026-01-01T00:00:00.000003Z',
    })
    expect(items(await world.ann.patch('merge', [sky()], compare))[0]?.details).toContain('modified_at: required')
    const again = await world.ann.patch('merge', [sky(second.annotations[0]!.modifiedAt)], compare)
    expect(again.annotations[0]?.modifiedAt).not.toEqual(second.annotations[0]?.modifiedAt)
    // without the header official clients echo whole messages freely
    expect((await world.ann.patch('merge', [sky(first.modifiedAt)])).status?.code).toBe(StatusCode.SUCCESS)
    const other = { headers: { 'x-marquee-compare': 'rev' } }
    expect((await failure(world.ann.patch('merge', [sky()], other))).code).toBe(StatusCode.CONN_INVALID_REQUEST)
  })

  it('moves the state of assigned work along its edges only', async () => {
    const review = {
      ...aTag('i1', 'tree'),
      id: 'a1',
      taskId: 't1',
      status: { code: StatusCode.ANNOTATION_AWAITING_REVIEW },
    }
    await addTask(world, 't1')
    await world.owner.posted({ ...review, userId: 'ann' })
    // of a deleted task, so that its own rules do not hold
    await store().write.updateTable('task').set({ deleted_at: 5 }).execute()
    const to = (code: StatusCode) => [{ inputId: 'i1', id: 'a1', status: { code } }]
    const self = items(await world.ann.patch('merge', to(StatusCode.ANNOTATION_SUCCESS)))[0]
    expect(self).toEqual({
      code: StatusCode.ANNOTATION_PERMISSION_DENIED,
      details: 'annotations[0].id: you may not move it from "Waiting for review" to "Done"',
    })
    const verdict = await world.ben.patch('merge', to(StatusCode.ANNOTATION_SUCCESS))
    expect(verdict.annotations[0]?.status?.code).toBe(StatusCode.ANNOTATION_SUCCESS)
    expect(items(await world.ben.patch('merge', [{ ...aTag('i1', 'x'), id: 'a1' }]))[0]?.code).toBe(
      StatusCode.ANNOTATION_PERMISSION_DENIED,
    )
  })

  it('merges marks and notes into the info, and makes concepts by using them', async () => {
    await world.ann.posted({ inputId: 'i1', id: 'a1', annotationInfo: { marquee: { empty: true, by: 'x' } } })
    const sent = { ...aTag('i1', 'sky'), id: 'a1', annotationInfo: { marquee: { empty: false } } }
    const { annotations } = await world.ann.patch('merge', [sent])
    expect(annotations[0]?.annotationInfo).toEqual({ marquee: { empty: false, by: 'x' } })
    expect(await store().read.selectFrom('concept').select('id').execute()).toEqual([{ id: 'sky' }])
  })
})

describe('patching, by properties', () => {
  let store: Store
  let world: World
  beforeEach(async () => {
    store = await openMemoryStore()
    world = await aWorld(store)
  })
  afterEach(() => store.close())

  const side = fc
    .tuple(fc.float({ min: 0, max: 1, noNaN: true }), fc.float({ min: 0, max: 1, noNaN: true }))
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => (a < b ? [a, b] : [b, a]) as [number, number])
  const box = fc.tuple(side, side).map(([rows, cols]) => boxInfo(rows[0], cols[0], rows[1], cols[1]))
  const concepts = fc.uniqueArray(
    fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.float({ min: 0, max: 1, noNaN: true }) }),
    { selector: (concept) => concept.id },
  )
  const data = fc.record({
    concepts,
    regions: fc.array(fc.record({ id: fc.constant('R1'), regionInfo: box, data: fc.record({ concepts }) }), {
      maxLength: 1,
    }),
  })
  const some = data.filter((sent) => sent.concepts.length + sent.regions.length > 0)
  let next = 0

  /** Names are filled on reading, so they are not compared. */
  const bare = (read: Data | undefined) => {
    for (const list of [read?.concepts, read?.regions[0]?.data?.concepts])
      for (const c of list ?? []) c.name = c.appId = ''
    return read!
  }
  const same = (a: Data | undefined, b: Data | undefined) => equals(DataSchema, bare(a), bare(b))
  const apply = async (action: string, id: string, sent: SentData) => {
    const answer = await world.owner.patch(action, [{ inputId: 'i1', id, data: sent }])
    expect(answer.status?.code).toBe(StatusCode.SUCCESS)
    return answer.annotations[0]?.data
  }

  it('merging twice is merging once', () =>
    fc.assert(
      fc.asyncProperty(some, data, async (stored, sent) => {
        const id = `a${next++}`
        await world.owner.posted({ inputId: 'i1', id, data: stored as unknown as SentData })
        const once = await apply('merge', id, sent as unknown as SentData)
        const twice = await apply('merge', id, sent as unknown as SentData)
        expect(same(once, twice)).toBe(true)
      }),
    ))

  it('what was overwritten reads as it was sent, bit for bit', () =>
    fc.assert(
      fc.asyncProperty(some, data, async (stored, sent) => {
        const id = `b${next++}`
        await world.owner.posted({ inputId: 'i1', id, data: stored as unknown as SentData })
        await apply('overwrite', id, sent as unknown as SentData)
        const posted = await world.owner.get('i1', id)
        expect(same(posted.data, create(DataSchema, sent as unknown as SentData))).toBe(true)
      }),
    ))

  it('removing what was merged leaves what was there beside it', () =>
    fc.assert(
      fc.asyncProperty(
        concepts.filter((list) => list.length > 0),
        concepts,
        async (stored, sent) => {
          const id = `c${next++}`
          await world.owner.posted({ inputId: 'i1', id, data: { concepts: stored } as unknown as SentData })
          await apply('merge', id, { concepts: sent } as unknown as SentData)
          const left = await apply('remove', id, { concepts: sent } as unknown as SentData)
          const gone = new Set(sent.map((concept) => concept.id))
          expect(left?.concepts.map((concept) => concept.id) ?? []).toEqual(
            stored.map((concept) => concept.id).filter((concept) => !gone.has(concept)),
          )
        },
      ),
    ))
})
