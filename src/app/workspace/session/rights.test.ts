import { describe, expect, it } from 'vitest'
import { aBox, aRegion } from '#testing/builders.ts'
import { whyNotEdit } from './rights.ts'

const scope = { owner: 'olga', app: 'cars' }
const nameOf = (id: string) => ({ ben: 'Ben Ito' })[id] ?? id
const by = (id: string) => aRegion('r', aBox(0, 0, 1, 1), { madeBy: { kind: 'user', id } })
const byModel = aRegion('r', aBox(0, 0, 1, 1), { madeBy: { kind: 'model', id: 'detector', version: 'v1' } })

describe('whyNotEdit', () => {
  it.each([
    ['one’s own', by('ana'), 'ana', undefined],
    ['the owner, somebody else’s', by('ben'), 'olga', undefined],
    ['a region without an author', by(''), 'ana', undefined],
    ['somebody else’s', by('ben'), 'ana', /Ben Ito/],
    ['the owner’s', by('olga'), 'ana', /olga, who owns the app/],
    ['a model’s', byModel, 'ana', /detector/],
    ['a model’s, for the owner', byModel, 'olga', /detector/],
  ])('%s', (_, region, me, why) => {
    const reason = whyNotEdit(region, { scope, me, nameOf })
    if (why) expect(reason).toMatch(why)
    else expect(reason).toBeUndefined()
  })

  it('leaves what people made apart as it is while it is compared, for the owner too', () => {
    const why = (region: typeof byModel, me: string) => whyNotEdit(region, { scope, me, nameOf, compares: true })
    expect(why(by('ben'), 'olga')).toMatch(/Ben Ito.*choose it/)
    expect(why(by('olga'), 'olga')).toBeUndefined()
  })
})
