import { promises as timers } from 'node:timers'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'

/** One file of an archive. `stored` = not compressed. */
export interface ZipEntry {
  readonly name: string
  readonly stored?: boolean
  readonly content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/** Bytes: where ZIP would need its 64-bit form, which not every reader knows. */
const most = 2 ** 32 - 2 ** 20
const entriesAtMost = 65_000

// what ZIP can say of a time; the archive does not depend on when it was made
const time = Date.UTC(1980, 0, 2)

/**
 * A ZIP archive, chunk by chunk, with no more of it in memory than a chunk.
 * @throws ApiError DATASET_VERSION_EXPORT_FAILED beyond 4 GB or 65,000 files
 */
export async function* zipped(entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    chunks.push(chunk)
  })
  const taken = () => {
    const made = chunks
    chunks = []
    return made
  }
  let size = 0
  let count = 0
  for await (const { name, stored, content } of entries) {
    if (++count > entriesAtMost) throw tooLarge()
    const file = stored ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 })
    file.mtime = time
    zip.add(file)
    for await (const chunk of content) {
      for (const part of parts(chunk)) {
        size += part.length
        if (size > most) throw tooLarge()
        // what was pushed is kept until it is compressed, and the caller may use its buffer again
        file.push(Uint8Array.from(part))
        yield* taken()
        await timers.setImmediate() // others have their turn
      }
    }
    file.push(new Uint8Array(), true)
    yield* taken()
  }
  zip.end()
  yield* taken()
}

const partBytes = 2 ** 18

function* parts(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += partBytes) yield chunk.subarray(at, at + partBytes)
}

const tooLarge = (): ApiError =>
  new ApiError(
    StatusCode.DATASET_VERSION_EXPORT_FAILED,
    'the export would be larger than 4 GB or 65,000 files: split the dataset',
  )
