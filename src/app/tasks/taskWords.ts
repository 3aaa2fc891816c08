import type { TaskDraft } from './taskDraft.ts'

/** How a task's work is reviewed, in a few words. */
export function reviewWords({ review, sample, agree }: Pick<TaskDraft, 'review' | 'sample' | 'agree'>): string {
  if (review === 'none') return 'None'
  if (review === 'consensus') return agree === 0 ? 'Consensus, by reviewers' : `Consensus of ${agree}`
  return sample < 100 ? `${sample}% by reviewers` : 'By reviewers'
}

/** How a task's inputs are given to people, in a sentence's end. */
export function giveWords({ give, perInput }: Pick<TaskDraft, 'give' | 'perInput'>): string {
  const each = perInput > 1 ? `, ${perInput} people on each input` : ''
  switch (give) {
    case 'even':
      return `split evenly${each}`
    case 'weighted':
      return `split by weight${each}`
    case 'full':
      return 'every input to everybody'
    case 'queue':
      return 'a shared queue: whoever is free takes the next'
  }
}

const fields: Readonly<Record<keyof TaskDraft, string>> = {
  name: 'the name',
  type: 'what is drawn',
  source: 'the inputs',
  sourceId: 'the inputs',
  concepts: 'the concepts',
  instructions: 'the instructions',
  labelers: 'the labelers',
  give: 'how inputs are given out',
  perInput: 'the people per input',
  review: 'the review',
  sample: 'how much is reviewed',
  agree: 'how many must agree',
  overlap: 'the overlap that counts as the same',
  reviewers: 'the reviewers',
  priority: 'the priority',
}

/** Fields of a task in a sentence: "the name and the labelers". */
export const changedWords = (names: readonly (keyof TaskDraft)[]): string =>
  new Intl.ListFormat('en').format(new Set(names.map((name) => fields[name])))
