import { Kysely } from 'kysely'
import { expect, it } from 'vitest'
import type { Tables } from '#proxy/store/schema.ts'
import { openInMemory } from '#proxy/store/sqlite.ts'
import { sqliteDialect } from '#proxy/store/sqliteDialect.ts'
import { migrate, released } from './migrations.ts'

const view = ['Apps_Get', 'Workflows_Get', 'Models_Get', 'Inputs_Get', 'Concepts_Get', 'Annotations_Get']
const role = [...view, 'Collaborators_Get', 'Annotations_Add']
const added = ['Datasets_Get', 'SavedSearch_Get', 'Search']

it('people invited with an earlier role get what it gives today, those with scopes of their own keep them', async () => {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(openInMemory()) })
  const names = Object.keys(released).filter((name) => name < '0044')
  await migrate(db, 'sqlite', Object.fromEntries(names.map((name) => [name, released[name]!])))
  const times = { created_at: 1, modified_at: 1 }
  await db
    .insertInto('app')
    .values({ no: 1, user_id: 'owner', id: 'a', message: new Uint8Array(), rev: 0, last_at: 0, ...times })
    .execute()
  const given: Record<string, string[]> = {
    ann: role,
    ben: [...role, 'Search'],
    cleo: ['Apps_Get', 'Inputs_Get'],
    dora: [...role, ...added],
    eve: ['All'],
  }
  for (const [id, scopes] of Object.entries(given))
    await db
      .insertInto('collaborator')
      .values({ id, app: 1, user_id: id, scopes: JSON.stringify(scopes), message: new Uint8Array(), ...times })
      .execute()
  await db
    .insertInto('invitation')
    .values({
      id: 'i',
      token_hash: 'x',
      app: 1,
      scopes: JSON.stringify(role),
      created_by: 'o',
      created_at: 1,
      expires_at: 9,
    })
    .execute()
  await migrate(db, 'sqlite')
  const rows = await db.selectFrom('collaborator').select(['id', 'scopes']).execute()
  expect(Object.fromEntries(rows.map(({ id, scopes }) => [id, JSON.parse(scopes)]))).toEqual({
    ...given,
    ann: [...role, ...added],
  })
  const { scopes } = await db.selectFrom('invitation').select('scopes').executeTakeFirstOrThrow()
  expect(JSON.parse(scopes)).toEqual([...role, ...added])
  await db.destroy()
})
