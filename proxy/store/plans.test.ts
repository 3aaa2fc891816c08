import type Database from 'better-sqlite3'
import { type CompiledQuery, Kysely } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { activityOf } from './activity.ts'
import { annotationsByKey, annotationsWithRegions, listAnnotations } from './annotations.ts'
import { lastWriters } from './history.ts'
import { inputLevelAnnotations } from './inputs.ts'
import { countLabels } from './labelCounts.ts'
import { refreshLabelled } from './labelled.ts'
import { migrate } from './migrations/migrations.ts'
import type { Tables } from './schema.ts'
import { openInMemory } from './sqlite.ts'
import { sqliteDialect } from './sqliteDialect.ts'
import { countInputs, findUnlabelled, listInputFacts } from './summaries.ts'

/** A database that notes what it was asked. */
const listening = async () => {
  const connection = openInMemory()
  const asked: CompiledQuery[] = []
  const db = new Kysely<Tables>({
    dialect: sqliteDialect(connection),
    log: ({ query }) => void asked.push(query as CompiledQuery),
  })
  await migrate(db, 'sqlite')
  return { db, asked, connection }
}

/** How SQLite goes about a query: one line for each table it looks into. */
const planOf = (connection: Database.Database, { sql, parameters }: CompiledQuery): string[] =>
  connection
    .prepare(`explain query plan ${sql}`)
    .all(parameters)
    .map((row) => (row as { detail: string }).detail)
    .filter((line) => /^(SEARCH|SCAN) (annotation|input|history)/.test(line))

const page = { limit: 20, offset: 40 }
const keys = ['a', 'b'].map((id) => ({ input_id: 'i', id }))

// Tables of millions of rows: what is read must be found by an index as narrow as the question.
const questions: [what: string, ask: (db: Kysely<Tables>) => Promise<unknown>, plans: string[]][] = [
  ['the activity of a page', (db) => activityOf(db, 1, {}, 900, 100), ['history_rev (app=? AND rev<?)']],
  [
    'the activity of a person',
    (db) => activityOf(db, 1, { personId: 'p' }, 900, 100),
    ['history_person (app=? AND user_id=? AND rev<?)'],
  ],
  [
    'the activity on an input',
    (db) => activityOf(db, 1, { inputId: 'i' }, 900, 100),
    ['history_input (app=? AND input_id=? AND rev<?)'],
  ],
  [
    'the activity of a rare kind',
    (db) => activityOf(db, 1, { kind: 'concept' }, 900, 100),
    ['history_kind (app=? AND kind=? AND rev<?)'],
  ],
  ['all of an app', (db) => listAnnotations(db, 1, {}, page), ['annotation_order (app=?)']],
  [
    "people's of an app",
    (db) => listAnnotations(db, 1, { trustedOnly: true }, page),
    ['annotation_trusted (app=? AND trusted=?)'],
  ],
  ["inputs' own", (db) => inputLevelAnnotations(db, 1, ['i', 'j']), ['annotation_level (app=? AND input_id=?)']],
  [
    'of an input',
    (db) => listAnnotations(db, 1, { inputIds: ['i'], trustedOnly: true }, page),
    ['annotation_input (app=? AND input_id=?)'],
  ],
  [
    'of an input by state',
    (db) => listAnnotations(db, 1, { inputIds: ['i'], statuses: [24150] }, page),
    ['annotation_input (app=? AND input_id=?)'],
  ],
  [
    'of some inputs',
    (db) => listAnnotations(db, 1, { inputIds: ['i', 'j'], trustedOnly: true }, page),
    ['annotation_input (app=? AND input_id=?)'],
  ],
  [
    'by pairs',
    (db) => listAnnotations(db, 1, { keys }, page),
    ['sqlite_autoindex_annotation_1 (app=? AND input_id=? AND id=?)'],
  ],
  ['by a user', (db) => listAnnotations(db, 1, { userIds: ['u'] }, page), ['annotation_user (app=? AND user_id=?)']],
  [
    'by a model',
    (db) => listAnnotations(db, 1, { modelVersionIds: ['m'] }, page),
    ['annotation_model (app=? AND model_version_id=?)'],
  ],
  [
    'by state',
    (db) => listAnnotations(db, 1, { statuses: [24151] }, page),
    ['annotation_status (app=? AND status_code=?)'],
  ],
  ['by task', (db) => listAnnotations(db, 1, { taskId: 't' }, page), ['annotation_task (app=? AND task_id=?)']],
  [
    'taken ids',
    (db) => annotationsByKey(db, 1, keys),
    ['sqlite_autoindex_annotation_1 (app=? AND input_id=? AND id=?)'],
  ],
  [
    'regions',
    (db) => annotationsWithRegions(db, 1, [{ input_id: 'i', region_id: 'r' }]),
    ['annotation_region (app=? AND input_id=? AND region_id=?)'],
  ],
  ['last writers', (db) => lastWriters(db, 1, [{ input_id: 'i', id: 'a', rev: 7 }]), ['history_rev (app=? AND rev=?)']],
  [
    'counts of a page',
    (db) => countLabels(db, 1, ['i', 'j']),
    ['COVERING INDEX annotation_input (app=? AND input_id=?)'],
  ],
  ['the number of inputs', (db) => countInputs(db, 1, {}), ['COVERING INDEX input_status (app=?)']],
  ['the number with a text', (db) => countInputs(db, 1, { text: 'x' }), ['COVERING INDEX input_search (app=?)']],
  ['a page of inputs', (db) => listInputFacts(db, 1, {}, page), ['COVERING INDEX input_order (app=?)']],
  [
    'a page with a text',
    (db) => listInputFacts(db, 1, { text: 'x', labelled: true }, page),
    ['COVERING INDEX input_search (app=?)'],
  ],
  [
    'the next unlabelled',
    (db) => findUnlabelled(db, 1, '', false),
    ['sqlite_autoindex_input_1 (app=? AND id=?)', 'input_labelled (app=? AND labelled=?)'],
  ],
  [
    'labelled anew',
    (db) => refreshLabelled(db, 1, ['i']),
    ['sqlite_autoindex_input_1 (app=? AND id=?)', 'COVERING INDEX annotation_input (app=? AND input_id=?)'],
  ],
]

describe('SQLite finds by the right index', () => {
  let database: Awaited<ReturnType<typeof listening>>
  beforeEach(async () => {
    database = await listening()
    return () => database.db.destroy()
  })

  it.each(questions)('%s', async (_, ask, plans) => {
    const { db, asked, connection } = database
    asked.length = 0
    await ask(db)
    const lines = asked.flatMap((query) => planOf(connection, query))
    expect(lines).toEqual(plans.map((plan) => expect.stringContaining(plan)))
  })
})
