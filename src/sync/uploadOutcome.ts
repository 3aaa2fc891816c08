import type { Input } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { ApiFailure, classify, describe, failureOf } from './errors.ts'
import { fieldWords } from './fieldWords.ts'

/** What came of one file. `refused`: it will not work as it is; `failed`: it may work later. */
export interface UploadOutcome {
  readonly state: 'done' | 'refused' | 'failed'
  /** in a person's words */
  readonly reason?: string
}

/** The input a file becomes, named after it. */
export async function inputOf(id: string, file: File) {
  const base64 = await bytesOf(file)
  return { id, data: { image: { base64 }, metadata: { filename: file.name } } }
}

/** @throws ApiFailure when the file was moved or changed since it was chosen */
async function bytesOf(file: File): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch (cause) {
    const fields = { code: StatusCode.ALL_INPUT_INVALID_BYTES, details: '', description: '', requestId: '' }
    throw new ApiFailure(fields, { cause })
  }
}

const STORED: ReadonlySet<number> = new Set([
  StatusCode.SUCCESS,
  StatusCode.INPUT_SUCCESS,
  StatusCode.INPUT_PENDING,
  StatusCode.INPUT_IN_PROGRESS,
])
const TAKEN: ReadonlySet<number> = new Set([StatusCode.DATABASE_DUPLICATE_KEY, StatusCode.INPUT_DUPLICATE])

/** Something with this id, or this content, is there already. */
export const isTaken = (input: Input | undefined): boolean => TAKEN.has(input?.status?.code ?? 0)

export function outcomeOf({ id, status }: Input): UploadOutcome {
  if (STORED.has(status?.code ?? 0)) return { state: 'done' }
  const failure = failureOf(status, id)
  return { state: classify(failure) === 'retry' ? 'failed' : 'refused', reason: reasonOf(failure) }
}

const REASONS: ReadonlyMap<number, string> = new Map([
  [StatusCode.INPUT_DUPLICATE, 'This app already has it.'],
  [StatusCode.DATABASE_DUPLICATE_KEY, 'This app already has an input with this id.'],
  [StatusCode.INPUT_UNSUPPORTED_FORMAT, 'Not an image this server can read.'],
  [StatusCode.INPUT_OVER_LIMIT, 'Larger than this server allows.'],
  [StatusCode.INPUT_FAILED, 'The image is damaged and could not be read.'],
  [
    StatusCode.ALL_INPUT_INVALID_BYTES,
    'The file could not be read. It may have been moved or changed; choose it again.',
  ],
  [StatusCode.INPUT_PERMISSION_DENIED, 'You may not add inputs to this app.'],
  [StatusCode.CONN_INSUFFICIENT_SCOPES, 'You may not add inputs to this app.'],
])

/** By code, in a person's words, with what the server says about the particulars. */
export function reasonOf(error: unknown): string {
  const { code = 0, details = '' } = error instanceof ApiFailure ? error : {}
  const known = REASONS.get(code)
  if (known) return details ? `${known} (${fieldWords(details)})` : known
  const { title, detail } = describe(error)
  return `${title}. ${detail}`
}
