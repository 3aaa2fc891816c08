/** What an app's id may be: it stands in addresses, so it is kept to what needs no escaping. */
const VALID = /^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/

/**
 * A readable id made from a name: "Boats & Harbours, 2026" → "boats-harbours-2026". At most 48 characters.
 * Empty when the name has nothing that can be spelt in it.
 */
export function appIdFrom(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 48)
    .replace(/-+$/, '')
}

/** Why an id cannot be used, in a person's words; undefined when it can. */
export function appIdProblem(id: string, taken: ReadonlySet<string>): string | undefined {
  if (id === '') return 'Give it an id.'
  if (id.length > 48) return 'At most 48 characters.'
  if (!VALID.test(id)) return 'Only a–z, 0–9 and hyphens, beginning and ending with a letter or digit.'
  if (taken.has(id)) return 'You have an app with this id already.'
  return undefined
}
