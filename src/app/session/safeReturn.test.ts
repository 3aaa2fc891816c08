import { describe, expect, it } from 'vitest'
import { safeReturn } from './safeReturn.ts'

describe('safeReturn', () => {
  it('keeps a path of this app with its search', () => {
    expect(safeReturn('/apps/owner/demo/inputs?q=boat')).toBe('/apps/owner/demo/inputs?q=boat')
  })
  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/sign-in',
    '',
    7,
    undefined,
  ])('refuses %s', (value) => {
    expect(safeReturn(value)).toBeUndefined()
  })
})
