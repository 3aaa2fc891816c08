import { create } from '@bufbuild/protobuf'
import { beforeEach, expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { annotationRow } from '#proxy/service/annotations/annotationRow.ts'
import { userWorker } from '#proxy/service/annotations/annotationWorker.ts'
import { addApp, addInput, addUser } from '#proxy/service/testing.ts'
import { deleteAnnotations } from './annotationDeletes.ts'
import { insertAnnotations, replaceAnnotations } from './annotations.ts'
import { openMemoryStore } from './memory.ts'
import type { Store } from './open.ts'
import { restoreAnnotations } from './restores.ts'

let store: Store
let app: number
beforeEach(async () => {
  store = await openMemoryStore()
  await addUser(store, 'owner', 'Owner')
  app = await addApp(store, 'owner', 'demo')
  for (const [i, id] of ['i1', 'i2'].entries()) await addInput(store, app, id, i)
  return () => store.close()
})

const boxOf = (n: number, inputId: string, concept: string, leftCol = 0.1, person = true) => {
  const annotation = create(AnnotationSchema, {
    id: `a${n}`,
    inputId,
    ...(person && { userId: 'owner', worker: userWorker('owner') }),
    data: {
      regions: [
        {
          id: `r${n}`,
          regionInfo: { boundingBox: { topRow: 0, leftCol, bottomRow: 1, rightCol: 1 } },
          data: { concepts: [{ id: concept, value: 1 }] },
        },
      ],
    },
  })
  return annotationRow(annotation, { app, rev: n, createdAt: n, modifiedAt: n })
}

/** The counts kept for the inputs, which must always be what counting anew says. */
const counts = async () => {
  const kept = await store.read
    .selectFrom('input_term')
    .selectAll()
    .where('count', '<>', 0)
    .orderBy('input_at')
    .orderBy('term')
    .execute()
  const counted = await store.read
    .selectFrom('annotation_term')
    .select([
      'app',
      'term',
      'input_at',
      (eb) => eb.fn.countAll().as('count'),
      (eb) => eb.fn.sum('trusted').as('trusted'),
    ])
    .groupBy(['app', 'term', 'input_at'])
    .orderBy('input_at')
    .orderBy('term')
    .execute()
  expect(kept).toEqual(counted)
  return Object.fromEntries(
    kept.filter(({ term }) => term.startsWith('+')).map((row) => [`${row.term} ${row.count}/${row.trusted}`, 1]),
  )
}

const write = <T>(work: (tx: Store['write']) => Promise<T>) => store.write.transaction().execute(work)

it('keeps the counts of terms through writing, changing, deleting and restoring', async () => {
  const rows = [boxOf(1, 'i1', 'car'), boxOf(2, 'i1', 'car'), boxOf(3, 'i1', 'dog'), boxOf(4, 'i2', 'cat', 0.1, false)]
  await write((tx) => insertAnnotations(tx, rows))
  expect(await counts()).toEqual({ '+car 2/2': 1, '+dog 1/1': 1, '+cat 1/0': 1 })

  const moved = { ...boxOf(1, 'i1', 'car', 0.2), created_at: 1, rev: 5, modified_at: 5 }
  const renamed = { ...boxOf(2, 'i1', 'dog'), created_at: 2, rev: 6, modified_at: 6 }
  await write((tx) => replaceAnnotations(tx, [moved, renamed], rows.slice(0, 2)))
  expect(await counts()).toEqual({ '+car 1/1': 1, '+dog 2/2': 1, '+cat 1/0': 1 })

  await store.write.updateTable('app').set({ rev: 10, last_at: 10 }).execute()
  const keys = [1, 2].map((n) => ({ input_id: 'i1', id: `a${n}` }))
  await write((tx) => deleteAnnotations(tx, { app, keys }, { by: 'owner', now: 20 }))
  expect(await counts()).toEqual({ '+dog 1/1': 1, '+cat 1/0': 1 })

  await write((tx) => restoreAnnotations(tx, app, keys, { by: 'owner', now: 30, since: 0 }))
  expect(await counts()).toEqual({ '+car 1/1': 1, '+dog 2/2': 1, '+cat 1/0': 1 })
})

it('writes of a changed row what differs', async () => {
  const row = boxOf(1, 'i1', 'car')
  await write((tx) => insertAnnotations(tx, [row]))
  const after = { ...boxOf(1, 'i1', 'car', 0.3), created_at: 1, rev: 7, modified_at: 9 }
  await write((tx) => replaceAnnotations(tx, [after], [row]))
  const stored = await store.read.selectFrom('annotation').selectAll().executeTakeFirstOrThrow()
  expect(stored).toMatchObject({ ...after, message: Buffer.from(after.message) })
})
