import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { FormerPersonSchema } from '#gen/marquee/v1/office_pb.ts'
import { PersonProgressSchema } from '#gen/marquee/v1/team_pb.ts'
import { CollaboratorSchema, UserSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { peopleLines, strangersIn } from './peopleLines.ts'

it('knows who has work here and is in neither list: they may have joined since', () => {
  const there = [create(CollaboratorSchema, { id: 'c1', user: create(UserSchema, { id: 'lab' }) })]
  const left = [create(FormerPersonSchema, { userId: 'gone' })]
  const progress = ['owner', 'lab', 'gone', 'newcomer'].map((userId) => create(PersonProgressSchema, { userId }))
  expect(strangersIn('owner', there, left, progress)).toEqual(['newcomer'])
})

it('has one line a person, also while one list says that they went and the other not yet', () => {
  const there = [create(CollaboratorSchema, { id: 'c1', user: create(UserSchema, { id: 'lab' }) })]
  const left = [create(FormerPersonSchema, { userId: 'lab', mayReturn: true })]
  const lines = peopleLines('owner', { id: 'owner', firstName: '', lastName: '' }, there, [], [], left)
  expect(lines.map(({ id }) => id)).toEqual(['owner', 'lab'])
})
