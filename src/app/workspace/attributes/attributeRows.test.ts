import { expect, it } from 'vitest'
import type { AttributeDefinition } from '#model/attributes.ts'
import { aBox, aRegion } from '#testing/builders.ts'
import { attributeRows, isIncomplete, labelSuffix } from './attributeRows.ts'

const colour: AttributeDefinition = {
  name: 'colour',
  kind: 'choice',
  options: ['red', 'blue'],
  required: true,
  onLabel: true,
}
const damaged: AttributeDefinition = { name: 'damaged', kind: 'checkbox', required: false, onLabel: true }
const definitionsOf = (id: string) => (id === 'car' ? [colour, damaged] : id === 'bus' ? [colour] : [])
const region = (id: string, concept: string, attributes?: Record<string, string | boolean>) =>
  aRegion(id, aBox(0, 0, 10, 10), { concept, attributes })

it('shows what can be set for all of them, then what else they carry', () => {
  const rows = attributeRows(
    [region('a', 'car', { colour: 'red', damaged: true }), region('b', 'bus', { colour: 'blue', source: 'import' })],
    definitionsOf,
  )
  expect(rows.map(({ name, mixed, value, definition }) => [name, mixed, value, definition?.kind])).toEqual([
    ['colour', true, undefined, 'choice'],
    ['damaged', true, undefined, undefined],
    ['source', true, undefined, undefined],
  ])
})

it('says what is required and missing, and what is not allowed', () => {
  expect(attributeRows([region('a', 'car')], definitionsOf)[0]).toMatchObject({ problem: 'Required', mixed: false })
  expect(attributeRows([region('a', 'car', { colour: 'pink' })], definitionsOf)[0]?.problem).toBe(
    'colour: choose one of the options.',
  )
  expect(isIncomplete(region('a', 'car', { damaged: true }), definitionsOf)).toBe(true)
  expect(isIncomplete(region('a', 'car', { colour: 'blue' }), definitionsOf)).toBe(false)
  expect(isIncomplete(region('a', 'dog'), definitionsOf)).toBe(false)
})

it('puts on the label what is wanted there', () => {
  expect(labelSuffix(region('a', 'car', { colour: 'red', damaged: true }), definitionsOf)).toBe(' · red · damaged')
  expect(labelSuffix(region('a', 'car', { colour: 'red', damaged: false }), definitionsOf)).toBe(' · red')
  expect(labelSuffix(region('a', 'car'), definitionsOf)).toBe('')
})
