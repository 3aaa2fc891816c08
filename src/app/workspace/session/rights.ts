import type { Region } from '#model/region.ts'
import type { AppScope } from '#sync/scope.ts'

export interface Editing {
  readonly scope: AppScope
  /** id of the person at the screen */
  readonly me: string
  /** A person's name for people; their id if nothing better is known. */
  readonly nameOf: (userId: string) => string
  /** whose regions the person fixes while they review them */
  readonly fixes?: string | undefined
  /** what several people made of it is compared: each stands as it is */
  readonly compares?: boolean
}

/**
 * Why a person may not change a region, said before they try; undefined when they may. The owner of an app changes
 * what people made, others only what is theirs; what a model made is replaced, never changed (decisions §§9, 13). While
 * an answer is made of several people's work even the owner chooses among it, and draws what is missing.
 */
export function whyNotEdit(region: Region, { scope, me, nameOf, fixes, compares }: Editing): string | undefined {
  if (region.madeBy.kind === 'model') {
    return `Suggested by the model “${region.madeBy.id}”: accept it, then it is yours to change, or reject it.`
  }
  const author = region.madeBy.id
  if (author === '' || author === me || author === fixes) return undefined
  if (compares) return `Drawn by ${nameOf(author)}: choose it, merge it, or choose “None” and draw it yourself.`
  if (scope.owner === me) return undefined
  if (author === scope.owner)
    return `Drawn by ${nameOf(author)}, who owns the app: only ${nameOf(author)} may change it.`
  return `Drawn by ${nameOf(author)}: only ${nameOf(author)} and the owner of the app may change it.`
}
