import { expect, it } from 'vitest'
import { answerIn, textWith } from './useChoices.ts'

const answer = { objects: { a: 'merged', b: 'none' }, concepts: { street: 'yes' } } as const

it('keeps what was chosen on the last images', () => {
  let text = '{}'
  for (let i = 0; i < 40; i++) text = textWith(JSON.parse(text), `work ${i}`, answer)
  expect(answerIn(JSON.parse(text), 'work 39')).toEqual(answer)
  expect(answerIn(JSON.parse(text), 'work 10')).toEqual(answer)
  expect(answerIn(JSON.parse(text), 'work 9')).toEqual({ objects: {}, concepts: {} })
})

it('takes what it cannot read for nothing', () => {
  expect(answerIn({ w: 5 }, 'w')).toEqual({ objects: {}, concepts: {} })
  expect(answerIn({ w: { objects: { a: 3, b: 'none' } } }, 'w')).toEqual({ objects: { b: 'none' }, concepts: {} })
})
