import type { AppSettings } from '#sync/appSettings.ts'

type Policy = Pick<AppSettings, 'review' | 'reviewers'>

/** What becomes of assigned work that is submitted, in a sentence. */
export function policyWords({ review, reviewers }: Policy, nameOf: (id: string) => string): string {
  const by = reviewers.length > 0 ? listed(reviewers.map(nameOf)) : 'the owner'
  switch (review) {
    case 'none':
      return 'What is submitted is done at once.'
    case 'manual':
      return `What is submitted goes to review by ${by}.`
    case 'consensus':
      return `What is submitted is done when everybody who has the image agrees; else it goes to review by ${by}.`
  }
}

const listed = (names: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(names.length > 4 ? [...names.slice(0, 3), 'others'] : names)
