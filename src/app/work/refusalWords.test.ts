import { describe, expect, it } from 'vitest'
import type { Command } from '#sync/commands.ts'
import { isSaidAt } from './refusalToast.ts'
import { refusalWords } from './refusalWords.ts'

const scope = { owner: 'o', app: 'a', input: 'f00d' }
const verdict = { is: 'verdict', task: 't', item: 'x', verdict: 'deny', worker: 'ana', reason: 'dark' } as const
const refusal = (code: number, details: string): Command => ({
  id: 'c',
  scope,
  name: 'boat.jpg',
  body: verdict,
  notBefore: 0,
  refused: { code, details, description: '', requestId: '' },
})
const nameOf = (id: string): string => ({ ana: 'Ana Berg', rosa: 'Rosa (left)' })[id] ?? id

describe('what was refused', () => {
  it.each([
    [
      54100,
      'review_reject_config.task_assignments[0].id: the work of "ana" on input "f00d" is approved by "rosa" already',
      'The work of Ana Berg on boat.jpg is approved by Rosa (left) already.',
    ],
    [54100, 'the task is paused', 'The task is paused.'],
    [54102, '', 'The task is gone. It was deleted while you worked on it.'],
  ])('is said with names, and once (%i %s)', (code, details, words) => {
    expect(refusalWords(refusal(code, details), nameOf)).toBe(words)
  })

  it('is said where it is seen: by the image or the list of what waits, else by a toast', () => {
    const seen = (pathname: string, body: Command['body'] = verdict) => isSaidAt(pathname, { scope, body })
    expect([seen('/apps/o/a/inputs/f00d'), seen('/apps/o/a/review')]).toEqual([true, true])
    expect([seen('/apps/o/a/inputs/beef'), seen('/apps/o/b/review'), seen('/apps/o/a/work')]).toEqual([
      false,
      false,
      false,
    ])
    expect(seen('/apps/o/a/review', { is: 'skip', task: 't', item: 'x', reason: 'r' })).toBe(false)
  })
})
