import { clone, create } from '@bufbuild/protobuf'
import {
  type Data,
  DataSchema,
  type Input,
  InputSchema,
  type Output,
  type OutputConfig,
  OutputSchema,
  type Workflow,
  type WorkflowResult,
  WorkflowResultSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import {
  MultiOutputResponseSchema,
  PostWorkflowResultsResponseSchema,
  type V2,
} from '#gen/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Status } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { createTurnstile } from '#proxy/media/turnstile.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import { type Attempt, attemptAsync } from '#proxy/service/attempt.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import { readableInputs } from '#proxy/service/inputs/inputReading.ts'
import type { MethodImpl, V2Methods } from '#proxy/service/method.ts'
import { checkBatch } from '#proxy/service/paging.ts'
import { type AppInUse, findApp } from '#proxy/service/people/access.ts'
import { missingScopes } from '#proxy/service/people/scopes.ts'
import { failedItem, itemStatus, overallCode, status } from '#proxy/service/status.ts'
import { timestampOf } from '#proxy/service/time.ts'
import { workflowMessage } from '#proxy/service/workflows/workflowMessages.ts'
import { workflowMeant } from '#proxy/service/workflows/workflows.ts'
import { inputsById } from '#proxy/store/inputs.ts'
import { predict, type Runnable, runNodes, runnableModel } from './predictNodes.ts'
import { applyOutputConfig, paramsOf } from './predictOptions.ts'
import { type Subject, sentSubject, storedSubject, withoutBytes } from './predictSubject.ts'

// Of one server at a time: each may hold a decoded picture and wait for a runner.
const asking = createTurnstile(8)

/** An input of the request and what is known of it: a stored one by its id, else what was sent. */
interface Meant {
  readonly shown: Input
  readonly path: string
  subject(signal: AbortSignal): Promise<Subject>
}

/**
 * Asks a model about inputs, stored ones by id and others by bytes or URL, and stores nothing. One output for each, which
 * fails by itself.
 */
const postModelOutputs: MethodImpl<typeof V2.method.postModelOutputs> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'predict')
  checkBatch(request.inputs, 'inputs', deps.limits.batch)
  const asked = request.model
  const found = await runnableModel(app, request.modelId, request.versionId || asked?.modelVersion?.id || '', deps)
  const infos = [asked?.outputInfo, asked?.modelVersion?.outputInfo]
  const runnable: Runnable = { ...found, params: { ...found.params, ...paramsOf(...infos) } }
  const config = infos.find((info) => info?.outputConfig)?.outputConfig
  const inputs = await inputsMeant(request.inputs, app, deps)
  const outputs = await Promise.all(
    inputs.map(async (input) =>
      outputOf(input.shown, runnable, await answerTo(input, runnable, config, call, deps), deps),
    ),
  )
  return create(MultiOutputResponseSchema, { status: overallOf(call, outputs), outputs })
}

const answerTo = (input: Meant, runnable: Runnable, config: OutputConfig | undefined, call: Call, deps: Deps) =>
  asking.run(() =>
    attemptAsync(async () => {
      const { data } = await predict(runnable, await input.subject(call.signal), [], deps, call.signal)
      applyOutputConfig(data, config)
      return data
    }),
  )

const outputOf = (input: Input, { model }: Pick<Runnable, 'model'>, answer: Attempt<Data>, deps: Deps): Output =>
  create(OutputSchema, {
    id: deps.newId(),
    status: answer.ok ? itemStatus(StatusCode.SUCCESS) : failedItem(answer.error),
    createdAt: timestampOf(deps.now()),
    model,
    input,
    ...(answer.ok && { data: answer.value }),
  })

/** Stored inputs as they are; of others what was sent, without the bytes. */
const inputsMeant = async (inputs: readonly Input[], app: AppInUse, deps: Deps): Promise<Meant[]> => {
  const db = deps.store.read
  const ids = inputs.filter(isById).map(({ id }) => id)
  if (ids.length > 0) requireScope(app)
  const rows = (await inputsById(db, app.no, ids)).filter((row) => row.deleted_at === null)
  const readable = new Map((await readableInputs(rows, app, db, deps)).map((input) => [input.id, input]))
  return inputs.map((input, i): Meant => {
    const path = `inputs[${i}]`
    if (!isById(input))
      return { path, shown: withoutBytes(input), subject: (signal) => sentSubject(input, path, deps, signal) }
    const row = rows.find(({ id }) => id === input.id)
    return {
      path,
      shown: readable.get(input.id) ?? create(InputSchema, { id: input.id }),
      async subject() {
        if (row) return storedSubject(row, app, deps)
        throw new ApiError(StatusCode.INPUT_DOES_NOT_EXIST, `${path}.id: the app has no input "${input.id}"`)
      },
    }
  })
}

