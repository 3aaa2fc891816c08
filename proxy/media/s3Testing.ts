import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// What tests of S3 stand on: the operations the store uses, as the S3 API reference describes them.

interface Stored {
  readonly bytes: Buffer
  modifiedAt: number
}

export interface S3Server {
  readonly endpoint: string
  /** By key, in the one bucket `labels`. */
  readonly objects: Map<string, Stored>
  /** `METHOD key` of every request. */
  readonly requests: string[]
  /** Answers the next requests with a status each; 0 lets one pass. */
  readonly failures: number[]
  /** After how many bytes of a body to break the next connections. */
  readonly breaks: number[]
  /** Of uploads in parts that were neither completed nor aborted. */
  readonly unfinished: Map<string, Map<number, Buffer>>
  close(): Promise<void>
}

export const s3Bucket = 'labels'
export const s3Key = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'secret' }

class Refused extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

/** @param pageSize how many keys a listing gives at a time */
export async function startS3({ pageSize = 3 } = {}): Promise<S3Server> {
  const objects = new Map<string, Stored>()
  const unfinished = new Map<string, Map<number, Buffer>>()
  const [requests, failures, breaks]: [string[], number[], number[]] = [[], [], []]

  const get = (key: string, request: IncomingMessage, response: ServerResponse) => {
    const { bytes, modifiedAt } = objects.get(key) ?? refuse(404, 'NoSuchKey')
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const [first, last] = [Number(from ?? 0), Math.min(to ? Number(to) : bytes.length - 1, bytes.length - 1)]
    if (from !== undefined && first >= bytes.length) refuse(416, 'InvalidRange')
    const part = bytes.subarray(first, last + 1)
    response.statusCode = from === undefined ? 200 : 206
    response.setHeader('content-length', part.length)
    response.setHeader('last-modified', new Date(modifiedAt).toUTCString())
    if (from !== undefined) response.setHeader('content-range', `bytes ${first}-${last}/${bytes.length}`)
    const breakAt = request.method === 'GET' ? breaks.shift() : undefined
    if (breakAt === undefined) response.end(request.method === 'HEAD' ? undefined : part)
    else response.write(part.subarray(0, breakAt), () => response.destroy())
  }

  const listing = (query: URLSearchParams) => {
    const [prefix, after] = [query.get('prefix') ?? '', query.get('continuation-token') ?? '']
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
    const page = keys.slice(0, pageSize)
    const contents = page.map((key) => {
      const { bytes, modifiedAt } = objects.get(key)!
      const modified = new Date(modifiedAt).toISOString()
      return `<Contents><Key>${key}</Key><LastModified>${modified}</LastModified><Size>${bytes.length}</Size></Contents>`
    })
    const more = keys.length > page.length
    const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
    return `<ListBucketResult>${contents.join('')}<IsTruncated>${more}</IsTruncated>${next}</ListBucketResult>`
  }

  const inParts = (method: string, key: string, query: URLSearchParams, body: Buffer, response: ServerResponse) => {
    if (method === 'POST' && query.has('uploads')) {
      const id = randomUUID()
      unfinished.set(id, new Map())
      return `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
    }
    const id = query.get('uploadId') ?? ''
    const parts = unfinished.get(id) ?? refuse(404, 'NoSuchUpload')
    if (method === 'PUT') {
      parts.set(Number(query.get('partNumber')), body)
      response.setHeader('etag', `"${createHash('md5').update(body).digest('hex')}"`)
      return ''
    }
    unfinished.delete(id)
    if (method === 'DELETE') return ''
    const bytes = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part))
    objects.set(key, { bytes, modifiedAt: Date.now() })
    return `<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>`
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<string | undefined> => {
    const url = new URL(request.url ?? '/', 'http://s3')
    const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/.exec(decodeURIComponent(url.pathname)) ?? []
    const body = Buffer.concat(await Array.fromAsync(request))
    requests.push(`${request.method} ${key}`)
    checkHeaders(request, body)
    const failure = failures.shift()
    if (failure) refuse(failure, 'InternalError')
    if (bucket !== s3Bucket) refuse(404, 'NoSuchBucket')
    if (url.searchParams.has('uploads') || url.searchParams.has('uploadId'))
      return inParts(request.method!, key, url.searchParams, body, response)
    switch (request.method) {
      case 'GET':
        if (key === '') return listing(url.searchParams)
        get(key, request, response)
        return undefined
      case 'HEAD':
        get(key, request, response)
        return undefined
      case 'PUT':
        objects.set(key, { bytes: body, modifiedAt: Date.now() })
        return ''
      case 'DELETE':
        objects.delete(key)
        response.statusCode = 204
        return ''
      default:
        return refuse(405, 'MethodNotAllowed')
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).then(
      (xml) => xml !== undefined && response.end(xml),
      (error: unknown) => {
        const { status, code } = error instanceof Refused ? error : new Refused(500, String(error))
        response.statusCode = status
        response.end(
          request.method === 'HEAD' ? undefined : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
        )
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { endpoint, objects, requests, failures, breaks, unfinished, close }
}

const refuse = (status: number, code: string): never => {
  throw new Refused(status, code)
}

/** What imitations of S3 refuse or get wrong: unknown keys, other bytes than were signed, bodies in chunks of AWS. */
const checkHeaders = ({ headers }: IncomingMessage, body: Buffer) => {
  if (!headers.authorization?.includes(`Credential=${s3Key.AWS_ACCESS_KEY_ID}/`)) refuse(403, 'InvalidAccessKeyId')
  if (headers['content-encoding'] === 'aws-chunked') refuse(501, 'NotImplemented')
  const signed = headers['x-amz-content-sha256']
  if (typeof signed === 'string' && /^[0-9a-f]{64}$/.test(signed))
    if (createHash('sha256').update(body).digest('hex') !== signed) refuse(400, 'XAmzContentSHA256Mismatch')
}
