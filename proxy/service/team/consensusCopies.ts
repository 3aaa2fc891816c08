import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { isJsonObject } from '#proxy/service/jsonObject.ts'
import { compare } from './agreementNumbers.ts'

/*
 * Where people who labelled an input apart agree, the work of all is approved, and one person's speaks for it: what the
 * others made says so in `consensus_info.marquee.same_as` (that person's id), so that datasets hold each object once.
 */

/** What one person made of an input. */
export interface Work {
  readonly worker: string
  readonly annotations: readonly Annotation[]
}

/** Who speaks for people who agree: the one who agrees with the others best; of equals the first. */
export const speakerOf = (group: readonly Work[]): string | undefined => {
  const scored = group.map((one) => ({
    worker: one.worker,
    score: group.reduce(
      (sum, other) => sum + (other === one ? 0 : compare(one.annotations, other.annotations).agreement),
      0,
    ),
  }))
  return scored.sort((a, b) => b.score - a.score)[0]?.worker
}

/** Who speaks for people whose agreement was found before. */
export const knownSpeaker = (group: readonly Work[]): string | undefined => {
  for (const { annotations } of group)
    for (const annotation of annotations) {
      const speaker = sameAs(annotation)
      if (speaker !== undefined) return speaker
    }
  return group[0]?.worker
}

/** The person whose annotation says the same, and counts. */
export const sameAs = ({ consensusInfo }: Annotation): string | undefined => {
  const marquee = consensusInfo?.marquee
  return isJsonObject(marquee) && typeof marquee.same_as === 'string' ? marquee.same_as : undefined
}

/** Says or unsays whose annotation says the same; one's own is none. Changes `annotation`. */
export const markSame = (annotation: Annotation, speaker?: string): void => {
  const worker = annotation.worker?.worker
  const said = worker?.case === 'user' && worker.value.id === speaker ? undefined : speaker
  if (said === sameAs(annotation)) return
  const { marquee, ...rest } = annotation.consensusInfo ?? {}
  const { same_as: _, ...others } = isJsonObject(marquee) ? marquee : {}
  const ours = said === undefined ? others : { ...others, same_as: said }
  const info = Object.keys(ours).length > 0 ? { ...rest, marquee: ours } : rest
  if (Object.keys(info).length > 0) annotation.consensusInfo = info
  else delete annotation.consensusInfo
}

/**
 * Of annotations that say the same on an input one person's: the speaker's or, where there are none of theirs any more,
 * those of the first of the others. The rest stays, in its order.
 */
export const onceEach = (annotations: readonly Annotation[]): Annotation[] => {
  const speakers = new Map<string, string>()
  const marked = annotations.filter((one) => sameAs(one) !== undefined)
  if (marked.length === 0) return [...annotations]
  for (const annotation of annotations)
    if (sameAs(annotation) === undefined) speakers.set(ownKey(annotation), userOf(annotation))
  for (const annotation of marked.toSorted((a, b) => (userOf(a) < userOf(b) ? -1 : 1))) {
    const key = groupKey(annotation)
    if (!speakers.has(key)) speakers.set(key, userOf(annotation))
  }
  return annotations.filter((one) => sameAs(one) === undefined || speakers.get(groupKey(one)) === userOf(one))
}

const userOf = ({ worker }: Annotation): string => (worker?.worker.case === 'user' ? worker.worker.value.id : '')
const ownKey = (one: Annotation): string => JSON.stringify([one.inputId, one.taskId, userOf(one)])
const groupKey = (one: Annotation): string => JSON.stringify([one.inputId, one.taskId, sameAs(one)])
