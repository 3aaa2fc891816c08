import type { ConceptTag } from './region.ts'
import type { Worker } from './worker.ts'

// What thousands of regions say alike is one object: of 100,000 these were 8 MB. There are as many as concepts and people.

const tagged = new Map<string, readonly ConceptTag[]>()
const workers = new Map<string, Worker>()

const kept = <V>(all: Map<string, V>, name: string, value: V): V => {
  const before = all.get(name)
  if (before === undefined) all.set(name, value)
  return before ?? value
}

/** The same list, where it says that one concept is present; others have too many values to be kept. */
export const alikeTags = (tags: readonly ConceptTag[]): readonly ConceptTag[] => {
  const [first] = tags
  return first?.value === 1 && tags.length === 1 ? kept(tagged, first.id, tags) : tags
}

export const alikeWorker = (worker: Worker): Worker =>
  kept(workers, worker.kind === 'user' ? `user ${worker.id}` : `model ${worker.version} ${worker.id}`, worker)
