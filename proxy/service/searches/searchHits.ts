import { create } from '@bufbuild/protobuf'
import { type Hit, HitSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { readable, stored } from '#proxy/service/annotations/annotationReading.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { readableInputs } from '#proxy/service/inputs/inputReading.ts'
import type { Page } from '#proxy/service/paging.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { inputsById } from '#proxy/store/inputs.ts'
import type { SearchPlan } from '#proxy/store/searchPlans.ts'
import { annotationsAt, findTimes, inputsAt, matchingAnnotations } from '#proxy/store/searchRuns.ts'

/** A page of the hits of a search, oldest first. What only filters finds has the score 1. */
export const hitsOf = async (plan: SearchPlan, page: Page, app: AppInUse, deps: Deps): Promise<Hit[]> => {
  const times = await findTimes(deps.store.read, plan, page)
  return plan.subject === 'annotation' ? annotationHits(times, app, deps) : inputHits(plan, times, app, deps)
}

const owned = (app: AppInUse) => ({ score: 1, userId: app.user_id, appId: app.id })

const annotationHits = async (times: readonly number[], app: AppInUse, deps: Deps): Promise<Hit[]> => {
  const db = deps.store.read
  const rows = await annotationsAt(db, app.no, times)
  const annotations = await readable(rows.map(stored), app, db, deps)
  const inputRows = await inputsById(
    db,
    app.no,
    annotations.map(({ inputId }) => inputId),
  )
  const inputs = new Map((await readableInputs(inputRows, app, db, deps)).map((input) => [input.id, input]))
  return annotations.map((annotation) =>
    create(HitSchema, { ...owned(app), annotation, input: inputs.get(annotation.inputId)! }),
  )
}

/** Each with the oldest annotation that meets the first filter about annotations, if there is such a filter. */
const inputHits = async (plan: SearchPlan, times: readonly number[], app: AppInUse, deps: Deps): Promise<Hit[]> => {
  const db = deps.store.read
  const inputs = await readableInputs(await inputsAt(db, app.no, times), app, db, deps)
  const filter = plan.filters.find(({ negate, annotation }) => !negate && annotation.length > 0)
  const ids = inputs.map(({ id }) => id)
  const rows = filter ? await matchingAnnotations(db, app.no, ids, filter, plan.visible) : []
  const annotations = await readable(rows.map(stored), app, db, deps)
  const matched = new Map(annotations.map((annotation) => [annotation.inputId, annotation]))
  return inputs.map((input) => {
    const annotation = matched.get(input.id)
    return create(HitSchema, { ...owned(app), input, ...(annotation && { annotation }) })
  })
}
