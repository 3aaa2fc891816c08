import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { describe, expect, it } from 'vitest'
import { roles } from '#app/people/roles.ts'
import { type ChangeAction, ChangeSchema } from '#gen/marquee/v1/office_pb.ts'
import { acts, deed, detail, grouped } from './activityWords.ts'

const change = (more: MessageInitShape<typeof ChangeSchema>, seconds = 1000) =>
  create(ChangeSchema, {
    kind: 'annotation',
    action: acts.added,
    personId: 'ann',
    inputId: 'i0',
    at: timestampFromMs(seconds * 1000),
    ...more,
  })
const nameOf = (id: string) => id.toUpperCase()

describe('grouped', () => {
  it('puts together what one person did of one kind without a pause', () => {
    const groups = grouped([
      change({}, 2000),
      change({ inputId: 'i1' }, 1990),
      change({ action: acts.deleted }, 1980),
      change({}, 1975),
      change({ personId: 'bo', action: acts.deleted }, 1970),
      change({ personId: 'bo', action: acts.deleted }, 1300),
      change({ personId: 'bo', action: acts.deleted, note: true }, 1290),
    ])
    expect(groups.map((group) => [group.person, deed(group)])).toEqual([
      ['ann', 'added 3 labels on 2 inputs'],
      ['ann', 'deleted 1 label'],
      ['bo', 'deleted 1 label'],
      ['bo', 'deleted 1 label'],
      ['bo', 'deleted 1 note'],
    ])
  })
})

describe('detail', () => {
  it('tells status, concepts and regions apart', () => {
    const regions = [
      { action: acts.added, conceptsAfter: ['car'] },
      { action: acts.deleted, conceptsBefore: [] },
      { action: acts.changed, moved: true, conceptsBefore: ['car'], conceptsAfter: ['van'] },
    ]
    const done = change({ action: acts.changed, statusBefore: 24157, statusAfter: 24150, regions })
    expect(detail(done, nameOf)).toBe('waiting for review → done · + CAR · − unlabelled · CAR → VAN, moved')
  })
  it('says how many regions it leaves out, and what was only moved', () => {
    const regions = Array.from({ length: 5 }, () => ({
      action: acts.changed,
      moved: true,
      conceptsBefore: ['car'],
      conceptsAfter: ['car'],
    }))
    expect(detail(change({ regions }), nameOf)).toBe('CAR moved · CAR moved · CAR moved · and 2 more regions')
  })
  it('says who joined, was given other rights, and left', () => {
    const { scopes } = roles.find(({ id }) => id === 'label')!
    const by = (personId: string, action: ChangeAction) =>
      change({ kind: 'collaborator', itemId: 'bo', inputId: '', personId, action, scopes: [...scopes] })
    const said = (one: ReturnType<typeof by>) => [deed(grouped([one])[0]!), detail(one, nameOf, nameOf)]
    expect(said(by('ann', acts.added))).toEqual(['added 1 person', 'BO · can label'])
    expect(said(by('ann', acts.changed))).toEqual(['changed what may be done by 1 person', 'BO · can label'])
    expect(said(by('ann', acts.deleted))).toEqual(['removed 1 person', 'BO · had: can label'])
    expect(said(by('bo', acts.added))[0]).toBe('joined by an invitation')
    expect(said(by('bo', acts.deleted))[0]).toBe('left')
  })
  it('names what is no annotation', () => {
    expect(detail(change({ kind: 'concept', name: 'Boat', itemId: 'boat' }), nameOf)).toBe('Boat')
    expect(detail(change({ kind: 'dataset', itemId: 'train' }), nameOf)).toBe('train')
  })
})
