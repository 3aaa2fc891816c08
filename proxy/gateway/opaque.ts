import {
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type Message,
  toBinary,
} from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { EmptySchema } from '@bufbuild/protobuf/wkt'
import { type Status, StatusSchema } from '#gen/proto/clarifai/api/status/status_pb.ts'

/**
 * The method with messages nobody looks into: described as empty, all they hold is unknown fields, which are kept byte
 * for byte and in their order. So what is newer than our .proto files goes through as well.
 */
export const opaqueMethod = (method: DescMethod): DescMethod =>
  ({ ...method, input: EmptySchema, output: EmptySchema }) as DescMethod

/**
 * A method of which only the name is known: newer than our .proto files. With the framing of gRPC one answer and a
 * stream of one are the same.
 */
export const newerMethod = (service: DescService, name: string, isFramed: boolean): DescMethod => {
  const like = service.methods[0]
  const kind = isFramed ? 'server_streaming' : 'unary'
  return opaqueMethod({ ...like, name, localName: name, methodKind: kind } as DescMethod)
}

/** A message as an opaque method writes it. */
export const asOpaque = (desc: DescMessage, message: Message): Message =>
  fromBinary(EmptySchema, toBinary(desc, message))

/**
 * The Status an opaque answer of the API carries, for logs and metrics.
 * @param output what the answer really is
 */
export const statusInOpaque = (output: DescMessage, { $unknown = [] }: Message): Status | undefined => {
  const field = output.field.status
  if (field?.fieldKind !== 'message' || field.message.typeName !== StatusSchema.typeName) return undefined
  const found = $unknown.findLast(({ no, wireType }) => no === field.number && wireType === WireType.LengthDelimited)
  if (found === undefined) return undefined
  try {
    return fromBinary(StatusSchema, new BinaryReader(found.data).bytes())
  } catch {
    return undefined // the upstream's own matter
  }
}
