import { sql } from 'kysely'
import type { Step } from './step.ts'

/** What a role of the app came with until data sets, saved searches and searches were judged by the descriptors. */
const before = [
  'Apps_Get',
  'Workflows_Get',
  'Models_Get',
  'Inputs_Get',
  'Concepts_Get',
  'Annotations_Get',
  'Collaborators_Get',
]
const added = ['Datasets_Get', 'SavedSearch_Get', 'Search']

const withAdded = (scopes: string): string | undefined => {
  const given = JSON.parse(scopes) as string[]
  const isRole = before.every((scope) => given.includes(scope))
  const missing = added.filter((scope) => !given.includes(scope))
  // who was given one of them, or less than a role, was given scopes by hand: what is left out is meant
  return isRole && missing.length === added.length ? JSON.stringify([...given, ...missing]) : undefined
}

/** People invited with an earlier role get what the same role gives today; invitations that are open, too. */
export const roles = (): readonly Step[] => [
  async (db) => {
    for (const table of ['collaborator', 'invitation'] as const) {
      const { rows } = await sql<{ id: string; scopes: string }>`select id, scopes from ${sql.table(table)}`.execute(db)
      for (const { id, scopes } of rows) {
        const now = withAdded(scopes)
        if (now !== undefined) await sql`update ${sql.table(table)} set scopes = ${now} where id = ${id}`.execute(db)
      }
    }
  },
]
