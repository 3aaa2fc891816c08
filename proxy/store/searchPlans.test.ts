import { Kysely, sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { migrate } from './migrations/migrations.ts'
import type { Tables } from './schema.ts'
import type { SearchFilter } from './searchConditions.ts'
import { branchesInOrder, branchOfFew, type Subject, sourcesOf } from './searchPlans.ts'
import { openInMemory } from './sqlite.ts'
import { sqliteDialect } from './sqliteDialect.ts'

const found = (...terms: string[]): SearchFilter => ({
  negate: false,
  annotation: [{ is: 'found', by: terms.map((term) => [term]) }],
  input: [],
})
const made = (user: string): SearchFilter => ({
  negate: false,
  annotation: [{ is: 'column', column: 'user_id', any: [user] }],
  input: [],
})
const named = (id: string): SearchFilter => ({
  negate: false,
  annotation: [{ is: 'column', column: 'id', any: [id] }],
  input: [],
})
const both: SearchFilter = { ...found('+dog'), annotation: [...found('+dog').annotation, ...made('ann').annotation] }

/** How SQLite goes about a search that begins with its first source: in the order of an index, or with few rows. */
const plansOf = async (subject: Subject, filters: SearchFilter[]) => {
  const connection = openInMemory()
  const db = new Kysely<Tables>({ dialect: sqliteDialect(connection) })
  await migrate(db, 'sqlite')
  const plan = { app: 1, subject, filters, visible: undefined }
  const [source] = sourcesOf(plan)
  const explain = (branches: ReturnType<typeof branchesInOrder>) => {
    const { sql: text, parameters } = sql`${sql.join(branches, sql` union `)} order by 1 limit 20`.compile(db)
    const rows = connection.prepare(`explain query plan ${text}`).all(parameters) as { detail: string }[]
    return rows.map(({ detail }) => detail).join('\n')
  }
  const plans = {
    inOrder: explain(branchesInOrder(plan, source, undefined)),
    ofFew: source && explain(branchOfFew(plan, source, undefined)),
  }
  await db.destroy()
  return plans
}

const questions: [what: string, subject: Subject, filters: SearchFilter[]][] = [
  ['annotations of a concept', 'annotation', [found('+dog')]],
  ['annotations of one of two concepts', 'annotation', [found('+dog', '+cat')]],
  ['annotations of two concepts', 'annotation', [found('+dog'), found('+cat')]],
  ['annotations of a concept by a person', 'annotation', [found('+dog'), made('ann')]],
  ['annotations without a concept', 'annotation', [{ ...found('+dog'), negate: true }]],
  ['annotations of a person', 'annotation', [made('ann')]],
  ['an annotation by its id', 'annotation', [named('a1')]],
  ['all annotations', 'annotation', []],
  ['inputs with a concept', 'input', [found('+dog')]],
  ['inputs with two concepts', 'input', [found('+dog'), found('+cat')]],
  ['inputs with a concept by a person', 'input', [both]],
  ['inputs without a concept', 'input', [{ ...found('+dog'), negate: true }]],
]

describe('SQLite, which never counts what is in a table,', () => {
  it.each(questions)('finds %s without a scan or a whole app for each row, and needs not sort', async (...question) => {
    const [, subject, filters] = question
    const { inOrder, ofFew = '' } = await plansOf(subject, filters)
    expect(`${inOrder}\n${ofFew}`).not.toMatch(/^SCAN /m)
    expect(inOrder).not.toMatch(/TEMP B-TREE/)
    const [first = '', ...rest] = inOrder.split('\n').filter((line) => line.startsWith('SEARCH'))
    expect(first).toMatch(/\(app=\?/)
    if (!inOrder.includes('MERGE')) expect(rest.join('\n')).not.toMatch(/\(app=\?\)/)
  })
})
