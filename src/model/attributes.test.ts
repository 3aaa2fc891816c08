import type { JsonObject } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import {
  type AttributeDefinition,
  attributeText,
  checkDefinitions,
  definitionJson,
  definitionsOf,
  missingAttributes,
  sameAttributes,
  standardAttributes,
  whyNotValue,
  withAttribute,
} from './attributes.ts'

const colour: AttributeDefinition = {
  name: 'colour',
  kind: 'choice',
  options: ['red', 'blue'],
  required: true,
  onLabel: true,
  standard: 'red',
}
const count: AttributeDefinition = { name: 'count', kind: 'number', min: 0, max: 9, required: true, onLabel: false }
const note: AttributeDefinition = { name: 'note', kind: 'text', required: false, onLabel: false }
const damaged: AttributeDefinition = {
  name: 'damaged',
  kind: 'checkbox',
  required: false,
  onLabel: false,
  standard: false,
}
const all = [colour, count, note, damaged]

it('reads the definitions it has written, and leaves out what is none', () => {
  const written = { marquee: { color: '#112233', attributes: all.map(definitionJson) } }
  expect(definitionsOf({ metadata: written }).map(definitionJson)).toEqual(all.map(definitionJson))
  expect(definitionJson(damaged)).toEqual({ name: 'damaged', kind: 'checkbox', standard: false })
  const spoilt: JsonObject = {
    marquee: { attributes: [1, { name: 'x' }, { name: '', kind: 'text' }, { name: 'a', kind: 'choice' }] },
  }
  expect(definitionsOf({ metadata: spoilt })).toEqual([])
  expect(definitionsOf({})).toEqual([])
})

describe('whyNotValue', () => {
  it.each([
    [colour, 'blue', undefined],
    [colour, 'pink', 'colour: choose one of the options.'],
    [count, 9, undefined],
    [count, 10, 'count: must be at most 9.'],
    [count, -1, 'count: must be at least 0.'],
    [count, '3', 'count: must be a number.'],
    [note, 'x'.repeat(2001), 'note: at most 2000 characters.'],
    [damaged, 'yes', 'damaged: must be yes or no.'],
  ] as const)('%o, %o', (definition, value, why) => {
    expect(whyNotValue(definition, value)).toBe(why)
  })
})

it('says what is wrong with definitions, by place and field', () => {
  expect(checkDefinitions(all)).toEqual([])
  const bad: AttributeDefinition[] = [
    { ...note, name: ' ' },
    { ...colour, options: [] },
    { ...colour, options: ['a', 'a'], standard: 'b' },
    { ...count, min: 5, max: 1 },
  ]
  expect(checkDefinitions(bad).map(({ at, field }) => [at, field])).toEqual([
    [0, 'name'],
    [1, 'options'],
    [1, 'standard'],
    [2, 'options'],
    [2, 'standard'],
    [3, 'max'],
    [2, 'name'],
  ])
})

it('gives new regions the standard values, and knows what is missing', () => {
  expect(standardAttributes(all)).toEqual({ colour: 'red', damaged: false })
  expect(standardAttributes([note])).toBeUndefined()
  expect(missingAttributes(all, { colour: 'red' })).toEqual([count])
  expect(missingAttributes(all, { colour: 'pink', count: 3 })).toEqual([colour])
})

it('sets and takes away one, and compares whatever the order', () => {
  expect(withAttribute(undefined, 'a', 1)).toEqual({ a: 1 })
  expect(withAttribute({ a: 1, theirs: [1] }, 'a', undefined)).toEqual({ theirs: [1] })
  expect(withAttribute({ a: 1 }, 'a', undefined)).toBeUndefined()
  expect(sameAttributes({ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 })).toBe(true)
  expect(sameAttributes({ a: 1 }, { a: 1, b: 2 })).toBe(false)
  expect(sameAttributes(undefined, {})).toBe(true)
  expect([true, 3, 'x', [1]].map((value) => attributeText(value))).toEqual(['yes', '3', 'x', '[1]'])
})
