import { Code, ConnectError } from '@connectrpc/connect'
import { describe, expect, it } from 'vitest'
import { ApiFailure, classify, describe as describeFailure, ok } from './errors.ts'

const failure = (code: number, details = ''): ApiFailure =>
  new ApiFailure({ code, details, description: 'said the server', requestId: 'r' })

describe('classify', () => {
  it.each([
    ['throttled', failure(11005), 'retry'],
    ['internal error', failure(99009), 'retry'],
    ['database deadlock', failure(40013), 'retry'],
    ['wrong password', failure(11002), 'signed-out'],
    ['invalid key', failure(11008), 'signed-out'],
    ['key not found', failure(11009), 'signed-out'],
    ['duplicate key', failure(40010), 'conflict'],
    ['version differs', failure(24252), 'conflict'],
    ['permission', failure(24156), 'refused'],
    ['invalid argument', failure(24155), 'refused'],
    ['gone', failure(11101), 'refused'],
    ['missing scopes', failure(11007), 'refused'],
    ['unavailable', new ConnectError('x', Code.Unavailable), 'retry'],
    ['too slow', new ConnectError('x', Code.DeadlineExceeded), 'retry'],
    ['exhausted', new ConnectError('x', Code.ResourceExhausted), 'retry'],
    ['internal', new ConnectError('x', Code.Internal), 'retry'],
    ['no session', new ConnectError('x', Code.Unauthenticated), 'signed-out'],
    ['forbidden', new ConnectError('x', Code.PermissionDenied), 'refused'],
    ['unknown method', new ConnectError('x', Code.Unimplemented), 'refused'],
    ['no network', new TypeError('Failed to fetch'), 'retry'],
  ])('%s', (_, error, kind) => {
    expect(classify(error)).toBe(kind)
  })

  it('does not look at texts', () => {
    expect(classify(new ConnectError('unauthenticated: throttled', Code.Internal))).toBe('retry')
  })
})

describe('ok', () => {
  it('hands back an answer that succeeded', () => {
    const answer = { status: { code: 10000 } as never }
    expect(ok(answer)).toBe(answer)
  })

  it.each([10010, 10020, 24155])('throws for %d', (code) => {
    expect(() => ok({ status: { code, details: 'here', description: '', reqId: 'r1' } as never })).toThrow(
      expect.objectContaining({ code, details: 'here', requestId: 'r1' }),
    )
  })

  it('throws for an answer without a status', () => {
    expect(() => ok({ status: undefined })).toThrow(ApiFailure)
  })
})

describe('describe', () => {
  it.each([11005, 11008, 40010, 24252, 24156, 11101, 77777, 99009])('has words for %d', (code) => {
    const { title, detail, action } = describeFailure(failure(code))
    for (const part of [title, detail, action]) expect(part).toMatch(/^\S.{8,}/)
  })

  it('names the field the server named', () => {
    expect(describeFailure(failure(24155, 'data.regions[0]')).detail).toContain('data.regions[0]')
  })

  it('tells a lost connection from a refusal', () => {
    expect(describeFailure(new TypeError('Failed to fetch')).title).toBe('The server cannot be reached')
    expect(describeFailure(new ConnectError('no such thing', Code.NotFound)).detail).toBe('no such thing')
  })
})
