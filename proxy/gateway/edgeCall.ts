import type { DescMethod, Message } from '@bufbuild/protobuf'
import type { Call } from '#proxy/service/call.ts'

/** A call as the edge knows it: forwarding needs more of it than a service does. */
export interface EdgeCall extends Call {
  readonly requestHeaders: Headers
  /** What is left of the client's deadline; undefined = it set none. */
  timeoutMs(): number | undefined
}

/** Calls methods of an upstream, their messages typed or opaque. */
export interface Forward {
  /** @throws ConnectError with the upstream's code, message and details */
  unary(method: DescMethod, message: Message, call: EdgeCall): Promise<Message>
  /** Whichever side streams. @throws ConnectError as {@link unary} */
  stream(method: DescMethod, messages: AsyncIterable<Message>, call: EdgeCall): AsyncIterable<Message>
}
