import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { type ColumnTypes, columnTypes, type Dialect } from '#proxy/store/dialect.ts'
import type { Tables } from '#proxy/store/schema.ts'
import { initial } from './0001_initial.ts'
import { searches } from './0002_searches.ts'
import { workflows } from './0003_workflows.ts'
import { tasks } from './0004_tasks.ts'
import { datasets } from './0005_datasets.ts'
import { upstream } from './0009_upstream.ts'
import { bulk } from './0010_bulk.ts'
import { addJobs } from './0015_add_jobs.ts'
import { team } from './0020_team.ts'
import { agreement } from './0021_agreement.ts'
import { teamIndexes } from './0022_team_indexes.ts'
import { teamCounts } from './0023_team_counts.ts'
import { activity } from './0030_activity.ts'
import { invitations } from './0031_invitations.ts'
import { purge } from './0040_purge.ts'
import { lean } from './0041_lean.ts'
import { scores } from './0042_scores.ts'
import { mentions } from './0043_mentions.ts'
import { roles } from './0044_roles.ts'
import { found } from './0045_found.ts'
import { copies } from './0046_copies.ts'
import { leaving } from './0047_leaving.ts'
import { verdicts } from './0048_verdicts.ts'
import { workOf } from './0049_workOf.ts'
import type { Step } from './step.ts'

/** Steps by the migration's name, in the order they run. */
export type Scripts = Readonly<Record<string, (types: ColumnTypes) => readonly Step[]>>

/** A name that was released is never changed, nor what it does. */
export const released: Scripts = {
  '0001_initial': initial,
  '0002_searches': searches,
  '0003_workflows': workflows,
  '0004_tasks': tasks,
  '0005_datasets': datasets,
  '0009_upstream': upstream,
  '0010_bulk': bulk,
  '0015_add_jobs': addJobs,
  '0020_team': team,
  '0021_agreement': agreement,
  '0022_team_indexes': teamIndexes,
  '0023_team_counts': teamCounts,
  '0030_activity': activity,
  '0031_invitations': invitations,
  '0040_purge': purge,
  '0041_lean': lean,
  '0042_scores': scores,
  '0043_mentions': mentions,
  '0044_roles': roles,
  '0045_found': found,
  '0046_copies': copies,
  '0047_leaving': leaving,
  '0048_verdicts': verdicts,
  '0049_workOf': workOf,
}

const migrationOf = (steps: readonly Step[]): Migration => ({
  async up(db) {
    for (const step of steps) {
      if (typeof step === 'string') await sql.raw(step).execute(db)
      else await step(db)
    }
  },
})

const migratorFor = (db: Kysely<Tables>, dialect: Dialect, scripts: Scripts) => {
  const migrations = Object.fromEntries(
    Object.entries(scripts).map(([name, script]) => [name, migrationOf(script(columnTypes[dialect]))]),
  )
  return new Migrator({ db, provider: { getMigrations: async () => migrations } })
}

/** Names of the migrations a database has run, in order; empty for a new one. */
export const appliedMigrations = async (db: Kysely<Tables>): Promise<string[]> => {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'kysely_migration')) return []
  const rows = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.rows.map((row) => row.name)
}

/** Migrations a database has run that this code does not know: it was written by a newer version. */
export const unknownMigrations = (applied: readonly string[], scripts = released): string[] =>
  applied.filter((name) => !(name in scripts))

/** Those still to run. */
export const pendingMigrations = (applied: readonly string[], scripts = released): string[] =>
  Object.keys(scripts).filter((name) => !applied.includes(name))

/** Runs what is pending, all or nothing. @throws what a migration threw */
export const migrate = async (db: Kysely<Tables>, dialect: Dialect, scripts = released): Promise<void> => {
  const { error } = await migratorFor(db, dialect, scripts).migrateToLatest()
  if (error) throw error
}
