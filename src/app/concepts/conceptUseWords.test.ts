import { expect, it } from 'vitest'
import { isUsed, wordsOfUse } from './conceptUseWords.ts'

const none = { annotations: 0, regions: 0, inputs: 0, people: 0, taskNames: [] }

it.each([
  [none, 'no label', false],
  [
    { annotations: 1207, regions: 1204, inputs: 310, people: 4, taskNames: [] },
    '1,204 regions and 3 whole images, on 310 inputs, by 4 people',
    true,
  ],
  [
    { annotations: 1, regions: 1, inputs: 1, people: 0, taskNames: ['Cars'] },
    '1 region, on 1 input; offered by the task “Cars”',
    true,
  ],
  [{ ...none, taskNames: ['a', 'b', 'c', 'd', 'e'] }, 'no label; offered by the tasks “a”, “b”, “c”, and 2 more', true],
])('says what uses a concept: %o', (use, words, used) => {
  expect(wordsOfUse(use)).toBe(words)
  expect(isUsed(use)).toBe(used)
})
