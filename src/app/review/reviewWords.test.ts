import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { WorkItemSchema } from '#gen/marquee/v1/team_pb.ts'
import { elsewhereWords } from './reviewWords.ts'

const item = (workerId: string, openedBy = '') => create(WorkItemSchema, { id: workerId, workerId, openedBy })
const words = (...items: ReturnType<typeof item>[]) => elsewhereWords(items, 'me', (id) => id.toUpperCase())

it('says with whom the rest is, and what is one’s own', () => {
  expect(words()).toBe('')
  expect(words(item('ana', 'rosa'), item('ben', 'rosa'))).toBe('2 images are open with ROSA now.')
  expect(words(item('ana', 'rosa'), item('me'))).toBe(
    '1 image is open with ROSA now. 1 image of your own waits for somebody else.',
  )
})
