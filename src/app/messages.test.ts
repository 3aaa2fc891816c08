import { Code, ConnectError } from '@connectrpc/connect'
import { describe, expect, it } from 'vitest'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { StatusSchema } from '#gen/web/proto/clarifai/api/status/status_pb.ts'
import { ApiFailure } from '#sync/errors.ts'
import { count, fieldProblem, isMissing, messageOf } from './messages.ts'

const failure = (code: number, details = '', description = 'Invalid request') =>
  new ApiFailure({ code, details, description, requestId: '0'.repeat(32) })

describe('messageOf', () => {
  it.each([
    [failure(StatusCode.CONN_THROTTLED), /wait a moment/i],
    [failure(StatusCode.CONN_INSUFFICIENT_SCOPES, 'missing scopes: Inputs_Add'), /do not have the right/],
    [failure(StatusCode.CONN_INVALID_REQUEST, 'apps[0].id: too long'), /^Invalid request: Id: too long$/],
    [new ConnectError('failed to fetch', Code.Unavailable), /cannot be reached/],
    [new TypeError('Failed to fetch'), /cannot be reached/],
    [new ConnectError('wait 30 s', Code.ResourceExhausted), /wait 30 s/],
  ])('says what %s means', (error, expected) => {
    expect(messageOf(error)).toMatch(expected)
  })
})

describe('fieldProblem', () => {
  it('finds the field in the details of a Connect error', () => {
    const details = [{ desc: StatusSchema, value: { details: 'new_password: at least 8 characters' } }]
    const error = new ConnectError('Invalid request', Code.InvalidArgument, undefined, details)
    // what was received carries encoded details
    const received = new ConnectError('Invalid request', Code.InvalidArgument)
    received.details = error.details
    expect(fieldProblem(received)).toEqual({ field: 'new_password', message: 'At least 8 characters.' })
  })
  it('finds it in a failure of the API', () => {
    expect(fieldProblem(failure(11102, 'apps[0].id: taken'))).toEqual({ field: 'apps[0].id', message: 'Taken.' })
  })
  it('answers nothing when no field is named', () => {
    expect(fieldProblem(failure(11102, 'Something else'))).toBeUndefined()
    expect(fieldProblem(new Error('new_password: x'))).toBeUndefined()
  })
})

describe('isMissing', () => {
  it('tells absence from refusal', () => {
    expect(isMissing(failure(StatusCode.CONN_DOES_NOT_EXIST))).toBe(true)
    expect(isMissing(failure(StatusCode.CONN_INSUFFICIENT_SCOPES))).toBe(false)
  })
})

describe('count', () => {
  it.each([
    [0, '0 inputs'],
    [1, '1 input'],
    [12_345, '12,345 inputs'],
  ])('writes %i', (n, text) => {
    expect(count(n, 'input')).toBe(text)
  })
})
