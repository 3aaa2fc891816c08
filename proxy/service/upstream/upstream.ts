import type { DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Status } from '#gen/proto/clarifai/api/status/status_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Call } from '#proxy/service/call.ts'

/** A server that speaks the API, which this one forwards to. */
export interface Upstream {
  /** `https://host[:port]`: names it in sessions. */
  readonly url: string
  /** Hosts besides its own whose pictures are shown through this server; `.example.org` = all under it. */
  readonly mediaHosts: readonly string[]
  /**
   * One call of our own, 20 s at most.
   * @param key a personal access token of the upstream
   * @throws an error of the call as such (unreachable, unimplemented …); failures of the API are in the answer's Status
   */
  call<M extends DescMethodUnary>(
    method: M,
    request: MessageInitShape<M['input']>,
    own: { readonly key: string; readonly signal: AbortSignal },
  ): Promise<MessageShape<M['output']>>
  /** Whether it says that it does not have a method, asked with an empty message. False when it does not say. */
  lacks(method: DescMethodUnary, own: { readonly key: string; readonly signal: AbortSignal }): Promise<boolean>
}

/** A caller's way to the upstream: their token goes along. */
export interface UpstreamApi {
  /** @throws ApiError with the upstream's Status unless it is SUCCESS */
  ok<M extends DescMethodUnary>(method: M, request: MessageInitShape<M['input']>): Promise<MessageShape<M['output']>>
}

/** What goes along with a caller's calls. @throws ApiError CONN_CREDENTIALS_INVALID when nobody is signed in */
export const ownCall = ({ caller, signal }: Call): { readonly key: string; readonly signal: AbortSignal } => {
  const key = caller?.upstreamKey
  if (key === undefined) throw new ApiError(StatusCode.CONN_CREDENTIALS_INVALID, 'nobody is signed in')
  return { key, signal }
}

/** @throws ApiError CONN_CREDENTIALS_INVALID when nobody is signed in */
export const upstreamApi = (upstream: Upstream, call: Call): UpstreamApi => {
  const own = ownCall(call)
  return {
    ok: async (method, request) => {
      const answer = await upstream.call(method, request, own)
      const { status } = answer as { status?: Status }
      if (status?.code === StatusCode.SUCCESS) return answer
      throw new ApiError(status?.code ?? StatusCode.INTERNAL_UNCATEGORIZED, status?.details || status?.description)
    },
  }
}
