import { type RawBuilder, sql } from 'kysely'
import { type Apart, decided, groupOf, standing } from './apart.ts'
import { isLabel } from './labelled.ts'
import type { Db } from './open.ts'

/** What people put on an input. */
export interface LabelCounts {
  readonly regions: number
  readonly concepts: number
  readonly markedEmpty: boolean
}

/** Of which labels; what is absent does not restrict. */
export interface Counted {
  readonly apart?: Apart | undefined
  /** What may be seen (taskVisibility.ts). */
  readonly visible?: RawBuilder<boolean> | undefined
}

const ofRegions = sql`case when annotation.region_kind is not null then 1 else 0 end`

/** By input id; inputs without labels are absent. One query over the page's inputs only. */
export const countLabels = async (
  db: Db,
  app: number,
  inputIds: readonly string[],
  { apart, visible }: Counted = {},
): Promise<Map<string, LabelCounts>> => {
  if (inputIds.length === 0) return new Map()
  const labels = db
    .selectFrom('annotation')
    .where('app', '=', app)
    .where('input_id', 'in', inputIds)
    .where('deleted_at', 'is', null)
    .where(isLabel)
    .$if(visible !== undefined, (query) => query.where(visible!))
  const counts = [
    'input_id',
    sql<number>`sum(${ofRegions})`.as('regions'),
    sql<number>`sum(concept_count)`.as('concepts'),
    sql<number>`max(marks_empty)`.as('empty'),
  ] as const
  if (!apart) {
    const rows = await labels.select(counts).groupBy('input_id').execute()
    return new Map(rows.map((row) => [row.input_id, { ...numbersOf(row), markedEmpty: Number(row.empty) === 1 }]))
  }
  const rows = await labels
    .select(counts)
    .select([
      groupOf(apart).as('part'),
      sql<number>`sum(case when ${decided} then ${ofRegions} else 0 end)`.as('decided_regions'),
      sql<number>`sum(case when ${decided} then concept_count else 0 end)`.as('decided_concepts'),
      sql<number>`sum(case when ${standing} then ${ofRegions} else 0 end)`.as('standing_regions'),
      sql<number>`sum(case when ${standing} then concept_count else 0 end)`.as('standing_concepts'),
    ])
    .groupBy(['input_id', 'part', 'user_id'])
    .execute()
  return new Map([...Map.groupBy(rows, (row) => row.input_id)].map(([id, people]) => [id, countedOnce(people)]))
}

/** What one person made in one task, or outside of tasks (`part` empty). */
interface OfPerson extends Record<`${'' | 'decided_' | 'standing_'}${'regions' | 'concepts'}`, number> {
  readonly part: string
  readonly empty: number
}

/** As {@link file://./apart.ts} counts: with the approved of a part or, without any, the most that one person made. */
const countedOnce = (people: readonly OfPerson[]): LabelCounts => {
  const of = (kind: 'regions' | 'concepts'): number =>
    [...Map.groupBy(people, ({ part }) => part)].reduce((sum, [part, rows]) => {
      const total = (column: keyof OfPerson) => rows.reduce((all, row) => all + Number(row[column]), 0)
      if (part === '') return sum + total(kind)
      const most = Math.max(...rows.map((row) => Number(row[`standing_${kind}`])))
      return sum + (total(`decided_${kind}`) || most)
    }, 0)
  return {
    regions: of('regions'),
    concepts: of('concepts'),
    markedEmpty: people.some(({ empty }) => Number(empty) === 1),
  }
}

const numbersOf = ({ regions, concepts }: { regions: number; concepts: number }) => ({
  regions: Number(regions),
  concepts: Number(concepts),
})
