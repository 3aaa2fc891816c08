import { expect, it } from 'vitest'
import { fieldWords } from './fieldWords.ts'

it.each([
  ['task_assignments[0].id: it is the work of "ann"', 'It is the work of "ann"'],
  ['tasks[0].worker.workers[2].user.id: "bo" is not here', 'Labelers: "bo" is not here'],
  [
    'tasks[0].worker.partitioned_strategy_info.weights.bo.k: 9 of 10 is too much',
    'Weight of bo.k: 9 of 10 is too much',
  ],
  ['tasks[3].review.users: nobody could review', 'Reviewers: nobody could review'],
  ['annotations[0].status.code: the task is paused', 'The task is paused'],
  ['missing scopes: Tasks_Add', 'missing scopes: Tasks_Add'],
  ['the app: is gone', 'the app: is gone'],
  ['', ''],
])('%s', (details, words) => {
  expect(fieldWords(details)).toBe(words)
})
