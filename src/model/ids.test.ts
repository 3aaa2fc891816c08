import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deterministicId, newId } from './ids.ts'
import { sha256Hex } from './sha256.ts'

it('makes ids of 32 hex digits that differ', () => {
  const ids = Array.from({ length: 1000 }, newId)
  expect(new Set(ids).size).toBe(1000)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
})

it('finds the same id for the same parts only', () => {
  expect(deterministicId('image', 'owner', 'demo', 'photo', 'ana')).toMatch(/^[0-9a-f]{32}$/)
  expect(deterministicId('a', 'bc')).toBe(deterministicId('a', 'bc'))
  expect(deterministicId('a', 'bc')).not.toBe(deterministicId('ab', 'c'))
})

it('hashes as SHA-256 does', () => {
  const reference = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const text = 'é'.repeat(length >> 1) + 'a'.repeat(length & 1)
    expect(sha256Hex(text)).toBe(reference(text))
  }
  // not lone surrogates: node replaces them, as TextEncoder does, but they are no ids
  fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), (text) => sha256Hex(text) === reference(text)))
})
