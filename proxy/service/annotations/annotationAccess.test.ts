import { describe, expect, it } from 'vitest'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { type AnnotationAction, may, type Person, type Subject } from './annotationAccess.ts'

const owner: Person = { id: 'owner', role: 'owner' }
const ann: Person = { id: 'ann', role: 'collaborator' }
const rex: Person = { id: 'rex', role: 'collaborator', reviewer: true }
const solo: Person = { id: 'owner', role: 'owner', reviewer: true, reviewsOwnWork: true }

const success = StatusCode.ANNOTATION_SUCCESS
const pending = StatusCode.ANNOTATION_PENDING
const awaiting = StatusCode.ANNOTATION_AWAITING_REVIEW
const consensus = StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW
const denied = StatusCode.ANNOTATION_REVIEW_DENIED

const by = (author: string | undefined, status: StatusCode = success, assigned = false): Subject => ({
  author,
  status,
  inputLevel: false,
  assigned,
})
const post = (author: string | undefined): AnnotationAction => ({ do: 'post', author })
const patch = (subject: Subject, status?: StatusCode): AnnotationAction => ({ do: 'patch', subject, status })
const remove = (subject: Subject): AnnotationAction => ({ do: 'delete', subject })
const give = (subject: Subject): AnnotationAction => ({ do: 'changeAuthor', subject })

// api.md §5.2, written by hand, row by row
const table: [what: string, person: Person, action: AnnotationAction, allowed: boolean][] = [
  ['the owner posts as self', owner, post('owner'), true],
  ['a collaborator posts as self', ann, post('ann'), true],
  ['the owner posts for another', owner, post('ann'), true],
  ['a collaborator posts for another', ann, post('rex'), false],
  ['a collaborator posts for the owner', ann, post('owner'), false],
  ['the owner posts for a model', owner, post(undefined), true],
  ['a collaborator posts for a model', ann, post(undefined), false],
  ['the owner patches own', owner, patch(by('owner')), true],
  ['a collaborator patches own', ann, patch(by('ann')), true],
  ["the owner patches a collaborator's", owner, patch(by('ann')), true],
  ["a collaborator patches another collaborator's", ann, patch(by('rex')), false],
  ["a collaborator patches the owner's", ann, patch(by('owner')), false],
  ["the owner patches a model's", owner, patch(by(undefined)), false],
  ["a collaborator patches a model's", ann, patch(by(undefined)), false],
  ["a reviewer patches another's before review", rex, patch(by('ann', pending)), false],
  ["a reviewer patches another's under review", rex, patch(by('ann', awaiting)), true],
  ["a reviewer patches another's after review", rex, patch(by('ann', success)), false],
  ["the owner deletes a collaborator's", owner, remove(by('ann')), true],
  ["the owner deletes a model's", owner, remove(by(undefined)), true],
  ['a collaborator deletes own', ann, remove(by('ann')), true],
  ["a collaborator deletes another's", ann, remove(by('rex')), false],
  ["a collaborator deletes a model's", ann, remove(by(undefined)), false],
  ["a reviewer deletes another's under review", rex, remove(by('ann', awaiting)), true],
  ["a reviewer deletes another's that is done", rex, remove(by('ann')), false],
  ['the owner gives an annotation to another', owner, give(by('ann')), true],
  ["the owner gives a model's to a person", owner, give(by(undefined)), false],
  ['a collaborator gives own away', ann, give(by('ann')), false],
]

// decisions §7: free outside assignments, bound within
const moves: [what: string, person: Person, from: StatusCode, to: StatusCode, assigned: boolean, allowed: boolean][] = [
  ['the author, free', ann, pending, success, false, true],
  ['the author, free, to any', ann, success, denied, false, true],
  ['the owner, free', owner, awaiting, pending, false, true],
  ['the author submits', ann, pending, awaiting, true, true],
  ['the author submits to consensus', ann, pending, consensus, true, true],
  ['the author finishes without review', ann, pending, success, true, true],
  ['the author approves own', ann, awaiting, success, true, false],
  ['the author denies own', ann, awaiting, denied, true, false],
  ['the author takes it back', ann, awaiting, pending, true, true],
  ['the author submits again', ann, denied, awaiting, true, true],
  ['the author leaves consensus', ann, consensus, success, true, false],
  ['the author reopens', ann, success, pending, true, false],
  ['a reviewer approves', rex, awaiting, success, true, true],
  ['a reviewer asks for changes', rex, awaiting, pending, true, true],
  ['a reviewer denies', rex, awaiting, denied, true, true],
  ['a reviewer approves what is not submitted', rex, pending, success, true, false],
  ['the owner approves', owner, awaiting, success, true, true],
  ['the owner reopens', owner, success, pending, true, true],
  ['staying', ann, awaiting, awaiting, true, true],
]

describe('rights on annotations', () => {
  it.each(table)('%s', (_, person, action, allowed) => {
    expect(may(person, action)).toBe(allowed)
  })

  it.each(moves)('moving the state: %s', (_, person, from, to, assigned, allowed) => {
    expect(may(person, patch(by('ann', from, assigned), to))).toBe(allowed)
  })

  it('lets nobody review their own work, unless the owner allows it', () => {
    const own = by('rex', awaiting, true)
    expect(may(rex, patch(own, success))).toBe(false)
    expect(may({ ...rex, reviewsOwnWork: true }, patch(own, success))).toBe(true)
    expect(may(solo, patch(by('owner', awaiting, true), success))).toBe(true)
  })

  it('lets a reviewer outside assignments pass a verdict and no more', () => {
    expect(may(rex, patch(by('ann', awaiting), success))).toBe(true)
    expect(may(rex, patch(by('ann', awaiting), consensus))).toBe(false)
  })

  it('knows no other states', () => {
    expect(may(owner, patch(by('owner'), StatusCode.ANNOTATION_FAILED))).toBe(false)
  })
})
