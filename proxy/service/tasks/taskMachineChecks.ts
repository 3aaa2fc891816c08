import { fromBinary } from '@bufbuild/protobuf'
// biome-ignore lint/style/noRestrictedImports: used by tests only, which is where vitest is at home
import { expect } from 'vitest'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { edges } from '#model/review.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Store } from '#proxy/store/open.ts'
import type { AssignmentRow } from '#proxy/store/taskAssignments.ts'
import { done, open, others, rejected, review, type Step } from './taskMachineSteps.ts'
import type { Seen } from './taskTesting.ts'

/** What anybody is told who goes on with it. */
export const goneCodes = { rest: 54100, taskGone: 54102, inputGone: 30102 } as const

export const stateOf = ({ id, input_id, worker_id, status_code, round }: AssignmentRow) =>
  [id, input_id, worker_id, status_code, round].join(' ')

/** Which steps may change the state of an assignment, and how. */
export const checkMove = (was: AssignmentRow | undefined, now: AssignmentRow, step: Step): void => {
  const from = was?.status_code ?? open
  const to = now.status_code
  if (from === to) return
  const submits = step.do === 'submit' && (from === others || now.worker_id === step.who)
  const leaves = (step.do === 'workers' || step.do === 'leave') && from === others
  const unawaited = step.do === 'leave'
  const judges =
    step.do === 'race' ||
    ((step.do === 'approve' || step.do === 'changes' || step.do === 'reject') && now.worker_id !== step.who)
  const moves: readonly (readonly [boolean, number, number[]])[] = [
    [submits, open, [done, review, others]],
    [submits, rejected, [review]],
    [submits || leaves, others, [done, review]],
    [judges, review, [done, open, rejected]],
    [judges, done, [open]],
    [unawaited, review, [done]],
    [step.do === 'takeBack', review, [open]],
    [step.do === 'takeBack', done, [open]],
  ]
  expect(
    moves.some(([may, at, ends]) => may && at === from && ends.includes(to)),
    `${from} → ${to} by ${JSON.stringify(step)}`,
  ).toBe(true)
}

/** No annotation ever went a way that is not in the table of decisions §7. */
export const checkEdges = async ({ read }: Pick<Store, 'read'>): Promise<void> => {
  const lines = await read.selectFrom('history').selectAll().where('kind', '=', 'annotation').execute()
  for (const { before, after } of lines) {
    if (!before || !after) continue
    const [from, to] = [before, after].map((bytes) => fromBinary(AnnotationSchema, bytes).status!.code)
    if (from !== to)
      expect(
        edges.some((edge) => edge.from === from && edge.to === to),
        `${from} → ${to}`,
      ).toBe(true)
  }
}

/** The code of a failure; undefined when there was none. */
export const failureOf = async (call: Promise<unknown>): Promise<number | undefined> => {
  try {
    await call
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return error.code
    throw error
  }
}

/** The items, or the code of the failure of the whole call. */
export const codeOf = async (call: Promise<Seen[]>): Promise<Seen[] | number> => {
  try {
    return await call
  } catch (error) {
    if (error instanceof ApiError) return error.code
    throw error
  }
}

export const itemOf = async (call: Promise<Seen[]>): Promise<[Seen | undefined, number | undefined]> => {
  const result = await codeOf(call)
  return typeof result === 'number' ? [undefined, result] : [result[0], undefined]
}
