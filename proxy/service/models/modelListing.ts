/** What models and workflows are listed by. */
export interface Listed {
  readonly id: string
  /** µs */
  readonly createdAt: number
  readonly modifiedAt: number
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Whether every word of `search` begins a word of the text. Source: ListModelsRequest.search. */
export const hasWords = (search: string, ...texts: readonly string[]): boolean => {
  const words = texts.flatMap(wordsOf)
  return wordsOf(search).every((part) => words.some((word) => word.startsWith(part)))
}

/** Whether a pattern such as "gen*" fits one of the texts; case does not matter. */
export const fitsPattern = (pattern: string, ...texts: readonly string[]): boolean => {
  if (pattern === '') return true
  const parts = pattern.toLowerCase().split('*')
  return texts.some((text) => fits(text.toLowerCase(), parts))
}

/** By hand, since a regular expression made from what people send can take for ever. */
const fits = (text: string, parts: readonly string[]): boolean => {
  const [first = '', ...rest] = parts
  if (rest.length === 0) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  const last = rest.at(-1)!
  return text.length - at >= last.length && text.endsWith(last)
}

export type Order = 'id' | 'modified' | 'created'

/** Newest first unless they are to ascend. Source: the sort options of ListModelsRequest and ListWorkflowsRequest. */
export const inOrder = <T extends Listed>(things: readonly T[], order: Order, ascending: boolean): T[] => {
  const direction = ascending ? 1 : -1
  switch (order) {
    case 'id':
      return things.toSorted((a, b) => direction * (a.id < b.id ? -1 : Number(a.id > b.id)))
    case 'modified':
      return things.toSorted((a, b) => direction * (a.modifiedAt - b.modifiedAt))
    case 'created':
      return things.toSorted((a, b) => direction * (a.createdAt - b.createdAt))
  }
}
