import { create } from '@bufbuild/protobuf'
import { beforeEach, describe, expect, it } from 'vitest'
import { ListBulkOperationsRequestSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { imageAnnotationId } from '#model/imageConcepts.ts'
import { failure } from '#proxy/service/annotations/annotationTesting.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { addInput, callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { bulkOperationMethods } from './bulkOperations.ts'
import { runBulkOperation } from './bulkRun.ts'
import { bulkIn, ids, owner, pet, type Sent, scopes, userAppId, withConcept } from './bulkTesting.ts'
import { doAllWork } from './bulkWorker.ts'

eachDialect('bulk operations', (store) => {
  const at = bulkIn(store)
  const { post, get, cancel, remove, done, tags, level, ownAnnotation, datasets, members } = at

  describe('of concepts', () => {
    it('put them into one annotation of the caller an input, which the studio finds, and make new ones', async () => {
      const addConcepts = { concepts: [pet('dog'), pet('wet', 0)] }
      const operation = await done({
        id: 'tag',
        inputSource: ids('a', 'b'),
        operation: { operation: { case: 'addConcepts', value: addConcepts } },
      })
      expect(operation).toMatchObject({
        id: 'tag',
        appId: 'demo',
        createdBy: 'owner',
        status: { code: StatusCode.BULK_OPERATION_SUCCESS, details: '' },
        progress: { processed: 2, lastProcessedId: 'b' },
        inputSource: { case: 'inputIds', value: { inputIds: ['a', 'b'] } },
      })
      const [made, ...others] = await at.mine.list({ inputIds: ['a'] })
      expect(others).toEqual([])
      expect(made!.id).toBe(imageAnnotationId({ owner: 'owner', app: 'demo', inputId: 'a', userId: 'owner' }))
      expect(await tags('a')).toEqual([
        ['dog', 1],
        ['wet', 0],
      ])
      expect(await tags('c')).toEqual([])
      expect(await at.mine.list({ userIds: ['owner'], inputIds: ['b'] })).toHaveLength(1)
      const labelled = await store()
        .read.selectFrom('input')
        .select('labelled')
        .where('id', '=', 'b')
        .executeTakeFirst()
      expect(labelled?.labelled).toBe(1)
    })

    it('change the value where the caller has said it already, and leave others alone', async () => {
      const said = await at.mine.posted({ inputId: 'a', data: { concepts: [pet('dog', 0), pet('sky')] } })
      await at.anns.posted({ inputId: 'a', data: { concepts: [pet('dog', 0)] } })
      await done({
        inputSource: ids('a'),
        operation: { operation: { case: 'addConcepts', value: { concepts: [pet('dog')] } } },
      })
      expect(await tags('a')).toEqual([
        ['dog', 1],
        ['sky', 1],
      ])
      expect(await tags('a', 'ann')).toEqual([['dog', 0]])
      expect((await at.mine.get('a', said.id)).createdAt).toEqual(said.createdAt)
    })

    it('begin anew where the annotation of the whole was deleted', async () => {
      const asked: Sent = {
        inputSource: ids('a'),
        operation: { operation: { case: 'addConcepts', value: { concepts: [pet('dog')] } } },
      }
      await done(asked)
      const [made] = await at.mine.list({ inputIds: ['a'] })
      await at.mine.delete('a', made!.id)
      await done(asked)
      expect((await at.mine.list({ inputIds: ['a'] })).map(({ id }) => id)).toEqual([made!.id])
    })

    it('take them off regions and wholes of the caller, or of those who are named', async () => {
      const boundingBox = { topRow: 0.1, leftCol: 0.1, bottomRow: 0.5, rightCol: 0.5 }
      const region = { regionInfo: { boundingBox }, data: { concepts: [pet('dog'), pet('big')] } }
      const drawn = await at.mine.posted({ inputId: 'a', data: { regions: [region] } })
      await at.mine.posted({ inputId: 'a', data: { concepts: [pet('dog'), pet('sky')] } })
      await at.anns.posted({ inputId: 'a', data: { concepts: [pet('dog', 0)] } })
      const value = { concepts: [pet('dog')] }
      const sent = { inputSource: ids('a'), operation: { operation: { case: 'deleteConcepts' as const, value } } }
      const operation = await done(sent)
      expect(operation.operation!.operation.value).toMatchObject({ userIds: ['owner'] })
      expect(await tags('a')).toEqual([['sky', 1]])
      expect(await tags('a', 'ann')).toEqual([['dog', 0]])
      expect((await at.mine.get('a', drawn.id)).data!.regions[0]!.data!.concepts.map(({ id }) => id)).toEqual(['big'])
      await done({
        inputSource: ids('a'),
        operation: { operation: { case: 'deleteConcepts', value: { ...value, userIds: ['ann'] } } },
      })
      expect(await tags('a', 'ann')).toEqual([])
    })

    it('find inputs by a search, of which each is done once although it changes what is found', async () => {
      await at.mine.posted({ inputId: 'a', data: { concepts: [pet('dog')] } })
      await at.mine.posted({ inputId: 'c', data: { concepts: [pet('dog')] } })
      const operation = await done({
        inputSource: { case: 'search', value: withConcept('dog') },
        operation: { operation: { case: 'deleteConcepts', value: { concepts: [pet('dog')] } } },
      })
      expect(operation.progress).toMatchObject({ processed: 2, lastProcessedId: 'c' })
      expect([await tags('a'), await tags('c')]).toEqual([[], []])
    })

    it('tell what could not be done, and do the rest', async () => {
      await at.mine.posted({ inputId: 'b', data: { concepts: [pet('dog')] } })
      await at.anns.posted({ inputId: 'c', data: { concepts: [pet('dog')] } })
      const value = { concepts: [pet('dog')], userIds: ['owner', 'me'] }
      const sent = {
        inputSource: ids('b', 'nowhere', 'c'),
        operation: { operation: { case: 'deleteConcepts' as const, value } },
      }
      const operation = await done(sent, callBy('ann', { scopes }))
      expect(operation.status).toMatchObject({
        code: StatusCode.BULK_OPERATION_FAILED,
        details: '2 of 3 could not be done; the first: "nowhere": the app has no input "nowhere"',
      })
      expect(operation.progress!.processed).toBe(3)
      expect([await tags('b'), await tags('c', 'ann')]).toEqual([[['dog', 1]], []])
    })
  })

  describe('of metadata and places', () => {
    beforeEach(async () => {
      for (const id of ['a', 'b']) await ownAnnotation(id, { place: { city: 'Rome', zip: 1 }, list: [1, 2] })
    })
    const metadataOf = async (id: string) => (await level(id))?.metadata

    it('overwrite keys as a whole, and rename the input', async () => {
      const metadata = { place: 'here', list: [3], filename: 'new.jpg' }
      const operation = await done({
        inputSource: ids('a', 'b'),
        operation: { operation: { case: 'addMetadata', value: { metadata } } },
      })
      expect(operation.status!.code).toBe(StatusCode.BULK_OPERATION_SUCCESS)
      expect(await metadataOf('b')).toEqual({ here: 1, ...metadata })
      const row = await store().read.selectFrom('input').select('filename').where('id', '=', 'a').executeTakeFirst()
      expect(row?.filename).toBe('new.jpg')
    })

    it('remove the pairs that are the same, and objects with their last pair', async () => {
      const remove_ = (metadata: object) =>
        done({
          inputSource: ids('a'),
          operation: { operation: { case: 'deleteMetadata', value: { metadata: metadata as never } } },
        })
      await remove_({ here: 2, list: [1, 2], place: { city: 'Rome' } })
      expect(await metadataOf('a')).toEqual({ here: 1, place: { zip: 1 } })
      await remove_({ here: 1, place: { zip: 1 } })
      expect(await metadataOf('a')).toBeUndefined()
    })

    it('set a place and take it away', async () => {
      const geo = { geoPoint: { latitude: 41.5, longitude: 12.5 } }
      await done({ inputSource: ids('a'), operation: { operation: { case: 'overwriteGeo', value: { geo } } } })
      expect((await level('a'))?.geo).toMatchObject(geo)
      await done({ inputSource: ids('a'), operation: { operation: { case: 'deleteGeo', value: {} } } })
      expect((await level('a'))?.geo).toBeUndefined()
    })

    it('are refused where a collaborator does not own the input', async () => {
      const metadata = { mine: true }
      const sent = {
        inputSource: ids('a'),
        operation: { operation: { case: 'addMetadata' as const, value: { metadata } } },
      }
      const operation = await done(sent, callBy('ann', { scopes }))
      expect(operation.status!.details).toContain('it belongs to user "owner"')
      expect(await metadataOf('a')).not.toHaveProperty('mine')
    })
  })

  it('of datasets fill, empty and split them', async () => {
    await datasets('all', 'train', 'test')
    for (let i = 0; i < 20; i++) await addInput(store(), at.app, `i${i}`, 10 + i)
    const add = { operation: { case: 'addToDataset' as const, value: { datasetId: 'all' } } }
    await done({ inputSource: { case: 'search', value: {} }, operation: add })
    expect(await members('all')).toHaveLength(23)
    const drop = { operation: { case: 'deleteFromDataset' as const, value: { datasetId: 'all' } } }
    await done({ inputSource: ids('a', 'b', 'c'), operation: drop })
    expect(await members('all')).toHaveLength(20)
    const datasetSplits = [
      { dataset: { id: 'train' }, methodInfo: { case: 'percentage' as const, value: 75 } },
      { dataset: { id: 'test' }, methodInfo: { case: 'percentage' as const, value: 25 } },
    ]
    const split = { operation: { case: 'splitIntoDatasets' as const, value: { datasetSplits } } }
    await done({ inputSource: { case: 'dataset', value: { id: 'all' } }, operation: split })
    const [train, test] = [await members('train'), await members('test')]
    expect([train.length, test.length]).toEqual([15, 5])
    expect(new Set([...train, ...test]).size).toBe(20)
    expect(train).not.toEqual((await members('all')).slice(0, 15))
  })

  it('of annotations delete what a search finds, but not what belongs to the inputs or to others', async () => {
    await ownAnnotation('a')
    const own = await at.anns.posted({ inputId: 'a', data: { concepts: [pet('dog')] } })
    const others = await at.mine.posted({ inputId: 'b', data: { concepts: [pet('dog')] } })
    const sent: Sent = {
      annotationSource: { case: 'annotationSearch', value: {} },
      operation: { annotationOperation: { case: 'deleteAnnotations', value: {} } },
    }
    const operation = await done(sent, callBy('ann', { scopes: [...scopes, 'Search'] }))
    expect(operation.status).toMatchObject({
      code: StatusCode.BULK_OPERATION_FAILED,
      details: expect.stringContaining(`1 of 3 could not be done; the first: "${others.id}"`),
    })
    expect((await at.mine.list({})).map(({ id }) => id).toSorted()).toEqual(['own-a', others.id].toSorted())
    expect((await done(sent)).status!.code).toBe(StatusCode.BULK_OPERATION_SUCCESS)
    expect((await at.mine.list({})).map(({ id }) => id)).toEqual(['own-a'])
    const history = await store().read.selectFrom('history').selectAll().where('item_id', '=', own.id).execute()
    expect(history.map(({ user_id, after }) => [user_id, after === null])).toEqual([
      ['ann', false],
      ['ann', true],
    ])
  })

  it('go on where they were, each item once, whoever does the next step', async () => {
    for (let i = 0; i < 250; i++) await addInput(store(), at.app, `i${i}`, 10 + i)
    const sent: Sent = {
      id: 'slow',
      inputSource: { case: 'search', value: {} },
      operation: { operation: { case: 'addConcepts', value: { concepts: [pet('dog')] } } },
    }
    await post([sent])
    await addInput(store(), at.app, 'late', 2_000_000_000)
    const row = await store().read.selectFrom('bulk_operation').select('no').executeTakeFirstOrThrow()
    const stopped = new AbortController()
    const stopping: Deps = {
      ...at.deps,
      now: () => {
        stopped.abort() // after the first step, as when the server is stopped
        return at.deps.now()
      },
    }
    expect(await runBulkOperation(Number(row.no), stopping, stopped.signal)).toBe('more')
    expect(await runBulkOperation(Number(row.no), { ...at.deps, now: at.deps.now }, new AbortController().signal)).toBe(
      'done',
    )
    expect(await get('slow')).toMatchObject({
      status: { code: StatusCode.BULK_OPERATION_SUCCESS },
      progress: { processed: 253, lastProcessedId: 'i249' },
    })
    expect(await store().read.selectFrom('annotation').select('id').execute()).toHaveLength(253)
    const writes = await store().read.selectFrom('history').select('rev').where('kind', '=', 'annotation').execute()
    expect(writes).toHaveLength(253)
  })

  it('do nothing more once they are cancelled, and stay as they ended', async () => {
    const sent = (id: string): Sent => ({
      id,
      inputSource: ids('a'),
      operation: { operation: { case: 'addConcepts', value: { concepts: [pet('dog')] } } },
    })
    await post([sent('first'), sent('second')])
    const answer = await cancel('first')
    expect(answer.bulkOperation[0]!.status).toMatchObject({
      code: StatusCode.BULK_OPERATION_CANCELLED,
      details: 'cancelled by user "owner"',
    })
    expect((await failure(remove('second'))).details).toBe('ids[0]: "second" has not ended: cancel it')
    const row = await store()
      .read.selectFrom('bulk_operation')
      .select('no')
      .where('id', '=', 'first')
      .executeTakeFirst()
    expect(await runBulkOperation(Number(row!.no), at.deps, new AbortController().signal)).toBe('done')
    expect(await tags('a')).toEqual([])
    await doAllWork(at.deps)
    expect(await tags('a')).toEqual([['dog', 1]])
    expect((await cancel('second')).bulkOperation[0]!.status!.code).toBe(StatusCode.BULK_OPERATION_SUCCESS)
    const listed = await bulkOperationMethods.listBulkOperations(
      create(ListBulkOperationsRequestSchema, { userAppId }),
      owner,
      at.deps,
    )
    expect(listed.bulkOperation.map(({ id }) => id)).toEqual(['second', 'first'])
    await remove('first', 'never was')
    expect((await failure(get('first'))).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
    expect(await store().read.selectFrom('background_work').selectAll().execute()).toEqual([])
  })

  it('end where their maker has lost the right', async () => {
    const sent: Sent = {
      id: 'mine',
      inputSource: ids('a'),
      operation: { operation: { case: 'addConcepts', value: { concepts: [pet('dog')] } } },
    }
    await post([sent], callBy('ann', { scopes }))
    await store().write.updateTable('collaborator').set({ deleted_at: 1 }).execute()
    await doAllWork(at.deps)
    expect((await get('mine')).status).toMatchObject({
      code: StatusCode.BULK_OPERATION_FAILED,
      details: 'user "ann" has no access to the app any more',
    })
  })

  const tag = { operation: { case: 'addConcepts' as const, value: { concepts: [pet('dog')] } } }
  it.each<[string, Sent, RegExp]>([
    ['no operation', { inputSource: ids('a') }, /bulk_operations\[0\]\.operation: 0 operations/],
    ['no source', { operation: tag }, /bulk_operations\[0\]: input_ids, search or dataset is required/],
    ['no id', { inputSource: ids(), operation: tag }, /input_ids\.input_ids: 0 ids/],
    [
      'a dataset that is none',
      { inputSource: { case: 'dataset', value: { id: 'x' } }, operation: tag },
      /dataset\.id: the app has no dataset "x"/,
    ],
    [
      'a value that is none',
      { inputSource: ids('a'), operation: { operation: { case: 'addConcepts', value: { concepts: [pet('x', 2)] } } } },
      /operation\.add_concepts\.concepts\[0\]\.value: 2 is outside/,
    ],
    [
      'a place that is none',
      {
        inputSource: ids('a'),
        operation: {
          operation: { case: 'overwriteGeo', value: { geo: { geoPoint: { latitude: 91, longitude: 0 } } } },
        },
      },
      /overwrite_geo\.geo\.geo_point: 91, 0 is no place/,
    ],
    [
      'annotations of inputs',
      { inputSource: ids('a'), operation: { annotationOperation: { case: 'deleteAnnotations', value: {} } } },
      /input_ids: annotations are found by annotation_search/,
    ],
    [
      'a search that is none',
      {
        inputSource: { case: 'search', value: { query: { ranks: [{ annotation: { id: 'x' } }] } } },
        operation: tag,
      },
      /search\.query\.ranks\[0\]/,
    ],
  ])('are refused with %s, and none is begun', async (_, sent, details) => {
    const refused = await failure(post([{ inputSource: ids('b'), operation: tag }, sent].reverse() as Sent[]))
    expect(refused.details).toMatch(details)
    expect(await store().read.selectFrom('bulk_operation').selectAll().execute()).toEqual([])
  })

  it('are refused for a taken id and without the scopes', async () => {
    const sent: Sent = { id: 'x', inputSource: ids('a'), operation: tag }
    await post([sent])
    expect((await failure(post([sent]))).code).toBe(StatusCode.DATABASE_DUPLICATE_KEY)
    const few = ['Apps_Get', 'Annotations_Add', 'BulkOperation_Add']
    const caller = callBy('ann', { scopes: few })
    expect((await failure(post([{ inputSource: ids('a'), operation: tag }], caller))).details).toContain('Concepts_Add')
    const add = { operation: { case: 'addToDataset' as const, value: { datasetId: 'all' } } }
    expect((await failure(post([{ inputSource: ids('a'), operation: add }], caller))).details).toContain('Inputs_Add')
    const bob = failure(post([{ inputSource: ids('a'), operation: tag }], callBy('bob')))
    expect((await bob).code).toBe(StatusCode.CONN_DOES_NOT_EXIST)
  })
})
