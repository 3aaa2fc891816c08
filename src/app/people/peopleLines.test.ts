import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import { FormerPersonSchema } from '#gen/marquee/v1/office_pb.ts'
import { PersonProgressSchema } from '#gen/marquee/v1/team_pb.ts'
import { CollaboratorSchema, UserSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { strangersIn } from './peopleLines.ts'

it('knows who has work here and is in neither list: they may have joined since', () => {
  const there = [create(CollaboratorSchema, { id: 'c1', user: create(UserSchema, { id: 'lab' }) })]
  const left = [create(FormerPersonSchema, { userId: 'gone' })]
  const progress = ['owner', 'lab', 'gone', 'newcomer'].map((userId) => create(PersonProgressSchema, { userId }))
  expect(strangersIn('owner', there, left, progress)).toEqual(['newcomer'])
})
