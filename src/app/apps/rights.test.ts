import { describe, expect, it } from 'vitest'
import { roles } from '#app/people/roles.ts'
import { type Rights, rightsOf } from './rights.ts'

const granted = (rights: Rights) =>
  Object.entries(rights)
    .filter(([, given]) => given)
    .map(([name]) => name)

describe('rightsOf', () => {
  it('gives the owner everything, whatever the scopes say', () => {
    expect(granted(rightsOf([], true))).toHaveLength(11)
  })
  it.each([
    ['view', []],
    ['label', ['canLabel']],
    ['concepts', ['canLabel', 'canEditConcepts']],
    ['upload', ['canLabel', 'canUpload', 'canEditConcepts']],
    ['manage', ['canLabel', 'canUpload', 'canDeleteInputs', 'canEditConcepts', 'canInvite']],
  ])('gives the role %s exactly %j', (id, expected) => {
    const role = roles.find((role) => role.id === id)!
    expect(granted(rightsOf(role.scopes, false))).toEqual(expected)
  })
})
