import { fromBinary } from '@bufbuild/protobuf'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { insertRows } from '#proxy/store/insertRows.ts'
import { termsOf } from '#proxy/store/searchTerms.ts'
import type { Step } from './step.ts'

const rowsAtATime = 1000

/** Predictions that are stored already are found by their score too. */
export const scores = (): readonly Step[] => [
  async (db) => {
    for (let after = -1; ; ) {
      const rows = await db
        .selectFrom('annotation')
        .innerJoin('input', (join) =>
          join.onRef('input.app', '=', 'annotation.app').onRef('input.id', '=', 'annotation.input_id'),
        )
        .select(['annotation.app', 'annotation.created_at', 'annotation.message', 'input.created_at as input_at'])
        .where('annotation.trusted', '=', 0)
        .where('annotation.deleted_at', 'is', null)
        .where('annotation.created_at', '>', after)
        .orderBy('annotation.created_at')
        .limit(rowsAtATime)
        .execute()
      const last = rows.at(-1)
      if (!last) return
      const terms = rows.flatMap(({ app, created_at, input_at, message }) =>
        [...termsOf(fromBinary(AnnotationSchema, message))]
          .filter((term) => term.startsWith('%'))
          .map((term) => ({ app, created_at, input_at, term, trusted: 0 })),
      )
      if (terms.length > 0) await insertRows(db, 'annotation_term', terms)
      after = Number(last.created_at)
    }
  },
  `insert into input_term (app, term, input_at, count, trusted)
    select app, term, input_at, count(*), 0 from annotation_term where substr(term, 1, 1) = '%'
    group by app, term, input_at`,
]
