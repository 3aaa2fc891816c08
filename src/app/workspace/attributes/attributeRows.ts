import type { JsonValue } from '@bufbuild/protobuf'
import { type AttributeDefinition, attributeText, missingAttributes, problemOf } from '#model/attributes.ts'
import type { Region } from '#model/region.ts'

/** What the panel shows of one attribute of the regions that are selected. */
export interface AttributeRow {
  readonly name: string
  /** absent: nobody has defined it here, and it is only shown */
  readonly definition?: AttributeDefinition | undefined
  /** what all of them say; undefined when none says anything, or they differ */
  readonly value: JsonValue | undefined
  /** they differ */
  readonly mixed: boolean
  /** what is wrong with it: required and missing, or no longer allowed */
  readonly problem?: string | undefined
}

/** Definitions by concept id. */
export type DefinitionsOf = (conceptId: string) => readonly AttributeDefinition[]

/** The definitions that hold for a region: those of the concepts it has, each name once. */
export function definitionsFor(region: Region, definitionsOf: DefinitionsOf): readonly AttributeDefinition[] {
  const seen = new Map<string, AttributeDefinition>()
  for (const { id, value } of region.concepts) {
    if (value <= 0) continue
    for (const definition of definitionsOf(id)) if (!seen.has(definition.name)) seen.set(definition.name, definition)
  }
  return [...seen.values()]
}

/** First the attributes that can be set for all of the regions, then what else any of them carries. */
export function attributeRows(regions: readonly Region[], definitionsOf: DefinitionsOf): readonly AttributeRow[] {
  const [first, ...others] = regions.map((region) => definitionsFor(region, definitionsOf))
  const common = (first ?? []).filter((definition) =>
    others.every((definitions) => definitions.some((other) => same(other, definition))),
  )
  const defined = common.map((definition) => rowOf(definition.name, definition, regions))
  const known = new Set(common.map(({ name }) => name))
  const names = new Set(regions.flatMap(({ attributes }) => Object.keys(attributes ?? {})))
  return [...defined, ...[...names].filter((name) => !known.has(name)).map((name) => rowOf(name, undefined, regions))]
}

const same = (a: AttributeDefinition, b: AttributeDefinition) => JSON.stringify(a) === JSON.stringify(b)

function rowOf(name: string, definition: AttributeDefinition | undefined, regions: readonly Region[]): AttributeRow {
  const values = regions.map(({ attributes }) => attributes?.[name])
  const [value] = values
  const mixed = values.some((other) => JSON.stringify(other) !== JSON.stringify(value))
  return {
    name,
    definition,
    value: mixed ? undefined : value,
    mixed,
    problem: definition && values.map((each) => problemOf(definition, each)).find((why) => why !== undefined),
  }
}

/** Whether something required is missing, or a value is none that is allowed. */
export const isIncomplete = (region: Region, definitionsOf: DefinitionsOf): boolean =>
  missingAttributes(definitionsFor(region, definitionsOf), region.attributes).length > 0

/** What of the attributes is shown beside the concept: ` · red`; for a checkbox its name when it is ticked. */
export function labelSuffix(region: Region, definitionsOf: DefinitionsOf): string {
  if (!region.attributes) return ''
  return definitionsFor(region, definitionsOf)
    .flatMap(({ name, kind, onLabel }) => {
      const value = region.attributes?.[name]
      if (!onLabel || value === undefined || value === false) return []
      return [` · ${kind === 'checkbox' && value === true ? name : attributeText(value)}`]
    })
    .join('')
}
