import { Code } from '@connectrpc/connect'
import { describe, expect, it } from 'vitest'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { connectCodeOf, httpStatusOf } from './status.ts'

describe('the codes of the API as HTTP and Connect say them (api.md §3.2)', () => {
  const rows: [http: number, ...codes: StatusCode[]][] = [
    [200, 10000, 10010],
    [400, 10020, 11100, 11102, 24155, 30104, 40002, 40003],
    [401, 11002, 11008, 11009],
    [403, 11007, 24156, 54103],
    [404, 11101, 30102, 54102],
    [405, 11103],
    [409, 40010, 54100, 64007],
    [429, 11005, 11006],
    [500, 98010, 99009],
    [501, 10040, 54101],
  ]
  it.each(rows)('HTTP %i', (http, ...codes) => {
    expect(codes.map((code) => [code, httpStatusOf(code)])).toEqual(codes.map((code) => [code, http]))
  })

  it('a conflict with the state of things is told from an id that is taken', () => {
    expect(connectCodeOf(StatusCode.TASK_CONFLICT)).toBe(Code.FailedPrecondition)
    expect(connectCodeOf(StatusCode.DATABASE_DUPLICATE_KEY)).toBe(Code.AlreadyExists)
  })
})
