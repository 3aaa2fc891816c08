import { expect, it } from 'vitest'
import type { AttributeDefinition } from '#model/attributes.ts'
import { checkDrafts, draftOf, newDraft } from './attributeDraft.ts'

const definitions: AttributeDefinition[] = [
  { name: 'colour', kind: 'choice', options: ['red', 'light blue'], required: true, onLabel: true, standard: 'red' },
  { name: 'damaged', kind: 'checkbox', required: false, onLabel: false, standard: false },
  { name: 'doors', kind: 'number', min: 0, max: 5.5, required: false, onLabel: false, standard: 4 },
  { name: 'note', kind: 'text', required: false, onLabel: false, standard: undefined },
]

it('gives back what was written, typed or not', () => {
  expect(checkDrafts(definitions.map(draftOf))).toEqual({ definitions, problems: [] })
})

it('says what cannot be kept', () => {
  const drafts = [
    { ...newDraft(), name: 'a', kind: 'number' as const, min: 'x', max: '3' },
    { ...newDraft(), name: 'a', kind: 'choice' as const, options: '\n  \n' },
  ]
  expect(checkDrafts(drafts).problems.map(({ at, field, text }) => [at, field, text])).toEqual([
    [0, 'min', '“x” is no number.'],
    [1, 'options', 'A choice needs at least one option.'],
    [1, 'name', '“a” is there twice.'],
  ])
})
