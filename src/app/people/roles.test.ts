import { describe, expect, it } from 'vitest'
import { roleOf, roles } from './roles.ts'

describe('roleOf', () => {
  it.each(roles)('finds $id again from its own scopes', (role) => {
    expect(roleOf(role.scopes)).toBe(role)
  })
  it('ignores the order and what is more', () => {
    expect(roleOf([...roles[1]!.scopes, 'Tasks_Get'].toReversed())?.id).toBe('label')
  })
  it('falls back to the role below when one scope is missing', () => {
    expect(roleOf(roles[3]!.scopes.filter((scope) => scope !== 'Inputs_Add'))?.id).toBe('concepts')
  })
  it('knows none for scopes that do not even let one look', () => {
    expect(roleOf(['Inputs_Get'])).toBeUndefined()
  })
  it('takes All for everything', () => {
    expect(roleOf(['All'])?.id).toBe('manage')
  })
})
