import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { unzipSync } from 'fflate'
import { beforeEach, expect, it } from 'vitest'
import { ListLabelSourcesRequestSchema } from '#gen/marquee/v1/team_pb.ts'
import {
  type AnnotationSchema,
  type DatasetVersion,
  DatasetVersionExportFormat as Format,
  InputBatchSchema,
  type Region,
  RegionSchema,
  SearchSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  DeleteAnnotationFiltersRequestSchema,
  DeleteAnnotationRequestSchema,
  DeleteDatasetVersionsRequestSchema,
  GetDatasetVersionRequestSchema,
  ListDatasetVersionsRequestSchema,
  PatchAnnotationsRequestSchema,
  PatchDatasetsRequestSchema,
  PatchDatasetVersionsRequestSchema,
  PostAnnotationFiltersRequestSchema,
  PostAnnotationsRequestSchema,
  PostDatasetsRequestSchema,
  PostDatasetVersionsRequestSchema,
  PostInputsRequestSchema,
  PutDatasetVersionExportsRequestSchema,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { maskFromPng, maskToPng } from '#model/maskPng.ts'
import { annotationMethods } from '#proxy/service/annotations/annotations.ts'
import { addTask, type World } from '#proxy/service/annotations/annotationTesting.ts'
import { doAllWork } from '#proxy/service/bulk/bulkWorker.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { inputMethods } from '#proxy/service/inputs/inputs.ts'
import { openMedia } from '#proxy/service/inputs/media.ts'
import { labelerScopes } from '#proxy/service/people/scopeNames.ts'
import { teamMethods } from '#proxy/service/team/team.ts'
import { addApp, addCollaborator, addUser, callBy, testDeps } from '#proxy/service/testing.ts'
import { putKnownAnswers } from '#proxy/store/agreement.ts'
import { takeBackWork } from '#proxy/store/bulkQueue.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { annotationFilterMethods } from './annotationFilters.ts'
import { datasetExportMethods } from './datasetExports.ts'
import { datasetMethods } from './datasets.ts'
import { datasetVersionMethods } from './datasetVersions.ts'

const userAppId = { userId: 'owner', appId: 'app' }
const owner = callBy('owner')
const datasetId = 'set'
const size = { width: 640, height: 480 }
const cat = { concepts: [{ id: 'cat', value: 1 }] }
const box = (side: number) => ({ boundingBox: { topRow: 0.1, leftCol: 0.2, bottomRow: side, rightCol: side } })

type AnnotationInit = MessageInitShape<typeof AnnotationSchema>

eachDialect('versions of datasets', (store) => {
  let deps: Deps
  beforeEach(async () => {
    deps = testDeps(store())
    await addUser(store(), 'owner')
    const app = await addApp(store(), 'owner', 'app')
    await store().write.updateTable('app').set({ rev: 0 }).where('no', '=', app).execute()
    const datasets = create(PostDatasetsRequestSchema, { userAppId, datasets: [{ id: datasetId }] })
    await datasetMethods.postDatasets(datasets, owner, deps)
  })

  /** A blank picture of 640 × 480 in the dataset. */
  const addPicture = async (id: string, data: object = {}) => {
    const image = { base64: maskToPng(undefined, size) }
    const inputs = [{ id, data: { image, ...data }, datasetIds: [datasetId] }]
    const answer = await inputMethods.postInputs(create(PostInputsRequestSchema, { userAppId, inputs }), owner, deps)
    expect(answer.status!.code).toBe(StatusCode.SUCCESS)
  }
  const annotate = async (...annotations: AnnotationInit[]) => {
    const request = create(PostAnnotationsRequestSchema, { userAppId, annotations })
    const answer = await annotationMethods.postAnnotations(request, owner, deps)
    expect(answer.status).toMatchObject({ code: StatusCode.SUCCESS })
    return answer.annotations
  }
  const region = (
    inputId: string,
    regionInfo: object,
    data: object = cat,
    code: StatusCode = StatusCode.ANNOTATION_SUCCESS,
  ) => ({ inputId, data: { regions: [{ regionInfo, data }] }, status: { code } }) as AnnotationInit
  const postVersion = async (version: object = {}) => {
    const request = create(PostDatasetVersionsRequestSchema, {
      userAppId,
      datasetId,
      datasetVersions: [{ id: 'v1', ...version }],
    })
    return (await datasetVersionMethods.postDatasetVersions(request, owner, deps)).datasetVersions[0]!
  }
  const getVersion = async (datasetVersionId = 'v1'): Promise<DatasetVersion> => {
    const request = create(GetDatasetVersionRequestSchema, { userAppId, datasetId, datasetVersionId })
    return (await datasetVersionMethods.getDatasetVersion(request, owner, deps)).datasetVersion!
  }
  const putExports = (...formats: Format[]) =>
    datasetExportMethods.putDatasetVersionExports(
      create(PutDatasetVersionExportsRequestSchema, {
        userAppId,
        datasetId,
        datasetVersionId: 'v1',
        exports: formats.map((format) => ({ format })),
      }),
      owner,
      deps,
    )
  const download = async (url: string) => {
    const { pathname, searchParams } = new URL(url)
    const { body, size, type } = await openMedia(pathname.slice('/media/'.length), searchParams, undefined, deps)
    const bytes = Buffer.concat(await Array.fromAsync(body as AsyncIterable<Uint8Array>))
    expect(type).toBe('application/zip')
    expect(bytes.length).toBe(size)
    return unzipSync(bytes)
  }
  /** The files of the one export of a new version, by name. */
  const exported = async (format: Format) => {
    await postVersion()
    await doAllWork(deps)
    await putExports(format)
    await doAllWork(deps)
    const { exportInfo } = await getVersion()
    const found = [exportInfo!.clarifaiDataProtobuf, exportInfo!.coco, exportInfo!.clarifaiDataJson].find(
      (one) => one?.format === format,
    )!
    expect(found).toMatchObject({ status: { code: StatusCode.DATASET_VERSION_EXPORT_SUCCESS } })
    expect(Number(found.size)).toBeGreaterThan(0)
    return download(found.url)
  }
  const json = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8'))

  it('hold once what several people agree on', async () => {
    await addPicture('a')
    await addUser(store(), 'w1')
    const worker = { worker: { case: 'user', value: { id: 'w1' } } }
    const copy = { ...region('a', box(0.55)), consensusInfo: { marquee: { same_as: 'owner' } }, worker }
    await annotate(region('a', box(0.5)), copy as AnnotationInit)
    const coco = json((await exported(Format.COCO))['annotations/instances.json']!)
    expect(coco.annotations).toHaveLength(1)
    expect((await getVersion()).metrics['/']).toMatchObject({ boundingBoxesCount: 1n })
  })

  it('leave out what known answers were taken from, and give others no address while something is hidden from them', async () => {
    const no = Number(
      (await store().read.selectFrom('app').select('no').where('id', '=', 'app').executeTakeFirstOrThrow()).no,
    )
    await addPicture('a', { metadata: { filename: 'boat.png' } })
    await addUser(store(), 'labeler')
    const worker = { worker: { case: 'user', value: { id: 'labeler' } } }
    await addCollaborator(store(), no, 'labeler', [...labelerScopes])
    await annotate(region('a', box(0.5)), { ...region('a', box(0.6)), worker } as AnnotationInit)
    const as = async (who: string) => {
      const asked = create(ListDatasetVersionsRequestSchema, { userAppId, datasetId })
      const { datasetVersions } = await datasetVersionMethods.listDatasetVersions(asked, callBy(who), deps)
      return datasetVersions.map(({ exportInfo }) => exportInfo?.coco?.url ?? '')
    }
    expect(json((await exported(Format.COCO))['annotations/instances.json']!).annotations).toHaveLength(2)
    expect((await as('labeler')).at(-1)).toContain('/media/exports/')
    const known = {
      app: no,
      task_id: 'task',
      input_id: 'a',
      kept_by: 'owner',
      kept_at: 1,
      annotations: new Uint8Array(),
    }
    await putKnownAnswers(store().write, [known])
    expect(await as('labeler')).toEqual([''])
    expect((await as('owner'))[0]).toContain('/media/exports/')
    await postVersion({ id: 'v2' })
    await doAllWork(deps)
    // nothing tells the input apart: what it is itself stays
    expect((await getVersion('v2')).metrics['/']).toMatchObject({ boundingBoxesCount: 1n, inputsWithMetadataCount: 1n })
  })

  it('are pending, then ready with their counts', async () => {
    await addPicture('a', { concepts: [{ id: 'day', value: 1 }], metadata: { filename: 'a.png' } })
    await addPicture('b')
    await annotate(region('a', box(0.5)), region('a', { point: { row: 0.5, col: 0.5 } }))
    expect((await postVersion()).status!.code).toBe(StatusCode.DATASET_VERSION_PENDING)
    await doAllWork(deps)
    const version = await getVersion()
    expect(version.status!.code).toBe(StatusCode.DATASET_VERSION_READY)
    expect(version.metrics['/']).toMatchObject({
      inputsCount: 2n,
      unlabeledInputsCount: 1n,
      inputsWithMetadataCount: 1n,
      regionsCount: 2n,
      boundingBoxesCount: 1n,
      pointsCount: 1n,
      regionInputsCount: 1n,
      positiveInputTagsCount: 1n,
      positiveRegionTagsCount: 2n,
    })
    expect(version.exportInfo).toMatchObject({ $typeName: 'clarifai.api.DatasetVersionExportInfo' })
    expect(version.exportInfo!.coco).toBeUndefined()
  })

  it('hold what was there when they were asked for, whatever happened before they were written down', async () => {
    await addPicture('a')
    const [first, second] = await annotate(region('a', box(0.5)), region('a', box(0.6)))
    await postVersion()
    const changed = { id: first!.id, inputId: 'a', data: { regions: [{ regionInfo: box(0.9), data: cat }] } }
    const patch = { userAppId, action: 'overwrite', annotations: [changed] }
    await annotationMethods.patchAnnotations(create(PatchAnnotationsRequestSchema, patch), owner, deps)
    const deletion = { userAppId, inputId: 'a', annotationId: second!.id }
    await annotationMethods.deleteAnnotation(create(DeleteAnnotationRequestSchema, deletion), owner, deps)
    await annotate(region('a', box(0.7)))
    await addPicture('late')
    await doAllWork(deps)
    await putExports(Format.CLARIFAI_DATA_PROTOBUF)
    await doAllWork(deps)
    const files = await download((await getVersion()).exportInfo!.clarifaiDataProtobuf!.url)
    const { inputs } = fromBinary(InputBatchSchema, files['all/000000_n1']!)
    expect(inputs.map(({ id }) => id)).toEqual(['a'])
    const sides = inputs[0]!.data!.regions.map((one) => one.regionInfo!.boundingBox!.bottomRow)
    expect(sides).toEqual([Math.fround(0.5), Math.fround(0.6)])
  })

  it('hold what a filter chooses, as the filter was when they were asked for, and what inputs are themselves', async () => {
    await addPicture('a', { concepts: [{ id: 'day', value: 1 }], metadata: { filename: 'a.png' } })
    await addPicture('b')
    await annotate(region('a', box(0.5)), region('a', box(0.7), { concepts: [{ id: 'dog', value: 1 }] }))
    await annotate(region('b', box(0.6), { concepts: [{ id: 'dog', value: 1 }] }))
    const cats = { query: { filters: [{ annotation: { data: cat } }] } }
    const save = { userAppId, annotationFilters: [{ id: 'cats', search: cats }] }
    await annotationFilterMethods.postAnnotationFilters(create(PostAnnotationFiltersRequestSchema, save), owner, deps)
    const named = { annotationFilter: { id: 'cats' }, ignoreEmptyInputs: true }
    await postVersion({ dataConfig: { case: 'annotationFilterConfig', value: named } })
    const remove = { userAppId, annotationFilterIds: ['cats'] }
    const removal = create(DeleteAnnotationFiltersRequestSchema, remove)
    await annotationFilterMethods.deleteAnnotationFilters(removal, owner, deps)
    await doAllWork(deps)
    await putExports(Format.CLARIFAI_DATA_PROTOBUF)
    await doAllWork(deps)
    const { exportInfo, dataConfig } = await getVersion()
    expect(dataConfig.value).toMatchObject({ annotationFilter: { id: 'cats' }, ignoreEmptyInputs: true })
    const files = await download(exportInfo!.clarifaiDataProtobuf!.url)
    const { inputs } = fromBinary(InputBatchSchema, files['all/000000_n1']!)
    expect(inputs.map(({ id }) => id)).toEqual(['a'])
    const { regions, concepts, metadata } = inputs[0]!.data!
    expect(regions.map((one) => one.data!.concepts[0]!.id)).toEqual(['cat'])
    expect(concepts).toEqual([])
    expect(metadata).toEqual({ filename: 'a.png' })
  })

  it('take the filter of their dataset when they name none, and refuse one that is not there or cannot be run', async () => {
    await addPicture('a')
    await annotate(region('a', box(0.5)), region('a', { point: { row: 0.5, col: 0.5 } }))
    const points = { annotation: { data: { regions: [{ regionInfo: { point: {} } }] } } }
    const defaultAnnotationFilter = { search: { query: { filters: [points] } } }
    const patch = { userAppId, action: 'merge', datasets: [{ id: datasetId, defaultAnnotationFilter }] }
    await datasetMethods.patchDatasets(create(PatchDatasetsRequestSchema, patch), owner, deps)
    await postVersion()
    await doAllWork(deps)
    expect((await getVersion()).metrics['/']).toMatchObject({ pointsCount: 1n, boundingBoxesCount: 0n })
    const withFilter = (annotationFilter: object) =>
      postVersion({ id: 'v2', dataConfig: { case: 'annotationFilterConfig', value: { annotationFilter } } })
    await expect(withFilter({ id: 'none' })).rejects.toMatchObject({
      code: StatusCode.CONN_DOES_NOT_EXIST,
      details: expect.stringContaining('dataset_versions[0].annotation_filter_config.annotation_filter.id'),
    })
    await expect(withFilter({ search: { asOf: { seconds: 1n } } })).rejects.toMatchObject({
      code: StatusCode.SEARCH_INVALID_REQUEST,
      details: expect.stringContaining('dataset_versions[0].annotation_filter_config.annotation_filter.search.as_of'),
    })
  })

  it('leave out inputs without labels when asked to, but not those that somebody found to have nothing', async () => {
    await addPicture('a', { metadata: { filename: 'a.png' } })
    await addPicture('b')
    await addPicture('empty')
    await annotate(region('b', box(0.5)))
    await annotate({
      inputId: 'empty',
      annotationInfo: { marquee: { empty: true } },
      status: { code: StatusCode.ANNOTATION_SUCCESS },
    } as AnnotationInit)
    await postVersion({ dataConfig: { case: 'annotationFilterConfig', value: { ignoreEmptyInputs: true } } })
    await doAllWork(deps)
    expect((await getVersion()).metrics['/']).toMatchObject({ inputsCount: 2n, unlabeledInputsCount: 1n })
  })

  it('hold the labels of one task, or those outside of tasks', async () => {
    for (const id of ['a', 'b', 'c']) await addPicture(id)
    const app = await store().read.selectFrom('app').select('no').where('id', '=', 'app').executeTakeFirstOrThrow()
    const world = { deps, app: Number(app.no) } as World
    for (const id of ['t1', 't2']) await addTask(world, id)
    const drawn = (inputId: string, side: number, taskId = '') => ({ ...region(inputId, box(side)), taskId })
    await annotate(
      drawn('a', 0.5),
      drawn('a', 0.6, 't1'),
      drawn('b', 0.6, 't1'),
      drawn('b', 0.7, 't2'),
      drawn('c', 0.7),
    )
    const held = async (id: string, ...filters: object[]) => {
      const value = { annotationFilter: { search: { query: { filters } } }, ignoreEmptyInputs: true }
      await postVersion({ id, dataConfig: { case: 'annotationFilterConfig', value } })
      await doAllWork(deps)
      const { inputsCount, regionsCount } = (await getVersion(id)).metrics['/']!
      return [inputsCount, regionsCount].map(Number)
    }
    const of = (taskId: string, negate = false) => ({ annotation: { taskId }, negate })
    expect(await held('one', of('t1'))).toEqual([2, 2])
    expect(await held('none', of('t1', true), of('t2', true))).toEqual([2, 2])
    expect(await held('all')).toEqual([3, 5])

    const sources = async (search?: MessageInitShape<typeof SearchSchema>) => {
      const bytes = search && { search: toBinary(SearchSchema, create(SearchSchema, search)) }
      const asked = create(ListLabelSourcesRequestSchema, { ...userAppId, ...bytes })
      const answer = await teamMethods.listLabelSources(asked, owner, deps)
      return [answer.sharedInputs, answer.sources.map((one) => [one.taskId, one.inputs, one.shared])]
    }
    const all = [
      ['', 2, 1],
      ['t1', 2, 2],
      ['t2', 1, 1],
    ]
    expect(await sources()).toEqual([2, all])
    expect(await sources({ query: { filters: [{ input: { datasetIds: [datasetId] } }] } })).toEqual([2, all])
    expect(await sources({ query: { filters: [{ input: { id: 'c' } }] } })).toEqual([0, [['', 1, 0]]])
    expect(await sources({ query: { filters: [{ input: { datasetIds: ['other'] } }] } })).toEqual([0, []])
  })

  it('are begun anew when the server was killed over them', async () => {
    await addPicture('a')
    await postVersion()
    let isDead = true
    const blobs = { ...deps.blobs, put: () => new Promise<never>(() => {}) }
    void doAllWork({ ...deps, blobs }).finally(() => {
      isDead = false
    })
    await expect.poll(async () => (await getVersion()).status!.code).toBe(StatusCode.DATASET_VERSION_IN_PROGRESS)
    await doAllWork(deps) // somebody else has it still
    expect((await getVersion()).status!.code).toBe(StatusCode.DATASET_VERSION_IN_PROGRESS)
    await takeBackWork(store().write, deps.now())
    await doAllWork(deps)
    expect((await getVersion()).status!.code).toBe(StatusCode.DATASET_VERSION_READY)
    expect(isDead).toBe(true)
  })

  it('fail, and say so, after three attempts', async () => {
    await postVersion()
    let time = deps.now()
    const blobs = {
      ...deps.blobs,
      put: async () => {
        throw new Error('the disk is full')
      },
    }
    for (let attempt = 0; attempt < 3; attempt++) {
      await doAllWork({ ...deps, blobs, now: () => time })
      time += 60_000_000
    }
    expect((await getVersion()).status).toMatchObject({
      code: StatusCode.DATASET_VERSION_FAILURE,
      details: expect.stringContaining('unexpected error'),
    })
  })

  it('are patched, listed and deleted', async () => {
    await postVersion()
    await postVersion({ id: 'v2' })
    await expect(postVersion()).rejects.toMatchObject({ code: StatusCode.DATABASE_DUPLICATE_KEY })
    const datasetVersions = [{ id: 'v1', description: 'first', metadata: { a: 1 } }]
    const patch = { userAppId, datasetId, action: 'overwrite', datasetVersions }
    await datasetVersionMethods.patchDatasetVersions(create(PatchDatasetVersionsRequestSchema, patch), owner, deps)
    expect(await getVersion()).toMatchObject({ description: 'first', metadata: { a: 1 }, datasetId })
    const deletion = { userAppId, datasetId, datasetVersionIds: ['v1', 'none'] }
    await datasetVersionMethods.deleteDatasetVersions(create(DeleteDatasetVersionsRequestSchema, deletion), owner, deps)
    const list = create(ListDatasetVersionsRequestSchema, { userAppId, datasetId })
    const listed = await datasetVersionMethods.listDatasetVersions(list, owner, deps)
    expect(listed.datasetVersions.map(({ id }) => id)).toEqual(['v2'])
    await expect(getVersion()).rejects.toMatchObject({ code: StatusCode.CONN_DOES_NOT_EXIST })
    await doAllWork(deps)
    expect((await getVersion('v2')).status!.code).toBe(StatusCode.DATASET_VERSION_READY)
  })

  it('are exported only when they are ready, in a format there is, and once', async () => {
    await postVersion()
    await expect(putExports(Format.COCO)).rejects.toMatchObject({ code: StatusCode.DATASET_VERSION_CONFLICT })
    await doAllWork(deps)
    await expect(putExports(0 as Format)).rejects.toMatchObject({
      code: StatusCode.CONN_INVALID_REQUEST,
      details: 'exports[0].format: required',
    })
    const { exports } = await putExports(Format.COCO)
    expect(exports[0]).toMatchObject({ status: { code: StatusCode.DATASET_VERSION_EXPORT_PENDING }, url: '' })
    await doAllWork(deps)
    const again = (await putExports(Format.COCO)).exports[0]!
    expect(again.status!.code).toBe(StatusCode.DATASET_VERSION_EXPORT_SUCCESS)
    const forged = again.url.replace(/signature=./, (found) => (found.endsWith('A') ? 'signature=B' : 'signature=A'))
    await expect(download(forged)).rejects.toMatchObject({ code: StatusCode.CONN_DOES_NOT_EXIST })
  })

  it('give back in protobuf what was annotated, and only what is finished', async () => {
    await addPicture('a', { concepts: [{ id: 'day', value: 1 }], metadata: { filename: 'a.png' } })
    const polygon = { polygon: { points: [0.1, 0.4, 0.9].map((at) => ({ row: at * at, col: at, z: 0.5 })) } }
    const mask = { mask: { image: { base64: maskToPng(circle(), size) } } }
    const posted = await annotate(
      region('a', box(0.5), { concepts: [{ id: 'cat', value: 1 }, { id: 'dog' }] }),
      region('a', polygon),
      region('a', mask),
    )
    await annotate(region('a', box(0.8), cat, StatusCode.ANNOTATION_PENDING), {
      inputId: 'a',
      annotationInfo: { marquee: { note: { thread: 't', text: 'hm' } } },
    })
    const files = await exported(Format.CLARIFAI_DATA_PROTOBUF)
    expect(Object.keys(files)).toEqual(['mimetype', 'all/000000_n1'])
    expect(Buffer.from(files.mimetype!).toString()).toBe('application/x.clarifai-data+protobuf')
    const [input] = fromBinary(InputBatchSchema, files['all/000000_n1']!).inputs
    expect(input!.id).toBe('a')
    expect([input!.createdAt, input!.modifiedAt, input!.status, input!.datasetIds]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
    ])
    expect(input!.data!.regions.map(bytes)).toEqual(posted.map((annotation) => bytes(annotation.data!.regions[0]!)))
    expect(input!.data!.concepts).toMatchObject([{ id: 'day', value: 1 }])
    expect(input!.data!.metadata).toEqual({ filename: 'a.png' })
    expect(input!.data!.image!.hosted!.sizes).toContain('orig')
  })

  it('say in JSON that a concept is not there', async () => {
    await addPicture('a')
    await annotate(region('a', { boundingBox: { bottomRow: 0.1, rightCol: 0.3 } }, { concepts: [{ id: 'dog' }] }))
    const files = await exported(Format.CLARIFAI_DATA_JSON)
    expect(Buffer.from(files.mimetype!).toString()).toBe('application/x.clarifai-data+json')
    const [input] = json(files['all/000000_n1']!).inputs
    expect(input).toMatchObject({
      id: 'a',
      data: {
        regions: [
          {
            region_info: { bounding_box: { top_row: 0, left_col: 0, bottom_row: 0.1, right_col: 0.3 } },
            data: { concepts: [{ id: 'dog', value: 0 }] },
          },
        ],
      },
    })
  })

  it('give COCO its boxes, polygons, holes, masks and points in pixels', async () => {
    await addPicture('a', { metadata: { filename: 'a.png' } })
    const ring = (points: number[][]) => points.map(([col, row]) => ({ row: row!, col: col! }))
    const outer = [
      [0.1, 0.1],
      [0.5, 0.1],
      [0.5, 0.5],
      [0.1, 0.5],
    ]
    const hole = [
      [0.2, 0.2],
      [0.4, 0.2],
      [0.4, 0.4],
      [0.2, 0.4],
    ]
    const keyhole = ring([...outer, outer[0]!, ...hole, hole[0]!])
    await annotate(
      region('a', box(0.5)),
      region('a', { polygon: { points: ring(outer) } }, { concepts: [{ id: 'dog', value: 1 }, { id: 'cat' }] }),
      region('a', { polygon: { points: keyhole } }, { ...cat, metadata: { marquee: { rings: [4, 4] } } }),
      region('a', { mask: { image: { base64: maskToPng(circle(), size) } } }),
      region('a', { point: { row: 0.5, col: 0.25 } }, {}),
    )
    const coco = json((await exported(Format.COCO))['annotations/instances.json']!)
    expect(coco.images).toMatchObject([{ id: 1, file_name: 'a.png', input_id: 'a', width: 640, height: 480 }])
    expect(coco.categories.map((one: { name: string }) => one.name)).toEqual(['cat', 'dog', 'unlabelled'])
    const [boxed, plain, holed, masked, pointed] = coco.annotations
    expect(coco.annotations.map((one: { category_id: number }) => one.category_id)).toEqual([1, 2, 1, 1, 3])
    expect(coco.annotations.every((one: { iscrowd: number }) => one.iscrowd === 0)).toBe(true)
    const [left, top, width, height] = boxed.bbox
    expect(Math.fround(left / 640)).toBe(Math.fround(0.2))
    expect(Math.fround(top / 480)).toBe(Math.fround(0.1))
    expect((left + width) / 640).toBeCloseTo(0.5, 6)
    expect((top + height) / 480).toBeCloseTo(0.5, 6)
    expect(boxed.segmentation).toEqual([])
    const fractions = plain.segmentation[0].map((value: number, i: number) => Math.fround(value / (i % 2 ? 480 : 640)))
    expect(fractions).toEqual(outer.flat().map(Math.fround))
    expect(plain.area).toBeCloseTo(0.16 * 640 * 480, 1)
    const holes = decoded(holed.segmentation)
    expect(holes.at(100, 60)).toBe(true)
    expect(holes.at(192, 144)).toBe(false)
    expect(holes.at(400, 60)).toBe(false)
    expect(Math.abs(holes.count - 0.12 * 640 * 480)).toBeLessThan(600)
    const painted = decoded(masked.segmentation)
    expect(painted.png).toEqual(maskToPng(circle(), size))
    expect(masked.area).toBe(painted.count)
    expect(masked.bbox).toEqual([270, 190, 101, 101])
    expect(pointed).toMatchObject({ keypoints: [160, 240, 2], num_keypoints: 1, segmentation: [] })
  })
})

