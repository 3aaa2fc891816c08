/** Names of clarifai.auth.scope.S, or everything (a session, the owner of an app). */
export type Scopes = readonly string[] | 'all'

/** What a scope gives besides itself: X_Add reads too, X_Delete adds and reads. Source: auth/scope/scope.proto. */
const implied = (scope: string): string[] => {
  const [, resource, verb] = /^(.*)_(Add|Patch|Delete)$/.exec(scope) ?? []
  if (!resource) return []
  return verb === 'Delete' ? [`${resource}_Add`, `${resource}_Get`] : [`${resource}_Get`]
}

const expanded = (scopes: readonly string[]): Set<string> =>
  new Set(scopes.flatMap((scope) => [scope, ...implied(scope)]))

/** Of the needed scopes those that are not given, in their order. */
export const missingScopes = (given: Scopes, needed: readonly string[]): string[] => {
  if (given === 'all' || given.includes('All')) return []
  const have = expanded(given)
  return needed.filter((scope) => !have.has(scope))
}

/** What both give: a key's scopes and an invitation's. */
export const bothScopes = (a: Scopes, b: Scopes): Scopes => {
  if (a === 'all' || a.includes('All')) return b
  if (b === 'all' || b.includes('All')) return a
  const inB = expanded(b)
  return [...expanded(a)].filter((scope) => inB.has(scope))
}
