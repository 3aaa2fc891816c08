import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { Kysely } from 'kysely'
import { expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { Tables } from '#proxy/store/schema.ts'
import { openInMemory } from '#proxy/store/sqlite.ts'
import { sqliteDialect } from '#proxy/store/sqliteDialect.ts'
import { migrate, released } from './migrations.ts'

it('what speaks for others is known of work that was approved before', async () => {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(openInMemory()) })
  const names = Object.keys(released).filter((name) => name < '0046')
  await migrate(db, 'sqlite', Object.fromEntries(names.map((name) => [name, released[name]!])))
  const times = { created_at: 1, modified_at: 1 }
  const message = new Uint8Array()
  const facts = {
    kind: 'image',
    filename: 'i',
    search_text: 'i',
    width: 1,
    height: 1,
    status_code: 30000,
    rev: 1,
  } as const
  for (const no of [1, 2]) {
    const app = { no, user_id: 'owner', id: `a${no}`, message, rev: 0, last_at: 0, ...times }
    await db.insertInto('app').values(app).execute()
    await db
      .insertInto('input')
      .values({ app: no, id: 'i', ...facts, message, ...times })
      .execute()
  }
  type Said = Exclude<MessageInitShape<typeof AnnotationSchema>, { $typeName: string }>['consensusInfo']
  const add = (app: number, id: string, at: number, consensusInfo: Said) =>
    db
      .insertInto('annotation')
      .values({
        app,
        input_id: 'i',
        id,
        user_id: 'w',
        status_code: 24150,
        input_level: 0,
        trusted: 1,
        has_data: 1,
        concept_count: 0,
        message: toBinary(AnnotationSchema, create(AnnotationSchema, { id, ...(consensusInfo && { consensusInfo }) })),
        rev: at,
        created_at: at,
        modified_at: at,
      })
      .execute()
  await add(1, 'speaks', 5, undefined)
  await add(1, 'copy', 6, { marquee: { same_as: 'w0' } })
  await add(2, 'copy', 5, { group: 'g', marquee: { same_as: 'w1' } })
  await add(2, 'other', 6, { marquee: { same_as: 7 } })
  await migrate(db, 'sqlite')
  const rows = await db.selectFrom('annotation').select(['app', 'id', 'same_as']).orderBy('app').orderBy('id').execute()
  expect(rows.map(({ app, id, same_as }) => [app, id, same_as])).toEqual([
    [1, 'copy', 'w0'],
    [1, 'speaks', null],
    [2, 'copy', 'w1'],
    [2, 'other', null],
  ])
  await db.destroy()
})
