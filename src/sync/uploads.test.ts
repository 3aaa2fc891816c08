import { Code } from '@connectrpc/connect'
import { QueryClient } from '@tanstack/query-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { TestServer } from './testServer.ts'
import { type UploadLimits, Uploads } from './uploads.ts'

const scope = { owner: 'ana', app: 'demo' }
const JPEG = [0xff, 0xd8, 0xff, 0xe0]

const photo = (name: string, bytes = 100): File => {
  const content = new Uint8Array(bytes)
  content.set(JPEG)
  return new File([content], name, { type: 'image/jpeg' })
}

let server: TestServer
const uploadsWith = (limits: Partial<UploadLimits> = {}): Uploads =>
  new Uploads({ clients: server.browser(), queryClient: new QueryClient(), limits, pauseMs: () => 1 })

const states = (uploads: Uploads): string[] => uploads.items.map(({ file, state }) => `${file.name} ${state}`)

beforeEach(() => {
  server = new TestServer()
})

describe('uploads', () => {
  it('become inputs with their filenames', async () => {
    const uploads = uploadsWith()
    uploads.add(scope, [photo('one.jpg'), photo('two.jpg')])
    expect(uploads.items.map(({ state }) => state)).toEqual(['sending', 'sending'])
    await uploads.settled()
    expect(states(uploads)).toEqual(['one.jpg done', 'two.jpg done'])
    expect(uploads.items.every(({ progress }) => progress === 1)).toBe(true)
    const names = [...server.inputs.values()].map(({ data }) => data?.metadata?.filename)
    expect(names).toEqual(['one.jpg', 'two.jpg'])
    expect([...server.inputs.values()][0]?.data?.image?.base64.length).toBe(100)
  })

  it('go in batches small by number and bytes, a few at a time', async () => {
    const uploads = uploadsWith({ batchFiles: 3, batchBytes: 250, calls: 2 })
    let running = 0
    let most = 0
    server.fate = () => {
      most = Math.max(most, ++running)
      queueMicrotask(() => running--)
      return 'ok'
    }
    uploads.add(scope, [photo('big.jpg', 1000), ...Array.from({ length: 5 }, (_, i) => photo(`${i}.jpg`))])
    await uploads.settled()
    expect(server.calls).toEqual(expect.arrayContaining(['PostInputs × 1', 'PostInputs × 2', 'PostInputs × 2']))
    expect(server.inputs.size).toBe(6)
    expect(most).toBeLessThanOrEqual(2)
  })

  it('say in words why a file is not sent at all', async () => {
    const uploads = uploadsWith({ fileBytes: 1000 })
    uploads.add(scope, [
      photo('huge.jpg', 2000),
      new File(['hello'], 'notes.jpg', { type: 'image/jpeg' }),
      new File([], 'empty.jpg'),
      photo('good.jpg'),
    ])
    await uploads.settled()
    expect(states(uploads)).toEqual(['huge.jpg refused', 'notes.jpg refused', 'empty.jpg refused', 'good.jpg done'])
    const [huge, notes, empty] = uploads.items.map(({ reason }) => reason)
    expect(huge).toContain('Too large')
    expect(notes).toContain('Not an image')
    expect(empty).toBe('The file is empty.')
    expect(server.inputs.size).toBe(1)
  })

  it('tell what the server refused of a batch, and keep the rest', async () => {
    server.refuseInput = ({ data }) =>
      data?.metadata?.filename === 'broken.jpg' ? StatusCode.INPUT_UNSUPPORTED_FORMAT : undefined
    const uploads = uploadsWith()
    uploads.add(scope, [photo('good.jpg'), photo('broken.jpg')])
    await uploads.settled()
    expect(states(uploads)).toEqual(['good.jpg done', 'broken.jpg refused'])
    expect(uploads.items[1]?.reason).toBe('Not an image this server can read.')
  })

  it('are in the app once when answers are lost', async () => {
    const fates = ['lost reply', 'lost request', 'lost reply', 'ok'] as const
    let call = 0
    server.fate = (method) => (method === 'PostInputs' ? (fates[call++] ?? 'ok') : 'ok')
    const uploads = uploadsWith()
    uploads.add(scope, [photo('one.jpg'), photo('two.jpg')])
    await uploads.settled()
    expect(states(uploads)).toEqual(['one.jpg done', 'two.jpg done'])
    expect(server.inputs.size).toBe(2)
  })

  it('fail after some tries, and go on by Retry', async () => {
    server.fate = () => 'lost request'
    const uploads = uploadsWith()
    uploads.add(scope, [photo('one.jpg')])
    await uploads.settled()
    expect(states(uploads)).toEqual(['one.jpg failed'])
    expect(uploads.items[0]?.reason).toContain('cannot be reached')
    server.fate = () => 'ok'
    uploads.retry(uploads.items[0]!.id)
    await uploads.settled()
    expect(states(uploads)).toEqual(['one.jpg done'])
  })

  it('go file by file after a call that was refused as a whole', async () => {
    server.fate = (method, items) => (method === 'PostInputs' && items > 1 ? Code.InvalidArgument : 'ok')
    const uploads = uploadsWith()
    uploads.add(scope, [photo('one.jpg'), photo('two.jpg'), photo('three.jpg')])
    await uploads.settled()
    expect(states(uploads)).toEqual(['one.jpg done', 'two.jpg done', 'three.jpg done'])
  })

  it('are not in the app after they were cancelled, even if they got through', async () => {
    const uploads = uploadsWith()
    uploads.add(scope, [photo('one.jpg'), photo('two.jpg')])
    uploads.remove(uploads.items[0]!.id)
    await uploads.settled()
    await expect.poll(() => server.inputs.size).toBe(1)
    expect(states(uploads)).toEqual(['two.jpg done'])
    server.fate = () => 'hang'
    uploads.add(scope, [photo('stuck.jpg')])
    await expect.poll(() => server.held.length).toBe(1)
    uploads.remove(uploads.items[1]!.id)
    await uploads.settled()
    expect(states(uploads)).toEqual(['two.jpg done'])
  })

  it('have the time their size needs, in whole milliseconds', async () => {
    const { api, ...others } = server.browser()
    const deadlines: (number | undefined)[] = []
    const watched: typeof api.postInputs = (request, options) => {
      deadlines.push(options?.timeoutMs)
      return api.postInputs(request, options)
    }
    const clients = { ...others, api: { ...api, postInputs: watched } }
    const uploads = new Uploads({ clients, queryClient: new QueryClient() })
    uploads.add(scope, [photo('one.jpg', 1_000_001)])
    await uploads.settled()
    expect(deadlines).toEqual([80_001])
  })

  it('tell their listeners', async () => {
    const uploads = uploadsWith()
    let told = 0
    const stop = uploads.subscribe(() => told++)
    uploads.add(scope, [photo('one.jpg')])
    await uploads.settled()
    expect(told).toBeGreaterThanOrEqual(3)
    stop()
    const before = told
    uploads.remove(uploads.items[0]!.id)
    expect(told).toBe(before)
  })
})
