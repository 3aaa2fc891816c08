import type { Command, StudioReview } from './command.ts'
import { ofStudio } from './studioCommand.ts'

/** With the image open to review somebody's work, and the reviewer not fixing it. */
const ofReview = (id: string, title: string, keys: readonly string[], run: (review: StudioReview) => void): Command =>
  ofStudio({
    id: `review.${id}`,
    title,
    group: 'Review',
    keys,
    scope: 'reviewing',
    when: ({ review }) => review !== undefined && !review.fixing && (id !== 'compare' || review.compare !== undefined),
    run: ({ review }) => review && run(review),
  })

/** Stand before all others: while one reviews, their keys mean this. */
export const reviewCommands: readonly Command[] = [
  ofReview('approve', 'Approve this work', ['Y'], (r) => r.approve()),
  ofReview('changes', 'Request changes: back to its author', ['U'], (r) => r.requestChanges()),
  ofReview('deny', 'Deny this work', ['X'], (r) => r.deny()),
  ofReview('fix', 'Fix it yourself', ['E'], (r) => r.fix()),
  ofReview('right', 'The selected region is right', ['Shift+Y'], (r) => r.right()),
  ofReview('wrong', 'The selected region is wrong', ['Shift+X'], (r) => r.wrong()),
  ofReview('compare', 'What changed since it was sent back', ['C'], (r) => r.compare?.()),
  ofStudio({
    id: 'review.fixed',
    title: 'Fix and approve',
    group: 'Review',
    keys: ['Ctrl+Enter'],
    scope: 'reviewing',
    when: ({ review }) => review !== undefined,
    run: ({ review }) => review?.approve(),
  }),
  ofStudio({
    id: 'review.stopFixing',
    title: 'Stop fixing: back to the review',
    group: 'Review',
    keys: [],
    when: ({ review }) => review?.fixing === true,
    run: ({ review }) => review?.stopFixing(),
  }),
]

/** About the notes on an image, whatever it is open for. */
export const noteCommands: readonly Command[] = [
  ofStudio({
    id: 'notes.add',
    title: 'Add a note here or on the selection',
    group: 'Notes',
    keys: ['Shift+N'],
    run: ({ notes }) => notes.add(),
  }),
  ofStudio({
    id: 'notes.toggle',
    title: 'Show or hide the pins of notes',
    group: 'Notes',
    keys: ['M'],
    when: ({ notes }) => notes.toggle !== undefined,
    run: ({ notes }) => notes.toggle?.(),
  }),
]
