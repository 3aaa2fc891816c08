import type { DescMessage, DescMethodUnary, DescService, Message, MessageShape } from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import { type InputSummary, InputSummarySchema } from '#gen/marquee/v1/marquee_pb.ts'
import type { Call } from '#proxy/service/call.ts'
import type { Deps } from '#proxy/service/deps.ts'
import type { MethodImpl } from '#proxy/service/method.ts'
import { ownCall, type Upstream } from './upstream.ts'
import { upstreamMediaPath } from './upstreamMedia.ts'

/**
 * The methods of one of our own services whose answers show inputs, asked of an upstream of our kind: its pictures have
 * addresses there, which mean nothing here, so that each is given the one under which this server shows it. By local
 * name; whatever else the service has may be forwarded as it comes.
 */
export const upstreamPictureMethods = (service: DescService, upstream: Upstream) => {
  const own = service.methods.filter(
    (method): method is DescMethodUnary => method.methodKind === 'unary' && showsInputs(method.output),
  )
  return Object.fromEntries(own.map((method) => [method.localName, askedOf(method, upstream)]))
}

/** The upstream's own answer where it is of our kind, else what `ours` makes of the API. */
export const theirsOr = <M extends DescMethodUnary>(
  method: M,
  upstream: Upstream,
  ours: MethodImpl<M>,
): MethodImpl<M> => {
  const theirs = askedOf(method, upstream)
  return (async (request: MessageShape<M['input']>, call: Call, deps: Deps) =>
    (await upstream.lacks(method, ownCall(call)))
      ? ours(request, call, deps)
      : theirs(request, call, deps)) as MethodImpl<M>
}

const askedOf =
  (method: DescMethodUnary, upstream: Upstream) =>
  async (request: Message, call: Call, deps: Deps): Promise<Message> => {
    const answer = await upstream.call(method, request, ownCall(call))
    const here = (url: string) =>
      upstreamMediaPath(new URL(url, upstream.url).href, call.caller?.userId ?? '', upstream, deps) ?? ''
    for (const summary of summariesOf(reflect(method.output, answer)))
      for (const field of ['thumbnailUrl', 'imageUrl', 'mediaUrl'] as const)
        if (summary[field]) summary[field] = here(summary[field])
    return answer
  }

function* summariesOf(message: ReflectMessage): Generator<InputSummary> {
  if (message.desc.typeName === InputSummarySchema.typeName) yield message.message as InputSummary
  for (const field of message.fields) {
    if (field.message === undefined || !showsInputs(field.message) || !message.isSet(field)) continue
    if (field.fieldKind === 'message') yield* summariesOf(message.get(field))
    else if (field.fieldKind === 'list')
      for (const item of message.get(field)) yield* summariesOf(item as ReflectMessage)
  }
}

const known = new Map<DescMessage, boolean>()

/** Whether a message of this kind can hold an {@link InputSummary}. */
const showsInputs = (desc: DescMessage): boolean => {
  const before = known.get(desc)
  if (before !== undefined) return before
  known.set(desc, false) // what leads back here shows none by that way
  const shows =
    desc.typeName === InputSummarySchema.typeName ||
    desc.fields.some(({ message }) => message !== undefined && showsInputs(message))
  known.set(desc, shows)
  return shows
}
