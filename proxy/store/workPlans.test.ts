import type Database from 'better-sqlite3'
import { type CompiledQuery, Kysely } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { migrate } from './migrations/migrations.ts'
import { countOrders, groupOrders, listOrders, notesOn, ordersOn, regionsBy } from './orders.ts'
import type { Tables } from './schema.ts'
import { openInMemory } from './sqlite.ts'
import { sqliteDialect } from './sqliteDialect.ts'
import { annotationsOfWork } from './taskAnnotations.ts'
import { assignmentsOfInputs, worksOn } from './taskAssignments.ts'
import { freeInputs, resetFree } from './taskInputs.ts'
import { countWork, freeWork, groupWork, listWork, standingOn } from './work.ts'
import { countVerdicts } from './workEvents.ts'

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

const planOf = (connection: Database.Database, { sql, parameters }: CompiledQuery): string[] =>
  connection
    .prepare(`explain query plan ${sql}`)
    .all(parameters)
    .map((row) => (row as { detail: string }).detail)
    .filter((line) => /^(SEARCH|SCAN) (annotation|task_assignment|task_input|work_event|mine|a) /.test(line))
    .map((line) => line.replace(/^(SEARCH|SCAN) \w+ USING /, ''))

const work = [{ inputId: 'i', userId: 'u' }]
const mine = { workerIds: ['u'], statusCodes: [54201, 54204] }

// What a team asks all day, in tables of millions of rows: none of these may walk a whole task or app.
const questions: [what: string, ask: (db: Kysely<Tables>) => Promise<unknown>, plans: string[]][] = [
  [
    'labels of some work',
    (db) => annotationsOfWork(db, 1, 't', work),
    ['INDEX annotation_input (app=? AND input_id=?)'],
  ],
  [
    'regions of a page of work',
    (db) => regionsBy(db, 1, 't', ['i', 'j']),
    ['INDEX sqlite_autoindex_annotation_1 (app=? AND input_id=?)'],
  ],
  ['notes of a page', (db) => notesOn(db, 1, ['i', 'j']), ['INDEX annotation_note (app=? AND input_id=?)']],
  [
    'orders of somebody on an input, for every post',
    (db) => ordersOn(db, 1, work),
    ['INDEX annotation_work_order_input (app=? AND input_id=? AND is_order=?)'],
  ],
  [
    'orders of a person',
    (db) => groupOrders(db, 1, 'u'),
    ['COVERING INDEX annotation_work_order (app=? AND is_order=? AND user_id=?)'],
  ],
  [
    'orders in review',
    (db) => countOrders(db, 1, { statusCodes: [24157] }),
    ['COVERING INDEX annotation_work_order_state (app=? AND is_order=? AND status_code=?)'],
  ],
  [
    'all orders',
    (db) => listOrders(db, 1, {}, { limit: 60 }),
    ['INDEX annotation_work_order_state (app=? AND is_order=?)'],
  ],
  [
    'work on an input',
    (db) => assignmentsOfInputs(db, 1, 't', ['i']),
    ['INDEX task_assignment_any (app=? AND task_id=? AND input_id=?)'],
  ],
  [
    'work on an input, withdrawn too',
    (db) => worksOn(db, 1, [{ taskId: 't', inputId: 'i' }]),
    ['INDEX task_assignment_any (app=? AND task_id=? AND input_id=?)'],
  ],
  [
    'how many may still take an input',
    (db) => resetFree(db, 1, 't', 2),
    [
      'INDEX sqlite_autoindex_task_input_1 (app=? AND task_id=?)',
      'COVERING INDEX task_assignment_input (app=? AND task_id=? AND input_id=?)',
      'COVERING INDEX task_assignment_input (app=? AND task_id=? AND input_id=?)',
    ],
  ],
  [
    'the next inputs of a queue',
    (db) => freeInputs(db, 1, 't', 'u', 10),
    [
      'INDEX task_input_free (app=? AND task_id=?)',
      'INDEX task_assignment_key (app=? AND task_id=? AND input_id=? AND worker_id=?)',
    ],
  ],
  ['the board', (db) => groupWork(db, 1, 't'), ['COVERING INDEX task_assignment_worker (app=? AND task_id=?)']],
  [
    'the work of one',
    (db) => groupWork(db, 1, 't', 'u'),
    ['COVERING INDEX task_assignment_worker (app=? AND task_id=? AND worker_id=?)'],
  ],
  [
    'what is free for one',
    (db) => freeWork(db, 1, 't', 'u'),
    ['COVERING INDEX task_assignment_worker (app=? AND task_id=? AND worker_id=?)'],
  ],
  [
    'a page of a queue',
    (db) => listWork(db, 1, 't', {}, { limit: 60 }),
    [
      'INDEX task_assignment_back (app=? AND task_id=? AND (place,id)>(?,?))',
      'INDEX task_assignment_place (app=? AND task_id=? AND (place,id)>(?,?))',
    ],
  ],
  [
    'a page of what is done',
    (db) => listWork(db, 1, 't', { statusCodes: [54200], back: false }, { limit: 60 }),
    ['INDEX task_assignment_status (app=? AND task_id=? AND status_code=? AND (place,id)>(?,?))'],
  ],
  [
    'a page of what one has open',
    (db) => listWork(db, 1, 't', { ...mine, back: false }, { limit: 60 }),
    ['INDEX task_assignment_worker (app=? AND task_id=? AND worker_id=? AND status_code=?)'],
  ],
  [
    'how much one has open',
    (db) => countWork(db, 1, 't', mine),
    ['COVERING INDEX task_assignment_worker (app=? AND task_id=? AND worker_id=? AND status_code=?)'],
  ],
  [
    'how far work is on the inputs of a page',
    (db) => standingOn(db, 1, ['i', 'j']),
    ['INDEX task_assignment_of (app=? AND input_id=?)'],
  ],
  [
    'verdicts in a task',
    (db) => countVerdicts(db, 1, 't'),
    ['COVERING INDEX work_event_verdict (app=? AND task_id=?)'],
  ],
]

describe('SQLite finds the work of a team by the right index', () => {
  let database: Awaited<ReturnType<typeof listening>>
  beforeEach(async () => {
    database = await listening()
    return () => database.db.destroy()
  })

  it.each(questions)('%s', async (_, ask, plans) => {
    const { db, asked, connection } = database
    asked.length = 0
    await ask(db)
    expect(asked.flatMap((query) => planOf(connection, query))).toEqual(plans)
  })
})
