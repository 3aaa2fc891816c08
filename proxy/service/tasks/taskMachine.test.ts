import fc from 'fast-check'
import { it } from 'vitest'
import { openMemoryStore } from '#proxy/store/memory.ts'
import { setup, step } from './taskMachineSteps.ts'
import { Machine } from './taskMachineTesting.ts'

/** Raised for long runs (`npm run soak`). */
const runs = Number(process.env.TASK_RUNS ?? 60)

it(
  'never comes to a state that is not allowed, and never gets stuck',
  async () => {
    await fc.assert(
      fc.asyncProperty(setup, fc.array(step, { minLength: 20, maxLength: 60 }), async (how, steps) => {
        const store = await openMemoryStore()
        try {
          const machine = await Machine.make(store, how)
          for (const one of steps) await machine.run(one)
          await machine.finish()
        } finally {
          await store.close()
        }
      }),
      { numRuns: runs },
    )
  },
  Math.max(60_000, runs * 2000),
)
