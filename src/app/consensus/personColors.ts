/** Told apart by most who see colours differently, too (after Okabe and Ito); letters say it besides. */
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8b5cf6', '#a16207'] as const

/** A person's colour and letter among these, by their place. */
export interface PersonSign {
  readonly color: string
  readonly letter: string
}

export const signsOf = (people: readonly string[]): ReadonlyMap<string, PersonSign> =>
  new Map(
    people.map((id, i) => [id, { color: colors[i % colors.length]!, letter: String.fromCharCode(65 + (i % 26)) }]),
  )
