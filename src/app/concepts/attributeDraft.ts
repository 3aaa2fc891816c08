import { type AttributeDefinition, attributeText, checkDefinitions, type DefinitionProblem } from '#model/attributes.ts'

/** A definition as it is typed. */
export interface AttributeDraft {
  /** tells rows apart while names change */
  readonly id: number
  readonly name: string
  readonly kind: AttributeDefinition['kind']
  readonly required: boolean
  readonly onLabel: boolean
  /** one a line */
  readonly options: string
  readonly min: string
  readonly max: string
  /** empty = none; of a checkbox `yes` or `no` */
  readonly standard: string
}

let made = 0

export const newDraft = (): AttributeDraft => ({
  id: ++made,
  name: '',
  kind: 'choice',
  required: false,
  onLabel: false,
  options: '',
  min: '',
  max: '',
  standard: '',
})

export function draftOf(definition: AttributeDefinition): AttributeDraft {
  const { name, kind, required, onLabel, standard } = definition
  const bound = (value: number | undefined) => (value === undefined ? '' : String(value))
  return {
    ...newDraft(),
    name,
    kind,
    required,
    onLabel,
    standard: standard === undefined ? '' : attributeText(standard),
    ...(definition.kind === 'choice' && { options: definition.options.join('\n') }),
    ...(definition.kind === 'number' && { min: bound(definition.min), max: bound(definition.max) }),
  }
}

export const optionsOf = ({ options }: AttributeDraft): readonly string[] =>
  options
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

export interface CheckedDrafts {
  readonly definitions: readonly AttributeDefinition[]
  readonly problems: readonly DefinitionProblem[]
}

/** What the drafts come to, and what of it cannot be kept. */
export function checkDrafts(drafts: readonly AttributeDraft[]): CheckedDrafts {
  const unread: DefinitionProblem[] = []
  const definitions = drafts.map((draft, at) => {
    const number = (field: 'min' | 'max' | 'standard') => {
      const text = draft[field].trim().replace(',', '.')
      const value = text === '' ? undefined : Number(text)
      if (value === undefined || Number.isFinite(value)) return value
      unread.push({ at, field, text: `“${draft[field].trim()}” is no number.` })
      return undefined
    }
    return definitionOf(draft, number)
  })
  return { definitions, problems: [...unread, ...checkDefinitions(definitions)] }
}

function definitionOf(
  draft: AttributeDraft,
  number: (field: 'min' | 'max' | 'standard') => number | undefined,
): AttributeDefinition {
  const { kind, required, onLabel } = draft
  const base = { name: draft.name.trim(), required, onLabel }
  const standard = draft.standard === '' ? undefined : draft.standard
  switch (kind) {
    case 'choice':
      return { ...base, kind, options: optionsOf(draft), standard }
    case 'checkbox':
      return { ...base, kind, standard: standard === undefined ? undefined : standard === 'yes' }
    case 'number':
      return { ...base, kind, min: number('min'), max: number('max'), standard: number('standard') }
    case 'text':
      return { ...base, kind, standard }
  }
}
