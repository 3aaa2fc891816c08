import type { AnnotationRow } from './annotations.ts'
import type { Db } from './open.ts'

/** An annotation of these inputs, other than the input-level ones, that `userId` did not make; undefined if all are theirs. */
export const othersAnnotation = (
  db: Db,
  app: number,
  inputIds: readonly string[],
  userId: string,
): Promise<AnnotationRow | undefined> =>
  db
    .selectFrom('annotation')
    .selectAll()
    .where('app', '=', app)
    .where('deleted_at', 'is', null)
    .where('input_level', '=', 0)
    .where('input_id', 'in', inputIds)
    .where((eb) => eb.or([eb('user_id', 'is', null), eb('user_id', '!=', userId)]))
    .limit(1)
    .executeTakeFirst()
