import type { DescMethod, DescMethodServerStreaming, DescService, MessageShape } from '@bufbuild/protobuf'
import type { Studio } from '#gen/marquee/v1/marquee_pb.ts'
import type { Office } from '#gen/marquee/v1/office_pb.ts'
import type { Team } from '#gen/marquee/v1/team_pb.ts'
import type { V2 } from '#gen/proto/clarifai/api/service_pb.ts'
import type { Call } from './call.ts'
import type { Deps } from './deps.ts'

/**
 * One RPC: answers a full response message, its status set (`service/status.ts`) but for what the gateway adds.
 * Items of a batch carry their own failures; what fails the whole call is thrown.
 * @throws ApiError
 */
export type MethodImpl<M extends DescMethod> = (request: MessageShape<M['input']>, call: Call, deps: Deps) => Answer<M>

/** One answer; a server-streaming RPC gives one after the other (`async function*`), each with its own status. */
type Answer<M extends DescMethod> = M extends DescMethodServerStreaming
  ? AsyncIterable<MessageShape<M['output']>>
  : Promise<MessageShape<M['output']>>

/** Some methods of a service, keyed by protobuf-es's local name. */
export type MethodsOf<S extends DescService> = {
  readonly [N in keyof S['method']]?: S['method'][N] extends DescMethod ? MethodImpl<S['method'][N]> : never
}

/** Write a file's methods as `export const annotationMethods = { … } satisfies V2Methods`. */
export type V2Methods = MethodsOf<typeof V2>
export type StudioMethods = MethodsOf<typeof Studio>
export type TeamMethods = MethodsOf<typeof Team>
export type OfficeMethods = MethodsOf<typeof Office>
