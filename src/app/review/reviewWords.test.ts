import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { workState } from '#app/work/workStates.ts'
import { WorkItemSchema } from '#gen/marquee/v1/team_pb.ts'
import { elsewhereWords, mayReopen } from './reviewWords.ts'

const item = (workerId: string, openedBy = '') => create(WorkItemSchema, { id: workerId, workerId, openedBy })
const words = (...items: ReturnType<typeof item>[]) => elsewhereWords(items, 'me', (id) => id.toUpperCase())

it('is reopened by the owner, by who approved it, and by any reviewer where no person did', () => {
  const approved = (decidedBy: string, workerId = 'ana') =>
    create(WorkItemSchema, { workerId, decidedBy, state: workState.done })
  expect(mayReopen(approved('rosa'), 'owner', 'owner')).toBe(true)
  expect(mayReopen(approved('rosa'), 'rosa', 'owner')).toBe(true)
  expect(mayReopen(approved(''), 'rosa', 'owner')).toBe(true)
  expect(mayReopen(approved('nina'), 'rosa', 'owner')).toBe(false)
  expect(mayReopen(approved('', 'rosa'), 'rosa', 'owner')).toBe(false)
  expect(mayReopen(item('ana'), 'owner', 'owner')).toBe(false)
})

it('says with whom the rest is, and what is one’s own', () => {
  expect(words()).toBe('')
  expect(words(item('ana', 'rosa'), item('ben', 'rosa'))).toBe('2 images are open with ROSA now.')
  expect(words(item('ana', 'rosa'), item('me'))).toBe(
    '1 image is open with ROSA now. 1 image of your own waits for somebody else.',
  )
})
