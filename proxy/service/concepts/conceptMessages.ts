import { fromBinary } from '@bufbuild/protobuf'
import { type Concept, ConceptSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { timestampOf } from '#proxy/service/time.ts'
import type { ConceptRow } from '#proxy/store/concepts.ts'

/** A concept as it goes out. */
export const conceptMessage = (row: ConceptRow): Concept =>
  Object.assign(fromBinary(ConceptSchema, row.message), { createdAt: timestampOf(Number(row.created_at)) })
