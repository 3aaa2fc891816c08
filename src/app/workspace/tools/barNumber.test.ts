import { expect, it } from 'vitest'
import { numberDone } from './barNumber.ts'

it.each([
  [{ key: 'Enter' }, {}],
  [{ key: 'Escape' }, { back: 20 }],
  [{ key: '4' }, undefined],
  [{ key: 'Backspace' }, undefined],
  [{ key: 'Tab' }, undefined],
  [{ key: 'Enter', isComposing: true }, undefined],
])('in a number of the tool bar %j gives the keyboard back: %j', (press, done) => {
  expect(numberDone(press, 20)).toEqual(done)
})
