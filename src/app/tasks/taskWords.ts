import type { TaskDraft } from './taskDraft.ts'

/** How a task's work is reviewed, in a few words. */
export function reviewWords({ review, sample, agree }: Pick<TaskDraft, 'review' | 'sample' | 'agree'>): string {
  if (review === 'none') return 'None'
  if (review === 'consensus') return `Consensus of ${agree}`
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
