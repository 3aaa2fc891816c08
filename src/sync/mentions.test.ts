import { describe, expect, it } from 'vitest'
import { mentionAt, mentionParts, mentionsIn, suggested } from './mentions.ts'

const people = [
  { id: 'ana', name: 'Ana Annotator' },
  { id: 'rosa.r', name: 'Rosa Reviewer' },
  { id: 'tom-2', name: 'Tom' },
]

describe('who a note names', () => {
  it('knows ids, wherever the sentence ends, each once', () =>
    expect(mentionsIn('@ana, see @rosa.r. And @tom-2: @ana!', people)).toEqual(['ana', 'rosa.r', 'tom-2']))
  it('leaves alone what is nobody', () => expect(mentionsIn('mail@example.org @bob', people)).toEqual([]))
  it('takes a text apart', () =>
    expect(mentionParts('Hi @ana, ok', (id) => id === 'ana')).toEqual([
      { text: 'Hi ' },
      { text: '@ana', id: 'ana' },
      { text: ', ok' },
    ]))
  it('knows when somebody is being named', () => {
    expect(mentionAt('see @ro', 7)).toEqual({ from: 4, asked: 'ro' })
    expect(mentionAt('@', 1)).toEqual({ from: 0, asked: '' })
    expect(mentionAt('mail@ex', 7)).toBeUndefined()
    expect(mentionAt('@rosa wide', 10)).toBeUndefined()
  })
  it('suggests by beginnings first', () => {
    expect(suggested(people, 'r').map(({ id }) => id)).toEqual(['rosa.r', 'ana', 'tom-2'].slice(0, 2))
    expect(suggested(people, 'anno').map(({ id }) => id)).toEqual(['ana'])
    expect(suggested(people, '').map(({ id }) => id)).toEqual(['ana', 'rosa.r', 'tom-2'])
  })
})
