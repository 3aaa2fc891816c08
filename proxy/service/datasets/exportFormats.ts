import { create, type JsonObject, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf'
import { sizeDelimitedDecodeStream } from '@bufbuild/protobuf/wire'
import { type Input, InputBatchSchema, InputSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { ZipEntry } from './exportZip.ts'

/** Where an export reads its inputs: as often as it likes, in their order. */
export type Inputs = () => AsyncIterable<Input>

/** What {@link Inputs} are in a blob: each one's length, then its bytes. */
export const decodedInputs = (bytes: AsyncIterable<Uint8Array>): AsyncIterable<Input> =>
  sizeDelimitedDecodeStream(InputSchema, bytes)

/** Inputs of one file at most, and bytes, unless one input alone is larger. */
const batchInputs = 1000
const batchBytes = 16 * 2 ** 20

/**
 * The files of CLARIFAI_DATA_PROTOBUF and CLARIFAI_DATA_JSON: InputBatch messages, the number of inputs at the end of
 * each file's name, the part of the dataset as its folder. Clarifai's own reader goes by these names.
 * Source: resources.proto, DatasetVersionExportFormat; clarifai-python, datasets/export.
 */
export async function* clarifaiEntries(format: 'protobuf' | 'json', inputs: Inputs): AsyncGenerator<ZipEntry> {
  yield { name: 'mimetype', stored: true, content: [Buffer.from(`application/x.clarifai-data+${format}`)] }
  let number = 0
  for await (const batch of batchesOf(inputs())) {
    const name = `all/${String(number++).padStart(6, '0')}_n${batch.length}`
    const message = create(InputBatchSchema, { inputs: batch })
    const content = format === 'protobuf' ? toBinary(InputBatchSchema, message) : Buffer.from(batchJson(batch))
    yield { name, content: [content] }
  }
}

async function* batchesOf(inputs: AsyncIterable<Input>): AsyncGenerator<Input[]> {
  let batch: Input[] = []
  let bytes = 0
  for await (const input of inputs) {
    batch.push(input)
    bytes += toBinary(InputSchema, input).length
    if (batch.length < batchInputs && bytes < batchBytes) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

const batchJson = (inputs: readonly Input[]): string => JSON.stringify({ inputs: inputs.map(inputJson) })

/**
 * An input as Clarifai's JSON has it: snake_case; numbers that are 0 are there, since a concept without a value would
 * be read as a positive one (extensions.proto, cl_default_float); other empty fields are not; float32 as short as may be.
 */
export const inputJson = (input: Input): JsonObject =>
  tidy(toJson(InputSchema, input, { useProtoFieldName: true, alwaysEmitImplicit: true })) as JsonObject

const tidy = (json: JsonValue): JsonValue => {
  if (typeof json === 'number') return shortFloat(json)
  if (Array.isArray(json)) return json.map(tidy)
  if (json === null || typeof json !== 'object') return json
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key, value]) => key === 'metadata' || !isNothing(value))
      .map(([key, value]) => [key, key === 'metadata' ? value : tidy(value)]),
  )
}

const isNothing = (value: JsonValue): boolean =>
  value === '' ||
  value === false ||
  value === '0' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'string' && value.endsWith('_NOT_SET')) ||
  (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0)

/** The shortest decimal that is the same float32, when the number is one: 0.1 for 0.10000000149011612. */
const shortFloat = (value: number): number => {
  if (Math.fround(value) !== value) return value
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}
