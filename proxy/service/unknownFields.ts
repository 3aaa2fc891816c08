import type { Message } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

/** The strings of a repeated string field that our .proto files do not have yet, in the order they were sent. */
export const unknownStrings = (message: Message, field: number): string[] =>
  (message.$unknown ?? [])
    .filter(({ no, wireType }) => no === field && wireType === WireType.LengthDelimited)
    .map(({ data }) => new BinaryReader(data).string())
