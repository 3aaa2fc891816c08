import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { isMarkedEmpty } from '#model/imageConcepts.ts'
import { workerOf } from '#model/worker.ts'
import type { InputState } from '#sync/inputState.ts'
import type { DotKind } from '#ui/StatusDot.tsx'

/** How far an input is, for its dot: what waits on this device comes first. */
export function dotOf(summary: InputSummary, unsent: InputState | undefined): DotKind {
  if (unsent) return 'unsent'
  if (summary.regions > 0 || summary.imageConcepts > 0) return 'labelled'
  return summary.markedEmpty ? 'empty' : 'unlabelled'
}

/** The same for the open input, from what is seen of it here, before the server has counted it. */
export function currentDot(annotations: readonly Annotation[], unsent: InputState | undefined): DotKind {
  if (unsent) return 'unsent'
  const byPeople = annotations.filter((annotation) => !annotation.inputLevel && workerOf(annotation).kind === 'user')
  if (byPeople.some(({ data }) => (data?.regions.length ?? 0) + (data?.concepts.length ?? 0) > 0)) return 'labelled'
  return byPeople.some(isMarkedEmpty) ? 'empty' : 'unlabelled'
}
