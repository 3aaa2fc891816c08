import path from 'node:path'
import { create, toBinary } from '@bufbuild/protobuf'
import type { Selectable } from 'kysely'
import { AnnotationSchema, InputSchema, KeySchema, UserSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { annotationRow } from '#proxy/service/annotations/annotationRow.ts'
import { userWorker } from '#proxy/service/annotations/annotationWorker.ts'
import { labelerScopes } from '#proxy/service/people/scopeNames.ts'
import { hashSecret } from '#proxy/service/people/secrets.ts'
import { batches } from '#proxy/store/batches.ts'
import { insertRows } from '#proxy/store/insertRows.ts'
import { openStore, type Store } from '#proxy/store/open.ts'
import type { Tables } from '#proxy/store/schema.ts'
import { searchText } from '#proxy/store/searchText.ts'

/** What is measured in. */
export interface TeamSize {
  readonly inputs: number
  readonly annotations: number
  readonly people: number
}

export const APP = 'demo'

export const personId = (i: number): string => `person-${String(i).padStart(3, '0')}`
/** A personal access token of each. */
export const tokenOf = (i: number): string => `bench-token-${i}`.padEnd(43, 'x')

/** Opens the database of a server that does not run. */
export const openData = (dataDir: string): Promise<Store> =>
  openStore({ databaseUrl: path.join(dataDir, 'marquee.db') })

const appNo = async ({ read }: Store): Promise<number> =>
  Number((await read.selectFrom('app').select('no').where('id', '=', APP).executeTakeFirstOrThrow()).no)

/** People with a token each, all of them collaborators, and inputs that show the demo's photos: written straight to the tables. */
export const addPeopleAndInputs = async (store: Store, { inputs, people }: TeamSize): Promise<void> => {
  const app = await appNo(store)
  const now = Date.now() * 1000
  await store.write.transaction().execute(async (tx) => {
    for (let i = 0; i < people; i++) {
      const id = personId(i)
      const times = { created_at: now + i, modified_at: now + i, deleted_at: null }
      const message = toBinary(UserSchema, create(UserSchema, { id }))
      await tx.insertInto('account').values({ id, message, password_hash: null, created_at: now }).execute()
      await tx
        .insertInto('api_key')
        .values({
          id: `key-${id}`,
          secret_hash: hashSecret(tokenOf(i)),
          user_id: id,
          kind: 'personal_access_token',
          app: null,
          scopes: JSON.stringify(['All']),
          message: toBinary(KeySchema, create(KeySchema, { id: `key-${id}` })),
          created_at: now,
          expires_at: null,
        })
        .execute()
      await tx
        .insertInto('collaborator')
        .values({
          id: `c-${id}`,
          app,
          user_id: id,
          scopes: JSON.stringify(labelerScopes),
          message: new Uint8Array(),
          ...times,
        })
        .execute()
    }
    const photos = await tx
      .selectFrom('input')
      .select(['width', 'height', 'original', 'display'])
      .where('original', 'is not', null)
      .execute()
    const rows = Array.from({ length: inputs }, (_, i) => inputRow(app, i, now, photos[i % photos.length]!))
    for (const batch of batches(rows, 5000)) await insertRows(tx, 'input', batch)
    await tx
      .updateTable('app')
      .set({ last_at: now + inputs + 10 })
      .where('no', '=', app)
      .execute()
  })
}

export const inputId = (i: number): string => `input-${String(i).padStart(6, '0')}`

type Photo = Pick<Selectable<Tables['input']>, 'width' | 'height' | 'original' | 'display'>

const inputRow = (app: number, i: number, now: number, photo: Photo) => {
  const id = inputId(i)
  return {
    app,
    id,
    kind: 'image' as const,
    filename: `${id}.jpg`,
    search_text: searchText(`${id}.jpg`, id),
    ...photo,
    status_code: StatusCode.INPUT_SUCCESS,
    source_url: null,
    labelled: 1,
    message: toBinary(InputSchema, create(InputSchema, { id })),
    rev: 0,
    created_at: now + i,
    modified_at: now + i,
    deleted_at: null,
    deleted_by: null,
  }
}

/** Of ten pieces of everybody's work: four done, two in review, one sent back, three still to do. */
const stateOf = (place: number): { code: number; round: number; annotation: StatusCode } => {
  const i = place + Math.floor(place / 50)
  const of = (code: number, annotation: StatusCode, round = 0) => ({ code, annotation, round })
  if (i % 10 < 4) return of(StatusCode.TASK_ASSIGNMENT_SUCCESS, StatusCode.ANNOTATION_SUCCESS)
  if (i % 10 < 6) return of(StatusCode.TASK_ASSIGNMENT_AWAITING_REVIEW, StatusCode.ANNOTATION_AWAITING_REVIEW)
  if (i % 10 === 6) return of(StatusCode.TASK_ASSIGNMENT_PENDING, StatusCode.ANNOTATION_PENDING, 1)
  return of(StatusCode.TASK_ASSIGNMENT_PENDING, StatusCode.ANNOTATION_PENDING)
}

/** Brings the work of a task to all its states, with boxes of the people who made it, verdicts and times. */
export const workOn = async (store: Store, taskId: string, size: TeamSize): Promise<void> => {
  const app = await appNo(store)
  const each = Math.round(size.annotations / size.inputs)
  const assignments = await store.read
    .selectFrom('task_assignment')
    .select(['id', 'input_id', 'worker_id', 'place'])
    .where('task_id', '=', taskId)
    .orderBy('place')
    .execute()
  let at = Date.now() * 1000 + size.inputs
  for (const batch of batches(assignments, 2000)) {
    await store.write.transaction().execute(async (tx) => {
      for (const [code, some] of Map.groupBy(
        batch,
        (row) => `${stateOf(row.place).code} ${stateOf(row.place).round}`,
      )) {
        const [status_code, round] = code.split(' ').map(Number) as [number, number]
        const decided_by = round > 0 || status_code === StatusCode.TASK_ASSIGNMENT_SUCCESS ? 'reviewer' : null
        const ids = some.map((row) => row.id)
        await tx
          .updateTable('task_assignment')
          .set({ status_code, round, decided_by, started: 1 })
          .where('task_id', '=', taskId)
          .where('id', 'in', ids)
          .execute()
      }
      await insertRows(
        tx,
        'annotation',
        batch.flatMap((row) => Array.from({ length: each }, (_, n) => boxRow(app, taskId, row, n, at++))),
      )
      const done = batch.filter((row) => stateOf(row.place).code !== StatusCode.TASK_ASSIGNMENT_PENDING)
      const of = { app, task_id: taskId }
      await insertRows(
        tx,
        'work_event',
        done.flatMap((row) =>
          (['submit', 'approve'] as const).map((action) => ({
            ...of,
            item_id: row.id,
            input_id: row.input_id,
            worker_id: row.worker_id,
            actor_id: action === 'submit' ? row.worker_id : 'reviewer',
            action,
            reason: '',
            at: at++,
          })),
        ),
      )
      await insertRows(
        tx,
        'work_time',
        batch.map((row) => ({
          ...of,
          item_id: row.id,
          user_id: row.worker_id,
          visit_id: 'visit',
          seconds: 20 + (row.place % 60),
          at: at++,
        })),
      )
    })
    process.stderr.write(`\r${batch.at(-1)!.place + 1} inputs            `)
  }
  await store.write
    .updateTable('app')
    .set({ last_at: at + 1_000_000, rev: at - Date.now() * 1000 })
    .where('no', '=', app)
    .execute()
  process.stderr.write('\r                              \r')
}

const boxRow = (
  app: number,
  taskId: string,
  { input_id, worker_id, place }: { input_id: string; worker_id: string; place: number },
  n: number,
  at: number,
) => {
  const top = (n % 10) / 12
  const annotation = create(AnnotationSchema, {
    id: `${place}-${n}`,
    inputId: input_id,
    userId: worker_id,
    worker: userWorker(worker_id),
    taskId,
    status: { code: stateOf(place).annotation },
    data: {
      regions: [
        {
          id: `r-${n}`,
          regionInfo: { boundingBox: { topRow: top, leftCol: 0.1, bottomRow: top + 0.07, rightCol: 0.4 } },
          data: { concepts: [{ id: 'car', value: 1 }] },
        },
      ],
    },
  })
  return annotationRow(annotation, { app, rev: at % 1e9, createdAt: at, modifiedAt: at })
}
