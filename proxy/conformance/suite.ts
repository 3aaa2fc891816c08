import { afterAll, beforeAll, describe } from 'vitest'
import { capabilities, forCapabilities } from './capabilities.ts'
import { seedExamples } from './seedExamples.ts'
import type { Protocol, StartTarget, Target } from './target.ts'

/** The page's examples over every protocol, and what it states over these (all unless told), of one target. */
export const suite = (name: string, start: StartTarget, protocols?: readonly Protocol[]): void => {
  describe(name, () => {
    let target: Target
    beforeAll(async () => {
      target = await start(forCapabilities)
    }, 90_000)
    afterAll(() => target?.stop())
    seedExamples(() => target)
    capabilities(() => target, protocols)
  })
}
