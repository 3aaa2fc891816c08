// biome-ignore lint/style/noRestrictedImports: used by tests only, which is where vitest is at home
import { beforeEach } from 'vitest'
import { aBox } from '#proxy/service/annotations/annotationTesting.ts'
import type { Store } from '#proxy/store/open.ts'
import { aTaskWorld, reviewedBy, type SentTask, type TaskClient, type TaskWorld } from './taskTesting.ts'

/** Statuses of annotations, by their words. */
export const success = 24150
export const pending = 24151
export const awaiting = 24157
export const denied = 24158
export const consensus = 24159

export const manual = (users: string[], info = {}): SentTask => ({
  review: reviewedBy('manual', users, { manual: info }),
})
export const byConsensus = (users: string[], info = {}): SentTask => ({
  review: reviewedBy('consensus', users, { consensus: info }),
})

/** A fresh world of 25 inputs for each test, and what tests of work in tasks do in it. */
export const workIn = (store: () => Store) => {
  let world: TaskWorld
  beforeEach(async () => {
    world = await aTaskWorld(store(), 25)
  })
  const who = (id: string): TaskClient => world.who(id)
  return {
    get world() {
      return world
    },
    who,
    made: async (task: SentTask): Promise<string> => (await who('owner').task(task)).id,
    draw: (id: string, taskId: string, inputId: string, annotationId: string, concept = 'car') =>
      who(id).post({ ...aBox(inputId, annotationId, [concept]), taskId }),
    states: async (inputId: string, as = 'owner') =>
      Object.fromEntries(
        (await who(as).list({ inputIds: [inputId] })).map((annotation) => [annotation.id, annotation.status!.code]),
      ),
  }
}

export type WorkIn = ReturnType<typeof workIn>
