// What this browser keeps from visit to visit. Its storage may be off, full, or hold what somebody else wrote: then what
// was kept counts as never set, and what is to be kept lasts as long as the page.

type Readable = Pick<Storage, 'getItem'>

/** Where storage is off, naming it is enough to throw. */
const browser: Readable = { getItem: (key) => localStorage.getItem(key) }

export function keptText(key: string, storage = browser): string | undefined {
  try {
    return storage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

/** The fields of the object that is kept; none of anything else. */
export function keptFields(key: string, storage = browser): Readonly<Record<string, unknown>> {
  const value = parsed(keptText(key, storage))
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** Undefined forgets. */
export function keep(key: string, text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // see above
  }
}

/** Ids of what was used last, the latest first. */
export function keptIds(key: string): readonly string[] {
  const value = parsed(keptText(key))
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []
}

/** Puts an id first, keeps so many, and returns the new list. */
export function keepId(key: string, id: string, most: number): readonly string[] {
  const ids = [id, ...keptIds(key).filter((other) => other !== id)].slice(0, most)
  keep(key, JSON.stringify(ids))
  return ids
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
