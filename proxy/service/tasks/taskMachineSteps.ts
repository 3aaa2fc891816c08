// biome-ignore lint/style/noRestrictedImports: used by tests only, which is where fast-check is at home
import fc from 'fast-check'

// Random people do random things in a random task. After each step the answer and the whole task are held against what
// the rules of decisions §7 allow; at the end the task is worked off, which must always be possible.

export const done = 54200
export const open = 54201
export const review = 54202
export const others = 54203
export const rejected = 54204

export const labelers = ['w0', 'w1', 'w2'] as const
export const everybody = [...labelers, 'r0', 'r1', 'owner'] as const
export type Who = (typeof everybody)[number]

export type Step =
  | { readonly do: 'start' | 'startReview'; readonly who: Who }
  | { readonly do: 'draw'; readonly who: Who; readonly pick: number; readonly concept: string }
  | { readonly do: 'submit' | 'approve' | 'changes' | 'reject' | 'takeBack'; readonly who: Who; readonly pick: number }
  | { readonly do: 'race'; readonly pick: number }
  | { readonly do: 'skip' | 'open'; readonly who: Who; readonly pick: number }
  | { readonly do: 'leave'; readonly who: Who }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'workers'; readonly who: readonly Who[] }
  | { readonly do: 'startBoth' }
  | { readonly do: 'rest' | 'taskGone' | 'inputGone'; readonly pick: number }

export const who = fc.constantFrom(...everybody)
export const worker = fc.constantFrom<Who>(...labelers)
export const reviewer = fc.constantFrom<Who>('r0', 'r1', 'owner')
export const pick = fc.nat(40)
export const oneOf = <T extends string>(...words: T[]) => fc.constantFrom(...words)

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: oneOf('start'), who: worker }) },
  { weight: 4, arbitrary: fc.record({ do: oneOf('draw'), who: worker, pick, concept: oneOf('car', 'van') }) },
  { weight: 7, arbitrary: fc.record({ do: oneOf('submit'), who: worker, pick }) },
  { weight: 2, arbitrary: fc.record({ do: oneOf('startReview'), who: reviewer }) },
  { weight: 6, arbitrary: fc.record({ do: oneOf('approve', 'changes', 'reject'), who: reviewer, pick }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('start', 'startReview'), who }) },
  { weight: 2, arbitrary: fc.record({ do: oneOf('submit', 'approve', 'changes', 'reject', 'takeBack'), who, pick }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('race'), pick }) },
  { weight: 3, arbitrary: fc.record({ do: oneOf('skip'), who: worker, pick }) },
  { weight: 3, arbitrary: fc.record({ do: oneOf('open'), who, pick }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('leave'), who: fc.constantFrom<Who>('w0', 'w1', 'w2', 'r0', 'r1') }) },
  { weight: 2, arbitrary: fc.record({ do: oneOf('wait'), seconds: fc.integer({ min: 5, max: 150 }) }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('startBoth') }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('rest', 'taskGone', 'inputGone'), pick }) },
  { weight: 1, arbitrary: fc.record({ do: oneOf('workers'), who: fc.subarray<Who>([...labelers], { minLength: 1 }) }) },
)

export interface Setup {
  readonly strategy: 'partitioned' | 'full' | 'dynamic'
  readonly review: 'none' | 'manual' | 'consensus'
  readonly sample: number
  readonly labelers: number
  readonly all: boolean
  readonly inputs: number
}

export const setup: fc.Arbitrary<Setup> = fc.record({
  strategy: oneOf('partitioned', 'full', 'dynamic'),
  review: oneOf('none', 'manual', 'consensus'),
  sample: fc.constantFrom(1, 0.5),
  labelers: fc.integer({ min: 0, max: 2 }),
  all: fc.boolean(),
  inputs: fc.integer({ min: 1, max: 5 }),
})
