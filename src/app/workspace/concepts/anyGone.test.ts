import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { ConceptSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { anyGone } from './useConcepts.ts'

const concepts = (...ids: string[]) => ids.map((id) => create(ConceptSchema, { id }))

it('sees that a concept was merged or deleted, not that one came', () => {
  expect(anyGone(concepts('a', 'b'), concepts('b', 'a', 'c'))).toBe(false)
  expect(anyGone(concepts('a', 'b'), concepts('b', 'c'))).toBe(true)
})
