import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import {
  type Annotation,
  AnnotationSchema,
  DataSchema,
  RegionSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { joined, listAnnotations, shareAnnotations } from './annotations.ts'
import { sameContent, timestampOf, versionOf } from './content.ts'
import { TestServer } from './testServer.ts'

const scope = { owner: 'ana', app: 'demo', input: 'photo' }

const annotation = (id: string): Annotation => create(AnnotationSchema, { id, inputId: 'photo' })

describe('listAnnotations', () => {
  it.each([0, 1, 999, 1000, 1001, 4500])('reads all of %d, each once and in order', async (count) => {
    const server = new TestServer()
    for (let i = 0; i < count; i++) server.write(annotation(`n${i}`))
    const listed = await listAnnotations(server.browser(), scope, new AbortController().signal)
    expect(listed.map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, i) => `n${i}`))
  })

  it('asks for the next page before it has the one before', async () => {
    const server = new TestServer()
    for (let i = 0; i < 2500; i++) server.write(annotation(`n${i}`))
    const { api, ...others } = server.browser()
    const events: string[] = []
    const watched: typeof api.listAnnotations = async (request, options) => {
      events.push(`ask ${request.page}`)
      const answer = await api.listAnnotations(request, options)
      events.push(`got ${request.page}`)
      return answer
    }
    await listAnnotations({ ...others, api: { ...api, listAnnotations: watched } }, scope, new AbortController().signal)
    expect(events.indexOf('ask 3')).toBeLessThan(events.indexOf('got 2'))
  })
})

describe('shareAnnotations', () => {
  it('keeps every message that was not written since, and the list if none was', () => {
    const server = new TestServer()
    const old = [server.write(annotation('a')), server.write(annotation('b'))]
    const again = old.map((one) => create(AnnotationSchema, { ...one }))
    expect(shareAnnotations(old, structuredClone(again))).toBe(old)
    const changed = server.write(annotation('b'))
    const shared = shareAnnotations(old, [structuredClone(old[0]!), changed])
    expect(shared[0]).toBe(old[0])
    expect(shared[1]).toBe(changed)
  })
})

describe('joined', () => {
  it('puts what comes back at its place, and what the server has not seen last', () => {
    const server = new TestServer()
    const [a, b, c] = [server.write(annotation('a')), server.write(annotation('b')), server.write(annotation('c'))]
    const fresh = annotation('new')
    const ids = (list: readonly Annotation[]) => list.map(({ id }) => id)
    expect(ids(joined([b, c], [a]))).toEqual(['a', 'b', 'c'])
    expect(ids(joined([a, c, fresh], [b]))).toEqual(['a', 'b', 'c', 'new'])
    expect(ids(joined([b], [fresh, c, a]))).toEqual(['a', 'b', 'c', 'new'])
  })
})

describe('content', () => {
  it('is the same whatever a server adds', () => {
    const ours = create(AnnotationSchema, {
      data: { regions: [{ id: 'r', data: { concepts: [{ id: 'car', value: 1 }] } }] },
    })
    const theirs = create(AnnotationSchema, {
      data: {
        regions: [
          { id: 'r', regionInfo: {}, data: { concepts: [{ id: 'car', value: 1, name: 'Car', appId: 'demo' }] } },
        ],
        metadata: {},
      },
      annotationInfo: {},
      status: { code: 24151 },
    })
    expect(sameContent(ours, theirs)).toBe(true)
  })

  it.each([
    { concepts: [{ id: 'car', value: 0 }] },
    { concepts: [{ id: 'truck', value: 1 }] },
    { concepts: [] },
    { concepts: [{ id: 'car', value: 1 }], metadata: { a: 1 } },
    { concepts: [{ id: 'car', value: 1 }], regions: [create(RegionSchema, { id: 'r' })] },
  ])('differs: %j', (data) => {
    const car = create(AnnotationSchema, { data: { concepts: [{ id: 'car', value: 1 }] } })
    expect(sameContent(car, create(AnnotationSchema, { data: create(DataSchema, data) }))).toBe(false)
  })

  it('carries a version to the microsecond and back', () => {
    const modifiedAt = { seconds: 1_793_000_000n, nanos: 7_000 }
    const one = create(AnnotationSchema, { modifiedAt })
    expect(timestampOf(versionOf(one))).toMatchObject(modifiedAt)
    expect(timestampOf(versionOf(annotation('new')))).toBeUndefined()
  })
})
