import { create } from '@bufbuild/protobuf'
import { type Annotation, AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { Clients } from './client.ts'
import { ApiFailure, failureOf } from './errors.ts'
import { type InputScope, userAppId } from './scope.ts'

/** Who acts. */
export interface Person {
  readonly clients: Clients
  readonly userId: string
  readonly headers: Readonly<Record<string, string>>
}

export const isStatus = ({ status }: Annotation, code: StatusCode): boolean => status?.code === code

/** Most items of one call. */
const BATCH = 128

export async function moveAll(
  { clients, headers }: Person,
  scope: InputScope,
  annotations: readonly Annotation[],
  code: StatusCode,
): Promise<void> {
  for (let i = 0; i < annotations.length; i += BATCH) {
    const some = annotations
      .slice(i, i + BATCH)
      .map(({ id, inputId }) => create(AnnotationSchema, { id, inputId, status: { code } }))
    const answer = await clients.api.patchAnnotations(
      { userAppId: userAppId(scope), action: 'merge', annotations: some },
      { headers },
    )
    if (answer.status?.code === StatusCode.SUCCESS) continue
    throw failureOf(answer.annotations.find(({ status }) => status?.code !== code)?.status ?? answer.status)
  }
}

export const gone = (id: string): ApiFailure =>
  new ApiFailure({
    code: StatusCode.CONN_DOES_NOT_EXIST,
    details: `"${id}" is no longer yours, or was deleted`,
    description: '',
    requestId: '',
  })