const bytes = (region: Region) => Buffer.from(toBinary(RegionSchema, region)).toString('hex')

/** A disc of radius 50 around (320, 240): pixels 270…370 × 190…290. */
const circle = () => {
  const data = maskOf((x, y) => (x - 320) ** 2 + (y - 240) ** 2 <= 50 ** 2)
  return maskFromPng(data, size)
}

const maskOf = (inside: (x: number, y: number) => boolean): Uint8Array => {
  const runs: number[] = []
  let on = false
  let run = 0
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      if (inside(x, y) !== on) {
        runs.push(run)
        run = 0
        on = !on
      }
      run++
    }
  runs.push(run)
  return maskToPng({ kind: 'mask', x: 0, y: 0, w: size.width, h: size.height, runs: Uint32Array.from(runs) }, size)
}

/** COCO's run lengths read as its own tools read them: down the columns. */
const decoded = ({ size: [height, width], counts }: { size: [number, number]; counts: number[] }) => {
  expect(counts.reduce((sum, run) => sum + run, 0)).toBe(height * width)
  const pixels = new Uint8Array(height * width)
  let from = 0
  for (const [i, run] of counts.entries()) {
    if (i % 2 === 1) pixels.fill(1, from, from + run)
    from += run
  }
  const at = (x: number, y: number) => pixels[x * height + y] === 1
  return { at, count: pixels.reduce((sum, pixel) => sum + pixel, 0), png: maskOf(at) }
}
