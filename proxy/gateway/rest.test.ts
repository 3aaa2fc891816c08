import { getOption } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { http } from '#gen/google/api/annotations_pb.ts'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { endpointsOf } from './dispatch.ts'
import { startTestGateway, type TestGateway } from './testing.ts'
import { routesOf } from './transcode.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close(0))

const app = '/v2/users/me/apps/demo'
// biome-ignore lint/suspicious/noExplicitAny: JSON as a client without types sees it
const ask = async (method: string, path: string, body?: unknown, headers = {}): Promise<[number, any]> => {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { authorization: 'Key ana-key', 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  const json = await response.json()
  expect(json.status.req_id).toBe(response.headers.get('x-request-id'))
  expect(json.status.http_status_code).toBe(response.status)
  return [response.status, json]
}

describe('what REST answers', () => {
  it('fills the message from path and body, and prints it as Clarifai does', async () => {
    const annotation = {
      id: 'a',
      input_id: 'i',
      created_at: '2020-01-02T03:04:05.678Z',
      status: { code: 'ANNOTATION_PENDING' },
      data: {
        regions: [
          {
            region_info: { bounding_box: { top_row: 0.1, bottom_row: 1 }, mask: { image: { base64: 'AAEC/w==' } } },
            data: { concepts: [{ id: 'tree' }, { id: 'water', value: 0 }] },
          },
        ],
        metadata: { n: [1, { value: null }] },
      },
    }
    const [code, json] = await ask('POST', `${app}/annotations`, { annotations: [annotation] })
    expect(code).toBe(200)
    expect(json.status).toMatchObject({ code: 10000, description: 'Ok' })
    expect(json.annotations[0]).toEqual({
      id: 'a',
      input_id: 'i',
      created_at: '2020-01-02T03:04:05.678000Z',
      status: { code: 24151 },
      data: {
        regions: [
          {
            region_info: {
              bounding_box: { top_row: 0.1, left_col: 0, bottom_row: 1, right_col: 0 },
              mask: { image: { base64: 'AAEC/w==' } },
            },
            data: {
              concepts: [
                { id: 'tree', value: 1 }, // cl_default_float
                { id: 'water', value: 0 }, // cl_show_if_empty
              ],
            },
          },
        ],
        metadata: { n: [1, { value: null }] },
      },
    })
  })

  it('takes camelCase and enum numbers, and prints names of enums that are no status codes', async () => {
    const concept = { id: 'c', value: 1, keypointInfo: {} }
    const body = { annotations: [{ inputId: 'i', status: { code: 24151 }, data: { concepts: [concept], hits: [] } }] }
    const [, json] = await ask('POST', `${app}/annotations`, body)
    expect(json.annotations[0]).toMatchObject({ input_id: 'i', status: { code: 24151 } })
    const region = { trackId: 't', data: { ndarray: {} } }
    const [code] = await ask('POST', `${app}/annotations`, { annotations: [{ data: { regions: [region] } }] })
    expect(code).toBe(200)
  })

  it('reads repeated keys, dotted names and Python booleans from the query', async () => {
    const query = 'ids=a&ids=b&input_ids=i&list_all_annotations=True&user_app_id.user_id=x&page=2&nobody_knows=1'
    const [code, json] = await ask('GET', `${app}/annotations?${query}`)
    expect(code).toBe(200)
    expect(json.annotations[0]).toMatchObject({ id: 'a,b', input_id: 'i', user_id: 'true', status: { code: 24150 } })
  })

  it('decodes segments of the path', async () => {
    const [, json] = await ask('GET', '/v2/users/J%C3%BCrgen%2F1')
    expect(json.user.id).toBe('Jürgen/1')
  })

  it.each([
    ['a broken body', 'POST', `${app}/annotations`, '{"annotations": [', 400, 11100],
    ['a body that is no object', 'POST', `${app}/annotations`, '[]', 400, 11100],
    [
      'a body that is not UTF-8',
      'POST',
      `${app}/annotations`,
      Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'),
      400,
      11100,
    ],
    ['a value of the wrong type', 'POST', `${app}/annotations`, { annotations: [{ id: 7 }] }, 400, 11100],
    [
      'an unknown name of an enum',
      'POST',
      `${app}/annotations`,
      { annotations: [{ status: { code: 'X' } }] },
      400,
      11100,
    ],
    ['a wrong kind of number', 'GET', `${app}/annotations?page=two`, undefined, 400, 11100],
    ['a boolean that is none', 'GET', `${app}/annotations?list_all_annotations=maybe`, undefined, 400, 11102],
    ["the Python client's statuses=code", 'GET', `${app}/annotations?statuses=code`, undefined, 400, 11102],
    ['a path nobody knows', 'GET', '/v2/nonsense', undefined, 404, 11101],
    ['a verb the path does not take', 'PUT', `${app}/annotations`, {}, 405, 11103],
    ['a path that is not UTF-8', 'GET', '/v2/users/%ff', undefined, 400, 11100],
    ['a method not implemented', 'GET', `${app}/models`, undefined, 501, 10040],
    ['an expected failure', 'GET', `${app}/annotations?page=14`, undefined, 404, 11101],
    ['an unexpected one', 'GET', `${app}/annotations?page=13`, undefined, 500, 99009],
  ])('tells %s', async (_what, method, path, body, http, code) => {
    const [status, json] = await ask(method, path, body)
    expect([status, json.status.code]).toEqual([http, code])
    expect(JSON.stringify(json)).not.toContain('secret of the machine')
  })

  it('refuses what is nested too deeply, known fields and free metadata', async () => {
    const deep = (open: string, close: string) => `${open.repeat(20_000)}${close.repeat(20_000)}`
    for (const body of [
      `{"annotations": ${deep('[', ']')}}`,
      `{"annotations": [{"data": {"metadata": {"a": ${deep('[', ']')}}}}]}`,
      `{"x": ${deep('{"a":', '}').replace('{"a":}', '{}')}}`,
    ]) {
      const [status, json] = await ask('POST', `${app}/annotations`, body)
      expect([status, json.status.code]).toEqual([400, 11100])
    }
  })

  it.each([
    [{ authorization: '' }, 400, 11102],
    [{ authorization: 'Key wrong' }, 401, 11008],
    [{ authorization: 'wrong' }, 401, 11008],
    [{ authorization: 'Key get-key' }, 403, 11007],
  ])('with %j answers HTTP %i and %i', async (headers, http, code) => {
    const [status, json] = await ask('POST', `${app}/annotations`, { annotations: [] }, headers)
    expect([status, json.status.code]).toEqual([http, code])
  })

  it('sends the JSON compressed to who wants it', async () => {
    const annotations = Array.from({ length: 100 }, (_, i) => ({ id: `annotation-${i}` }))
    const response = await fetch(`${gateway.url}${app}/annotations`, {
      method: 'POST',
      headers: { authorization: 'Key ana-key', 'accept-encoding': 'gzip' },
      body: JSON.stringify({ annotations }),
    })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect((await response.json()).annotations).toHaveLength(100)
  })
})

describe('the routes', () => {
  const endpoints = endpointsOf({ service: V2, methods: {}, failures: 'body' })
  const routes = routesOf(endpoints)
  const bindings = endpoints.flatMap(({ method }) => {
    const rule = getOption(method, http)
    return [rule, ...rule.additionalBindings]
      .filter(({ pattern }) => pattern.case !== undefined && pattern.case !== 'custom')
      .map(({ pattern }) => ({
        name: method.name,
        verb: String(pattern.case).toUpperCase(),
        path: typeof pattern.value === 'string' ? pattern.value : '',
      }))
  })

  it('lead every binding of every method to its method', () => {
    expect(bindings.length).toBeGreaterThan(470)
    const lost = bindings.filter(({ name, verb, path }) => {
      const found = routes.find(verb, path.replace(/\{([^}]*)\}/g, 'v-$1'))
      if (found === undefined || !('target' in found)) return true
      for (const [field, value] of found.variables) expect(value).toBe(`v-${field}`)
      return found.target.endpoint.method.name !== name
    })
    // Four are given twice by service.proto itself: the first stays.
    expect(lost.map(({ name, verb }) => `${verb} ${name}`).sort()).toEqual([
      'GET PostPipelines',
      'GET StreamLogEntries',
      'GET StreamLogEntries',
      'POST PatchRunners',
    ])
  })

  it.each([
    ['GET', `${app}/inputs/status`, 'GetInputCount'],
    ['GET', `${app}/inputs/stream`, 'StreamInputs'],
    ['GET', `${app}/inputs/42`, 'GetInput'],
    ['GET', `${app}/annotations`, 'ListAnnotations'],
    ['GET', '/v2/annotations', 'ListAnnotations'],
    ['DELETE', `${app}/inputs/i/annotations/a`, 'DeleteAnnotation'],
    ['DELETE', `${app}/annotations`, 'DeleteAnnotations'],
    ['GET', '/v2/app', 'GetApp'],
    ['GET', '/v2/my_scopes', 'MyScopes'],
  ])('%s %s is %s', (verb, path, name) => {
    expect(routes.find(verb, path)).toMatchObject({ target: { endpoint: { method: { name } } } })
  })
})
