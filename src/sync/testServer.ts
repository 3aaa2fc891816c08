import { clone, create } from '@bufbuild/protobuf'
import { Code, ConnectError, createRouterTransport, type Interceptor, type ServiceImpl } from '@connectrpc/connect'
import { Account, Studio } from '#gen/marquee/v1/marquee_pb.ts'
import { type Annotation, AnnotationSchema, type Input, InputSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { V2 } from '#gen/web/proto/clarifai/api/service_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { type Clients, clientsOver } from './client.ts'
import { sameContent, sameVersion } from './content.ts'

/** What becomes of one request. `hang`: it never ends; it lands when the test says so, or never. */
export type Fate = 'ok' | 'lost request' | 'lost reply' | 'hang' | Code

const SUCCESS = { code: StatusCode.SUCCESS, description: 'Ok' }
const MICRO = 1000

/** An annotation server in memory, with the semantics the outbox relies on, behind a network that can be told to fail. */
export class TestServer {
  readonly rows = new Map<string, Annotation & { deleted?: boolean }>()
  readonly inputs = new Map<string, Input>()
  /** who the browser's cookie stands for */
  person: string | undefined = 'ana'
  /** why the server refuses an annotation; undefined = it does not */
  refuse: (annotation: Annotation) => { code: number; details: string } | undefined = () => undefined
  refuseInput: (input: Input) => number | undefined = () => undefined
  fate: (method: string, items: number) => Fate = () => 'ok'
  /** every call that reached the server, as "method × items" */
  readonly calls: string[] = []
  readonly held: (() => Promise<unknown>)[] = []
  readonly created = new Map<string, number>()
  #clock = 1_700_000_000_000_000

  /** One browser's clients. `cut()` makes it a browser that died: nothing of it gets an answer any more. */
  browser(): Clients & { cut: () => void } {
    let dead = false
    const network: Interceptor = (next) => async (request) => {
      const message = request.message as { annotations?: unknown[]; ids?: unknown[]; inputs?: unknown[] }
      const items = (message.annotations ?? message.ids ?? message.inputs ?? []).length
      const fate = dead ? 'hang' : this.fate(request.method.name, items)
      if (typeof fate === 'number') throw new ConnectError('the network says no', fate)
      if (fate === 'lost request') throw new ConnectError('gone', Code.Unavailable)
      const land = () => {
        this.calls.push(`${request.method.name} × ${items}`)
        return next(request)
      }
      if (fate === 'hang') {
        this.held.push(land)
        return new Promise((_, reject) =>
          request.signal.addEventListener('abort', () => reject(new ConnectError('aborted', Code.Canceled))),
        )
      }
      const answer = await land()
      if (fate === 'lost reply') throw new ConnectError('cut', Code.DeadlineExceeded)
      return dead ? new Promise(() => undefined) : answer
    }
    const transport = createRouterTransport(
      (router) => {
        router.service(V2, this.#api())
        router.service(Studio, this.#studio())
        router.service(Account, {
          getSession: () => ({ person: this.person ? { id: this.person } : undefined, serverId: 'test' }),
        })
      },
      { transport: { interceptors: [network] } },
    )
    return {
      ...clientsOver(transport),
      cut: () => {
        dead = true
      },
    }
  }

  /** What is there, by annotation id. */
  live(): Map<string, Annotation> {
    return new Map([...this.rows.values()].filter((row) => !row.deleted).map((row) => [row.id, row]))
  }

  /** Somebody else writes directly. */
  write(annotation: Annotation): Annotation {
    const old = this.rows.get(keyOf(annotation))
    const stored = clone(AnnotationSchema, annotation)
    stored.createdAt = old?.createdAt ?? this.#stamp()
    stored.modifiedAt = this.#stamp()
    this.rows.set(keyOf(annotation), stored)
    return stored
  }

  remove(annotation: { id: string; inputId: string }): void {
    const row = this.rows.get(keyOf(annotation))
    if (row) row.deleted = true
  }

  #stamp() {
    this.#clock += 1
    return {
      $typeName: 'google.protobuf.Timestamp' as const,
      seconds: BigInt(Math.floor(this.#clock / 1_000_000)),
      nanos: (this.#clock % 1_000_000) * MICRO,
    }
  }

  #api(): Partial<ServiceImpl<typeof V2>> {
    return {
      postAnnotations: (request) => this.#batch(request.annotations, (one) => this.#post(one)),
      patchAnnotations: (request, context) => {
        const compare = context.requestHeader.get('x-marquee-compare') === 'modified_at'
        return this.#batch(request.annotations, (one) => this.#patch(one, request.action, compare))
      },
      deleteAnnotations: (request) => {
        if (!this.person) return { status: { code: StatusCode.CONN_CREDENTIALS_INVALID } }
        request.ids.forEach((id, i) => {
          this.remove({ id, inputId: request.inputIds[i]! })
        })
        return { status: SUCCESS }
      },
      listAnnotations: (request) => {
        const all = [...this.rows.values()].filter(
          (row) =>
            !row.deleted &&
            request.inputIds.includes(row.inputId) &&
            (request.ids.length === 0 || request.ids.includes(row.id)),
        )
        const start = (request.page - 1) * request.perPage
        return { status: SUCCESS, annotations: all.slice(start, start + request.perPage) }
      },
      postInputs: (request) => this.#postInputs(request.inputs),
      listInputs: (request) => ({
        status: SUCCESS,
        inputs: request.ids.flatMap((id) => this.inputs.get(id) ?? []),
      }),
      deleteInputs: (request) => {
        for (const id of request.ids) this.inputs.delete(id)
        return { status: SUCCESS }
      },
    }
  }

  #studio() {
    return {
      restoreAnnotations: (request: { annotations: { inputId: string; annotationId: string }[] }) => ({
        restored: request.annotations.filter(({ inputId, annotationId }) => {
          const row = this.rows.get(`${inputId}/${annotationId}`)
          if (row) row.deleted = false
          return row !== undefined
        }),
      }),
    }
  }

  #postInputs(inputs: Input[]) {
    const answers = inputs.map((input) => {
      const refused = this.refuseInput(input) ?? (this.inputs.has(input.id) ? StatusCode.INPUT_DUPLICATE : undefined)
      if (refused) return create(InputSchema, { id: input.id, status: { code: refused as StatusCode } })
      this.inputs.set(input.id, input)
      return create(InputSchema, { id: input.id, status: { code: StatusCode.INPUT_SUCCESS } })
    })
    return { status: overall(answers, StatusCode.INPUT_SUCCESS), inputs: answers }
  }

  #batch(annotations: Annotation[], one: (annotation: Annotation) => Annotation) {
    if (!this.person) return { status: { code: StatusCode.CONN_CREDENTIALS_INVALID } }
    const answers = annotations.map((annotation) => {
      const refused = this.refuse(annotation)
      return refused ? failed(annotation, refused.code, refused.details) : one(annotation)
    })
    return {
      status: overall(answers, StatusCode.ANNOTATION_SUCCESS, StatusCode.ANNOTATION_PENDING),
      annotations: answers,
    }
  }

  #post(annotation: Annotation): Annotation {
    const row = this.rows.get(keyOf(annotation))
    if (row) {
      const repeat = !row.deleted && sameContent(row, annotation)
      return repeat ? row : failed(annotation, StatusCode.DATABASE_DUPLICATE_KEY, row.deleted ? 'deleted' : '')
    }
    this.created.set(annotation.id, (this.created.get(annotation.id) ?? 0) + 1)
    return this.write({ ...annotation, status: annotation.status ?? statusOf(StatusCode.ANNOTATION_SUCCESS) })
  }

  #patch(part: Annotation, action: string, compare: boolean): Annotation {
    const row = this.rows.get(keyOf(part))
    if (!row || row.deleted) return failed(part, StatusCode.CONN_DOES_NOT_EXIST)
    if (compare && !sameVersion(part, row)) return failed(part, StatusCode.ANNOTATION_MODIFY_FAILED)
    const content = action === 'overwrite' ? { data: part.data, annotationInfo: part.annotationInfo } : {}
    return this.write({ ...row, ...content, status: part.status ?? row.status })
  }
}

const keyOf = ({ inputId, id }: { inputId: string; id: string }): string => `${inputId}/${id}`

const statusOf = (code: StatusCode, details = '') => create(AnnotationSchema, { status: { code, details } }).status

const failed = ({ id, inputId }: Annotation, code: number, details = ''): Annotation =>
  create(AnnotationSchema, { id, inputId, status: statusOf(code as StatusCode, details) })

function overall(answers: readonly { status?: { code: number } | undefined }[], ...fine: number[]) {
  const good = answers.filter(({ status }) => fine.includes(status?.code ?? 0)).length
  if (good === answers.length) return SUCCESS
  return { code: good > 0 ? StatusCode.MIXED_STATUS : StatusCode.FAILURE }
}
