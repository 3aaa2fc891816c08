import { create, equals } from '@bufbuild/protobuf'
import {
  type Annotation,
  type Concept,
  type Data,
  DataSchema,
  type Frame,
  FrameInfoSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'

/** Whether an annotation is part of a dataset's version: a person's, finished, and no note (api.md §9-35, decisions §12). */
export const isExported = ({ status, worker, annotationInfo }: Annotation): boolean =>
  status?.code === StatusCode.ANNOTATION_SUCCESS && worker?.worker.case === 'user' && !isNote(annotationInfo?.marquee)

const isNote = (marquee: unknown): boolean => typeof marquee === 'object' && marquee !== null && 'note' in marquee

/**
 * One Data that says what all annotations of an input say: regions and time segments of all; frames of the same moment
 * as one; where several speak of one concept of the whole, the last one counts; metadata and geo of the input itself.
 * @param annotations oldest first
 */
export const labelsOf = (annotations: readonly Annotation[]): Data => {
  const labels = create(DataSchema)
  const concepts = new Map<string, Concept>()
  for (const { data, inputLevel } of annotations.toSorted(byChange)) {
    if (!data) continue
    for (const concept of data.concepts) concepts.set(concept.id, concept)
    if (!inputLevel) continue
    if (data.metadata) labels.metadata = data.metadata
    if (data.geo) labels.geo = data.geo
  }
  labels.concepts = [...concepts.values()]
  for (const { data } of annotations) {
    if (!data) continue
    labels.regions.push(...data.regions)
    labels.timeSegments.push(...data.timeSegments)
    for (const frame of data.frames) addFrame(labels.frames, frame)
  }
  return labels
}

const byChange = (a: Annotation, b: Annotation): number => changed(a) - changed(b)
const changed = ({ modifiedAt }: Annotation): number =>
  modifiedAt ? Number(modifiedAt.seconds) * 1e6 + modifiedAt.nanos / 1e3 : 0

const noInfo = create(FrameInfoSchema)

const addFrame = (frames: Frame[], frame: Frame): void => {
  const same = frames.find((other) => equals(FrameInfoSchema, other.frameInfo ?? noInfo, frame.frameInfo ?? noInfo))
  if (!same) {
    frames.push(frame)
    return
  }
  same.data ??= create(DataSchema)
  same.data.regions.push(...(frame.data?.regions ?? []))
  same.data.concepts.push(...(frame.data?.concepts ?? []))
}

/** Whether somebody finished it and found nothing: an annotation of its own, unlike the data of the input itself. */
export const isFoundEmpty = (annotations: readonly Annotation[]): boolean =>
  annotations.some(({ inputLevel }) => !inputLevel)

/** Whether nothing was said about an input. */
export const isUnlabelled = ({ concepts, regions, frames, timeSegments }: Data): boolean =>
  concepts.length + regions.length + frames.length + timeSegments.length === 0
