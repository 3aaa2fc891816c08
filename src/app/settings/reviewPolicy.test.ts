import { expect, it } from 'vitest'
import { policyWords } from './reviewPolicy.ts'

const nameOf = (id: string) => id.toUpperCase()

it('says what becomes of assigned work, and by whom', () => {
  expect(policyWords({ review: 'none', reviewers: ['a'] }, nameOf)).toBe('What is submitted is done at once.')
  expect(policyWords({ review: 'manual', reviewers: [] }, nameOf)).toContain('review by the owner.')
  expect(policyWords({ review: 'manual', reviewers: ['a', 'b'] }, nameOf)).toContain('review by A or B.')
  expect(policyWords({ review: 'consensus', reviewers: ['a', 'b', 'c', 'd', 'e'] }, nameOf)).toMatch(
    /everybody who has the image agrees.*A, B, C, or others\.$/,
  )
})
