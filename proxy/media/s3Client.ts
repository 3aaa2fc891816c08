import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Bucket } from './blobPlace.ts'

/** Idle, not in all: a large body may take its time. */
const idleMs = 30_000
const connectMs = 5_000
/** Of one request, with pauses that grow from 0.1 s. */
const attempts = 4

/** Keys come from the environment or wherever else AWS programs look for them. Not closed: it keeps no process alive. */
export const openClient = ({ endpoint, region }: Bucket): S3Client =>
  new S3Client({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    maxAttempts: attempts,
    // imitations of S3 know no checksums of 2024, and some store them as part of the bytes
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectMs,
      socketTimeout: idleMs,
      // a slow browser holds one as long as it reads
      httpsAgent: { maxSockets: 256, keepAlive: true },
      httpAgent: { maxSockets: 256, keepAlive: true },
    },
  })

/** A bucket did not do what it was asked; the message is one line, what it said is the cause. */
export class S3Failure extends Error {
  override readonly name = 'S3Failure'

  /** @param doing completes "s3://bucket: … failed" */
  static from({ bucket, endpoint }: Bucket, doing: string, error: unknown): S3Failure {
    if (error instanceof S3Failure) return error
    const where = endpoint === undefined ? `s3://${bucket}` : `s3://${bucket} at ${endpoint}`
    return new S3Failure(`${where}: ${doing} failed (${reasonOf(error)})`, { cause: error })
  }

  /** For `catch`. */
  static of(place: Bucket, doing: string): (error: unknown) => never {
    return (error) => {
      throw S3Failure.from(place, doing, error)
    }
  }
}

/** Not a bucket that is missing: nothing is known of its objects. */
export const isMissing = (error: unknown): boolean =>
  ['NoSuchKey', 'NotFound'].includes((error as { name?: string }).name ?? '')

/** Code and words; errors of the network often have one of them only, those of several addresses have theirs inside. */
const reasonOf = (error: unknown): string => {
  const { name, code, message, errors } = error as {
    name?: string
    code?: string
    message?: string
    errors?: unknown[]
  }
  if (!message && errors?.length) return reasonOf(errors[0])
  const kind = code ?? name
  const words = (message ?? '').split('\n', 1)[0]!
  return [kind, words].filter((part, i) => part && part !== 'Error' && !(i === 0 && words.includes(part))).join(': ')
}

/**
 * Whether the bucket lets us do what we need: list, write and remove under the prefix.
 * @throws S3Failure with one line for the operator
 */
export const checkBucket = async (place: Bucket): Promise<void> => {
  const client = openClient(place)
  const Bucket = place.bucket
  const Key = `${place.prefix === '' ? '' : `${place.prefix}/`}marquee-writes-here`
  try {
    const listing = new ListObjectsV2Command({ Bucket, Prefix: place.prefix, MaxKeys: 1 })
    await client.send(listing).catch(S3Failure.of(place, 'listing'))
    await client
      .send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from('Marquee') }))
      .catch(S3Failure.of(place, 'writing'))
    await client.send(new DeleteObjectCommand({ Bucket, Key })).catch(S3Failure.of(place, 'removing'))
  } finally {
    client.destroy()
  }
}
