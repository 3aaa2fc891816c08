import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { InputAgreementSchema } from '#gen/marquee/v1/team_pb.ts'
import { nextToSettle } from './useConsensusMode.ts'

const on = (inputId: string, waiting: number) => create(InputAgreementSchema, { input: { inputId }, waiting })
const found = [on('a', 2), on('b', 0), on('c', 2), on('d', 0)]
const next = (at: number, ...settled: string[]) => nextToSettle(found, at, new Set(settled))?.inputId

it('leads to what waits for a verdict, round the end, and never to what is settled', () => {
  expect(next(0)).toBe('c')
  expect(next(2)).toBe('a')
  expect(next(3)).toBe('a')
  expect(next(1, 'c')).toBe('a')
  expect(next(0, 'c')).toBeUndefined()
  expect(next(-1)).toBe('a')
})
