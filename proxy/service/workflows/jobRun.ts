import { create, fromBinary } from '@bufbuild/protobuf'
import { UserAppIDSetSchema, type WorkflowNode, WorkflowVersionSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { innerCall, innerCaller } from '#proxy/service/innerCall.ts'
import { PredictionFailed } from '#proxy/service/models/predictFailure.ts'
import { type Answer, runNodes } from '#proxy/service/models/predictNodes.ts'
import { storedSubject } from '#proxy/service/models/predictSubject.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { inputById } from '#proxy/store/inputs.ts'
import type { JobRow } from '#proxy/store/jobs.ts'
import { versionByNo } from '#proxy/store/models.ts'
import { appByNo } from '#proxy/store/workflows.ts'
import { JobDropped } from './jobErrors.ts'
import { writeAnswer } from './jobWrite.ts'
import { withSources } from './workflowGraph.ts'

/**
 * Runs a workflow on an input and writes what its models say, each model version's answers at once, in the place of what
 * it said before. What an earlier attempt has written is not written again.
 * @throws JobDropped, JobLost, PredictionFailed: what it did before stays
 */
export const runJob = async (deps: Deps, job: JobRow, signal: AbortSignal): Promise<void> => {
  const app = await appOf(deps, job)
  const input = await inputById(deps.store.read, app.no, job.input_id)
  if (!input) throw new JobDropped('the input was deleted')
  const nodes = await nodesOf(deps, job)
  const written = new Set(JSON.parse(job.written) as string[])
  const pending = nodes.filter((node) => !node.suppressOutput && !written.has(versionOf(node)))
  const toRun = withSources(nodes, new Set(pending.map(({ id }) => id)))
  const left = new Map(
    Map.groupBy(pending, versionOf)
      .entries()
      .map(([id, some]) => [id, some.length]),
  )
  const answers = new Map<string, Answer[]>()
  const failures: unknown[] = []
  const call = innerCall(innerCaller(app.user_id))
  for await (const { node, model, answer } of runNodes(toRun, storedSubject(input, app, deps), {
    app,
    call,
    deps,
    signal,
  })) {
    if (signal.aborted) throw signal.reason
    if (!answer.ok) failures.push(answer.error)
    const version = versionOf(node)
    if (!answer.ok || !pending.includes(node)) continue
    answers.set(version, [...(answers.get(version) ?? []), answer.value])
    left.set(version, left.get(version)! - 1)
    if (left.get(version)! > 0) continue
    written.add(version)
    const parts = answers.get(version)!.flatMap(({ parts }) => parts)
    await writeAnswer({ app, job, model, parts, written: [...written] }, deps).catch((error: unknown) => {
      if (!(error instanceof PredictionFailed)) throw error
      written.delete(version)
      failures.push(error)
    })
  }
  if (failures.length > 0) throw overall(failures)
}

/** The app as its owner sees it: nobody else may write in the name of models. */
const appOf = async (deps: Deps, job: JobRow): Promise<AppInUse> => {
  const row = await appByNo(deps.store.read, job.app)
  if (!row) throw new JobDropped('the app was deleted')
  const address = create(UserAppIDSetSchema, { userId: row.user_id, appId: row.id })
  return findApp(deps, innerCall(innerCaller(row.user_id)), address, 'addAnnotations')
}

const nodesOf = async ({ store }: Deps, job: JobRow): Promise<WorkflowNode[]> => {
  const row = await versionByNo(store.read, 'workflow', job.workflow_version)
  if (row?.deleted_at !== null) throw new JobDropped('the workflow was deleted')
  return fromBinary(WorkflowVersionSchema, row.message).nodes
}

const versionOf = ({ model }: WorkflowNode): string => model?.modelVersion?.id ?? ''

/** One error for all nodes that failed; it may pass when any of them may. */
const overall = (failures: readonly unknown[]): unknown => {
  const bug = failures.find((error) => !(error instanceof ApiError))
  if (bug) return bug
  const texts = [...new Set(failures.map((error) => (error as ApiError).details))]
  const mayPass = failures.some((error) => error instanceof PredictionFailed && error.mayPass)
  return new PredictionFailed(texts.join('; '), mayPass, { cause: failures[0] })
}
