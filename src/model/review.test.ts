import { describe, expect, it } from 'vitest'
import { type Actor, type AnnotationStatus, annotationStatuses, mayMove, statusLabel } from './review.ts'

const done = 24150
const pending = 24151
const review = 24157
const denied = 24158
const consensus = 24159

type State = AnnotationStatus | 'new'

// decisions §7, written out by hand: who may make which move in assigned work
const allowed: readonly (readonly [State, AnnotationStatus, readonly Actor[]])[] = [
  ['new', done, ['author', 'owner', 'reviewer']],
  ['new', review, ['owner', 'reviewer']],
  ['new', pending, ['author', 'owner']],
  [pending, review, ['author']],
  [pending, consensus, ['author']],
  [pending, done, ['author']],
  [consensus, done, ['server']],
  [consensus, review, ['server']],
  [review, done, ['reviewer', 'owner']],
  [review, pending, ['reviewer', 'owner', 'author']],
  [review, denied, ['reviewer', 'owner']],
  [denied, review, ['author']],
  [done, pending, ['owner', 'reviewer']],
]

describe('mayMove in assigned work', () => {
  const actors: readonly Actor[] = ['author', 'owner', 'reviewer', 'server']
  const states: readonly State[] = ['new', ...annotationStatuses]
  for (const from of states) {
    for (const to of annotationStatuses) {
      if (from === to) continue
      it(`${from} → ${to}`, () => {
        const who = allowed.find(([a, b]) => a === from && b === to)?.[2] ?? []
        for (const actor of actors) {
          expect(mayMove({ from, to, actors: [actor], assigned: true }), actor).toBe(who.includes(actor))
        }
      })
    }
  }

  it('lets the author take it back only until a reviewer has opened it', () => {
    const move = { from: review, to: pending, assigned: true, opened: true } as const
    expect(mayMove({ ...move, actors: ['author'] })).toBe(false)
    expect(mayMove({ ...move, actors: ['author', 'owner'] })).toBe(true)
  })

  it('lets everything stay as it is', () => {
    expect(mayMove({ from: denied, to: denied, actors: [], assigned: true })).toBe(true)
  })
})

it('leaves free work to its author and the owner, and no others', () => {
  for (const to of annotationStatuses) {
    expect(mayMove({ from: denied, to, actors: ['author'], assigned: false })).toBe(true)
    expect(mayMove({ from: denied, to, actors: ['owner'], assigned: false })).toBe(true)
  }
  expect(mayMove({ from: denied, to: done, actors: ['reviewer'], assigned: false })).toBe(false)
})

it('names the five statuses differently, and others by number', () => {
  expect(new Set(annotationStatuses.map(statusLabel)).size).toBe(5)
  expect(statusLabel(24152)).toBe('Status 24152')
})
