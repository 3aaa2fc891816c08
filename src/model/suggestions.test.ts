import { expect, it } from 'vitest'
import { aBox, aRegion, byKey } from '#testing/builders.ts'
import { imageAnnotationId } from './imageConcepts.ts'
import { answerKey, tagsOf, withTag } from './imageTags.ts'
import { drawnRegions, suggestionsIn, withoutAnswered } from './suggestions.ts'

const model = { kind: 'model', id: 'detector', version: '1' } as const
const context = { owner: 'olga', app: 'cars', inputId: 'photo', userId: 'ana' }
const own = imageAnnotationId(context)
const suggested = (id: string, score: number) => aRegion(id, aBox(0, 0, 9, 9), { madeBy: model, score })
const a = suggested('a', 0.4)
const b = suggested('b', 0.9)
const mine = aRegion('mine', aBox(5, 5, 9, 9))

it('an answer is kept on the person’s annotation of the image, and taken back', () => {
  const said = withTag(undefined, answerKey(own, a.key), 1, context)!
  expect(said.annotationInfo).toEqual({ marquee: { answered: { 'a/a': true } } })
  expect([...tagsOf([said])]).toEqual([[answerKey(own, a.key), 1]])
  const both = withTag(withTag(said, answerKey(own, b.key), 1, context), answerKey(own, a.key), undefined, context)!
  expect(both.annotationInfo).toEqual({ marquee: { answered: { 'a/a': false, 'b/b': true } } })
  expect([...tagsOf([both]).keys()]).toEqual([answerKey(own, b.key)])
})

it('what is answered, or has been made a region of the same id, is not suggested any more', () => {
  const none = new Map()
  expect(withoutAnswered([a, b, mine], none, own)).toEqual([a, b, mine])
  expect(withoutAnswered([a, b, mine], new Map([[answerKey(own, a.key), 1]]), own)).toEqual([b, mine])
  // what somebody else has answered is still a question to this person
  expect(withoutAnswered([a, b], new Map([[answerKey('theirs', a.key), 1]]), own)).toEqual([a, b])
  const taken = { ...mine, id: 'b' }
  expect(withoutAnswered([a, b, taken], none, own)).toEqual([a, taken])
  // a place in a message is no name: another message has a first region, too
  const first = { ...a, id: '#0', key: 'a/#0' }
  expect(withoutAnswered([first, { ...mine, id: '#0' }], none, own)).toHaveLength(2)
})

it('drawn and suggested regions are told apart, the surest suggestion first', () => {
  const all = byKey(a, mine, b)
  expect([...drawnRegions(all).values()]).toEqual([mine])
  expect(drawnRegions(all)).toBe(drawnRegions(all))
  const drawn = byKey(mine)
  expect(drawnRegions(drawn)).toBe(drawn)
  expect(suggestionsIn(all.values())).toEqual([b, a])
})
