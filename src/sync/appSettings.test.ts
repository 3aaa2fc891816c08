import { expect, it } from 'vitest'
import { changeSettings, settingsOf } from './appSettings.ts'
import type { Clients } from './client.ts'

type Metadata = Parameters<typeof settingsOf>[0]

it.each([
  [undefined, { review: 'none', reviewers: [], reviewsOwnWork: false, sharedVertices: true }],
  [{}, { review: 'none', reviewers: [], reviewsOwnWork: false, sharedVertices: true }],
  [{ marquee: 3 }, { review: 'none', reviewers: [], reviewsOwnWork: false, sharedVertices: true }],
  [
    { marquee: { review: 'later', reviewers: 'ana', sharedVertices: 'no' } },
    { review: 'none', reviewers: [], reviewsOwnWork: false, sharedVertices: true },
  ],
  [
    { marquee: { review: 'manual', reviewers: ['ana', 1], reviewsOwnWork: true, sharedVertices: false } },
    { review: 'manual', reviewers: ['ana'], reviewsOwnWork: true, sharedVertices: false },
  ],
])('reads %j; what is odd counts as never set', (metadata, settings) => {
  expect(settingsOf(metadata && ({ metadata } as unknown as Metadata))).toEqual(settings)
})

it('changes one and leaves everything else of the metadata', async () => {
  const kept = { team: 'harbour', marquee: { overlap: 0.5, reviewers: ['ana'], sharedVertices: true } }
  const sent: unknown[] = []
  const status = { code: 10000 }
  const api = {
    getApp: async () => ({ status, app: { metadata: kept } }),
    patchApps: async (request: unknown) => {
      sent.push(request)
      return { status }
    },
  }
  await changeSettings({ api } as unknown as Clients, { owner: 'me', app: 'demo' }, () => ({ sharedVertices: false }))
  expect(sent).toMatchObject([
    {
      action: 'overwrite',
      apps: [
        {
          id: 'demo',
          metadata: { team: 'harbour', marquee: { overlap: 0.5, reviewers: ['ana'], sharedVertices: false } },
        },
      ],
    },
  ])
})
