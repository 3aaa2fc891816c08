import { describe, expect, it } from 'vitest'
import { Routes } from './pathTemplate.ts'

const routes = new Routes<string>()
routes.add({ verb: 'GET', template: '/v2/inputs/{input_id}', target: 'one' })
routes.add({ verb: 'GET', template: '/v2/inputs/stream', target: 'stream' })
routes.add({ verb: 'GET', template: '/v2/inputs/{input_id}/annotations/{a.id}', target: 'annotation' })
routes.add({ verb: 'DELETE', template: '/v2/inputs/stream', target: 'stop' })

const lead = (verb: string, path: string) => {
  const found = routes.find(verb, path)
  return found !== undefined && 'target' in found ? [found.target, Object.fromEntries(found.variables)] : found
}

describe('Routes', () => {
  it('lets a literal win over a variable', () => {
    expect(lead('GET', '/v2/inputs/stream')).toEqual(['stream', {}])
    expect(lead('GET', '/v2/inputs/42')).toEqual(['one', { input_id: '42' }])
  })

  it('goes back to the variable when the literal leads nowhere', () => {
    expect(lead('GET', '/v2/inputs/stream/annotations/7')).toEqual(['annotation', { input_id: 'stream', 'a.id': '7' }])
  })

  it('does not care for a slash at the end', () => {
    expect(lead('GET', '/v2/inputs/42/')).toEqual(['one', { input_id: '42' }])
  })

  it('decodes a segment once, after splitting', () => {
    expect(lead('GET', '/v2/inputs/a%2Fb%2520')).toEqual(['one', { input_id: 'a/b%20' }])
    expect(() => lead('GET', '/v2/inputs/%')).toThrow(URIError)
  })

  it('names the verbs of a path, and finds nothing in empty segments', () => {
    expect(lead('POST', '/v2/inputs/42')).toEqual({ verbs: ['GET'] })
    expect(lead('PATCH', '/v2/inputs/stream')).toEqual({ verbs: ['GET', 'DELETE'] })
    expect(lead('GET', '/v2/inputs//annotations/7')).toBeUndefined()
    expect(lead('GET', '/v2')).toBeUndefined()
  })

  it('keeps the first of two routes with one shape', () => {
    expect(routes.add({ verb: 'GET', template: '/v2/inputs/{other}', target: 'late' })).toBe(false)
    expect(lead('GET', '/v2/inputs/42')).toEqual(['one', { input_id: '42' }])
  })
})
