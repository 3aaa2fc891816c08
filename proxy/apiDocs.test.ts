import { expect, it } from 'vitest'
import { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import { v2Methods } from '#proxy/service/api.ts'
import { apiDocs, writtenApiDocs } from './apiDocs.ts'

it('docs/api.md is what the descriptors and the methods say: run node proxy/apiDocs.ts --write', () => {
  expect(writtenApiDocs()).toBe(apiDocs())
})

it('every method of the server is one of the API', () => {
  const known = new Set(V2.methods.map(({ localName }) => localName as string))
  expect(Object.keys(v2Methods).filter((name) => !known.has(name))).toEqual([])
})
