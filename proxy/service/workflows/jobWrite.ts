import { create } from '@bufbuild/protobuf'
import {
  type Annotation,
  AnnotationSchema,
  type Model,
  ModelSchema,
  ModelVersionSchema,
  WorkerSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { draftOf } from '#proxy/service/annotations/annotationDraft.ts'
import { writeDrafts } from '#proxy/service/annotations/postAnnotations.ts'
import type { ApiError } from '#proxy/service/apiError.ts'
import { personIn } from '#proxy/service/appSettings.ts'
import { attemptAsync } from '#proxy/service/attempt.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { inAnswer, type Part } from '#proxy/service/models/predictAnswer.ts'
import { PredictionFailed } from '#proxy/service/models/predictFailure.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { deleteAnnotations } from '#proxy/store/annotationDeletes.ts'
import { lockApp } from '#proxy/store/apps.ts'
import { changeJob, type JobRow } from '#proxy/store/jobs.ts'
import type { Db } from '#proxy/store/open.ts'
import { annotationsOfModel } from '#proxy/store/workflows.ts'
import { JobDropped, JobLost } from './jobErrors.ts'

/** What a model version said of a job's input. */
export interface ToWrite {
  readonly app: AppInUse
  readonly job: JobRow
  readonly model: Model
  readonly parts: readonly Part[]
  /** The model versions the job has written by then, this one included. */
  readonly written: readonly string[]
}

const root = 'answer'

/**
 * Puts a model version's annotations of an input in the place of its earlier ones, as a post by the app's owner would,
 * with the same checks, all or nothing; and notes it on the job in the same transaction, so that it happens once.
 * @throws PredictionFailed for an answer that cannot be annotations, JobDropped without the input, JobLost
 */
export const writeAnswer = async ({ app, job, model, parts, written }: ToWrite, deps: Deps): Promise<void> => {
  const person = personIn(app)
  const posted = parts.map(({ data }) => annotationBy(model, job.input_id, data))
  const drafts = await Promise.all(posted.map((one) => attemptAsync(() => draftOf(one, root, person, deps))))
  for (const [i, draft] of drafts.entries()) if (!draft.ok) throw asAnswer(draft.error, parts[i]!)
  await deps.store.write.transaction().execute(async (tx) => {
    await lockApp(tx, app.no)
    if (!(await changeJob(tx, job, { written: JSON.stringify(written) }, deps.now()))) throw new JobLost()
    await removeEarlier(tx, app, job.input_id, model.modelVersion!.id, deps)
    const done = await writeDrafts(tx, app, drafts, deps.now())
    for (const [i, item] of done.entries()) if (!item.ok) throw asAnswer(item.error, parts[i]!)
  })
}

const annotationBy = (model: Model, inputId: string, data: Part['data']): Annotation => {
  const { id, appId, userId, modelVersion } = model
  const version = create(ModelVersionSchema, { id: modelVersion!.id })
  const value = create(ModelSchema, { id, appId, userId, modelVersion: version })
  return create(AnnotationSchema, {
    inputId,
    data,
    worker: create(WorkerSchema, { worker: { case: 'model', value } }),
  })
}

const asAnswer = (error: ApiError, part: Part): Error => {
  if (error.code === StatusCode.INPUT_DOES_NOT_EXIST) return new JobDropped('the input was deleted')
  const details = inAnswer(error.details, `${root}.data`, part)
  return new PredictionFailed(`the runner's answer: ${details}`, false, { cause: error })
}

const removeEarlier = async (tx: Db, app: AppInUse, inputId: string, modelVersionId: string, deps: Deps) => {
  const keys = await annotationsOfModel(tx, app.no, inputId, modelVersionId)
  await deleteAnnotations(tx, { app: app.no, keys }, { by: app.callerId, now: deps.now() })
}
