import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import { WorkState } from '#gen/marquee/v1/team_pb.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import type { Db } from '#proxy/store/open.ts'
import { isOrderBack, ordersOfInputs } from '#proxy/store/orders.ts'
import { isSentBack, standingOn } from '#proxy/store/work.ts'
import { seesEverybody } from './teamRights.ts'
import { workState } from './workStates.ts'

/** What is furthest behind comes first: somebody has to do something about it. */
const order = [WorkState.RETURNED, WorkState.TODO, WorkState.WAITING, WorkState.DONE]

/** By input: how far the assigned work on it is, and whose it is; those who only label are told of their own. */
export const workOn = async (
  app: AppInUse,
  db: Db,
  inputIds: readonly string[],
): Promise<Map<string, Pick<InputSummary, 'workState' | 'workers'>>> => {
  const orders = (await ordersOfInputs(db, app.no, inputIds)).map((row) => ({
    input: row.input_id,
    worker: row.user_id,
    state: workState(row.status_code, isOrderBack(row)),
  }))
  const assignments = (await standingOn(db, app.no, inputIds)).map((row) => ({
    input: row.input_id,
    worker: row.worker_id,
    state: workState(row.status_code, isSentBack(row)),
  }))
  const everybody = seesEverybody(app)
  const seen = [...orders, ...assignments].filter(({ worker }) => everybody || worker === app.callerId)
  return new Map(
    [...Map.groupBy(seen, ({ input }) => input)].map(([input, some]) => {
      const state = order.find((one) => some.some((work) => work.state === one)) ?? WorkState.ANY
      const workers = [...new Set(some.filter((work) => work.state === state).map(({ worker }) => worker))]
      return [input, { workState: state, workers }]
    }),
  )
}