/** Only its id is given. */
const isById = ({ id, data }: Input): boolean => id !== '' && !(data?.image || data?.video || data?.audio || data?.text)

const requireScope = (app: AppInUse): void => {
  const missing = missingScopes(app.scopes, ['Inputs_Get'])
  if (missing.length > 0)
    throw new ApiError(StatusCode.CONN_INSUFFICIENT_SCOPES, `missing scopes: ${missing.join(', ')}`)
}

/** The codes of download failures stand at the top too, when nothing else went wrong (official client's predict tests). */
const atTop: ReadonlySet<StatusCode> = new Set([
  StatusCode.INPUT_FAILED,
  StatusCode.INPUT_INVALID_URL,
  StatusCode.INPUT_UNSUPPORTED_FORMAT,
])

const overallOf = (call: Call, items: readonly { readonly status?: Status }[]): Status => {
  const failures = items.flatMap((item) => (item.status?.code === StatusCode.SUCCESS ? [] : [item.status!]))
  const [first] = failures
  if (!first) return status(StatusCode.SUCCESS, call)
  const isAll = failures.length === items.length && failures.every(({ code }) => code === first.code)
  if (isAll && atTop.has(first.code)) return status(first.code, call, first.details)
  const details = `${first.description}${first.details && `: ${first.details}`}`
  return status(overallCode(items.length, failures.length), call, details)
}

/** Runs a workflow, or the app's default one, on inputs, and stores nothing. One result for each, which fails by itself. */
const postWorkflowResults: MethodImpl<typeof V2.method.postWorkflowResults> = async (request, call, deps) => {
  const app = await findApp(deps, call, request.userAppId, 'predict')
  checkBatch(request.inputs, 'inputs', deps.limits.batch)
  if (request.workflowState?.id)
    throw new ApiError(StatusCode.NOT_IMPLEMENTED, 'workflow_state: this server keeps no state between calls')
  const found = await workflowMeant(deps, app, request.workflowId, request.versionId)
  const workflow = workflowMessage(found.workflow, app, found.version)
  const inputs = await inputsMeant(request.inputs, app, deps)
  const run = (input: Meant) => asking.run(() => resultOf(input, workflow, request.outputConfig, app, call, deps))
  const results = await Promise.all(inputs.map(run))
  return create(PostWorkflowResultsResponseSchema, { status: overallOf(call, results), workflow, results })
}

const resultOf = async (
  input: Meant,
  workflow: Workflow,
  config: OutputConfig | undefined,
  app: AppInUse,
  call: Call,
  deps: Deps,
): Promise<WorkflowResult> => {
  const result = create(WorkflowResultSchema, {
    id: deps.newId(),
    createdAt: timestampOf(deps.now()),
    input: input.shown,
  })
  const subject = await attemptAsync(() => input.subject(call.signal))
  if (!subject.ok) return Object.assign(result, { status: failedItem(subject.error) })
  const failures: Status[] = []
  for await (const { node, model, answer } of runNodes(workflow.nodes, subject.value, {
    app,
    call,
    deps,
    signal: call.signal,
  })) {
    if (!answer.ok) failures.push(failedItem(answer.error))
    if (answer.ok && node.suppressOutput) continue
    const data = answer.ok ? { ok: true as const, value: configured(answer.value.data, config) } : answer
    result.outputs.push(outputOf(input.shown, { model }, data, deps))
  }
  return Object.assign(result, { status: failures[0] ?? itemStatus(StatusCode.SUCCESS) })
}

/** A copy: what a node answered goes whole to the nodes after it. */
const configured = (data: Data, config: OutputConfig | undefined): Data => {
  if (!config) return data
  const shown = clone(DataSchema, data)
  applyOutputConfig(shown, config)
  return shown
}

export const predictMethods = { postModelOutputs, postWorkflowResults } satisfies V2Methods
