import { create, equals, fromBinary } from '@bufbuild/protobuf'
import {
  ChangeAction as Action,
  type Bounds,
  BoundsSchema,
  type Change,
  ChangeSchema,
  type RegionChange,
  RegionChangeSchema,
} from '#gen/marquee/v1/office_pb.ts'
import {
  type Annotation,
  AnnotationSchema,
  CollaboratorSchema,
  type Concept,
  ConceptSchema,
  type Region,
  RegionInfoSchema,
  TaskSchema,
} from '#gen/proto/clarifai/api/resources_pb.ts'
import { isNote } from '#proxy/service/annotations/annotationParts.ts'
import type { ActivityRow } from '#proxy/store/activity.ts'
import { timestampOf } from './time.ts'

/** A line of the history as people read it: what was before and after, region by region. */
export const changeOf = (row: ActivityRow): Change => {
  const change = create(ChangeSchema, {
    rev: BigInt(row.rev),
    kind: row.kind,
    action: actionOf(row.before, row.after),
    itemId: row.item_id,
    inputId: row.kind === 'input' ? row.item_id : row.input_id,
    personId: row.user_id ?? '',
    at: timestampOf(Number(row.at)),
  })
  const message = row.after ?? row.before
  if (row.kind === 'concept' && message) change.name = fromBinary(ConceptSchema, message).name
  if (row.kind === 'task' && message) change.name = fromBinary(TaskSchema, message).name
  if (row.kind === 'collaborator' && message) change.scopes = fromBinary(CollaboratorSchema, message).scopes
  if (row.kind !== 'annotation') return change
  const before = row.before ? fromBinary(AnnotationSchema, row.before) : undefined
  const after = row.after ? fromBinary(AnnotationSchema, row.after) : undefined
  return Object.assign(change, {
    regions: regionChanges(before, after),
    statusBefore: before?.status?.code ?? 0,
    statusAfter: after?.status?.code ?? 0,
    conceptsBefore: positives(before?.data?.concepts),
    conceptsAfter: positives(after?.data?.concepts),
    note: isNote(after ?? before!),
  })
}

const actionOf = (before: unknown, after: unknown): Action =>
  before === null ? Action.ADDED : after === null ? Action.DELETED : Action.CHANGED

const positives = (concepts: readonly Concept[] = []): string[] =>
  concepts.filter(({ value }) => value >= 0.5).map(({ id }) => id)

/** Regions that are the same before and after are left out. */
const regionChanges = (before: Annotation | undefined, after: Annotation | undefined): RegionChange[] => {
  const old = new Map((before?.data?.regions ?? []).map((region) => [region.id, region]))
  const fresh = new Map((after?.data?.regions ?? []).map((region) => [region.id, region]))
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((id) => {
    const change = regionChange(id, old.get(id), fresh.get(id))
    return change ? [change] : []
  })
}

const regionChange = (regionId: string, before: Region | undefined, after: Region | undefined) => {
  const conceptsBefore = positives(before?.data?.concepts)
  const conceptsAfter = positives(after?.data?.concepts)
  const moved =
    before?.regionInfo !== undefined &&
    after?.regionInfo !== undefined &&
    !equals(RegionInfoSchema, before.regionInfo, after.regionInfo)
  if (before && after && !moved && String(conceptsBefore) === String(conceptsAfter)) return undefined
  const boundsBefore = before && boundsOf(before)
  const boundsAfter = after && boundsOf(after)
  return create(RegionChangeSchema, {
    regionId,
    action: actionOf(before ?? null, after ?? null),
    moved,
    conceptsBefore,
    conceptsAfter,
    ...(boundsBefore && { before: boundsBefore }),
    ...(boundsAfter && { after: boundsAfter }),
  })
}

/** Where it is, as far as that can be said without its mask. */
const boundsOf = ({ regionInfo }: Region): Bounds | undefined => {
  const { boundingBox, polygon, point } = regionInfo ?? {}
  if (boundingBox) {
    const { topRow: top, leftCol: left, bottomRow: bottom, rightCol: right } = boundingBox
    return create(BoundsSchema, { top, left, bottom, right })
  }
  const points = polygon?.points ?? (point ? [point] : [])
  if (points.length === 0) return undefined
  const [rows, columns] = [points.map(({ row }) => row), points.map(({ col }) => col)]
  return create(BoundsSchema, {
    top: Math.min(...rows),
    left: Math.min(...columns),
    bottom: Math.max(...rows),
    right: Math.max(...columns),
  })
}
