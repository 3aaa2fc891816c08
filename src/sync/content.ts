import { toBinary } from '@bufbuild/protobuf'
import type { Timestamp } from '@bufbuild/protobuf/wkt'
import type { Annotation, Concept, Data, Region, RegionInfo } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { RegionInfoSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import type { ValueKind } from './slot.ts'

/** `modified_at` as text, to the nanosecond; empty for a message that has never been on a server. */
export const versionOf = ({ modifiedAt }: Annotation): string =>
  modifiedAt ? `${modifiedAt.seconds}.${String(modifiedAt.nanos).padStart(9, '0')}` : ''

/** Inverse of {@link versionOf}; undefined for the empty version. */
export function timestampOf(version: string): Timestamp | undefined {
  const [seconds, nanos] = version.split('.')
  if (!seconds || !nanos) return undefined
  return { $typeName: 'google.protobuf.Timestamp', seconds: BigInt(seconds), nanos: Number(nanos) }
}

/** True if both have been on the server and nothing was written between them. */
export const sameVersion = (a: Annotation, b: Annotation): boolean =>
  a.modifiedAt !== undefined &&
  a.modifiedAt.seconds === b.modifiedAt?.seconds &&
  a.modifiedAt.nanos === b.modifiedAt.nanos

/** How the outbox looks at annotations. */
export const annotationKind: ValueKind<Annotation> = {
  same: (a, b) => sameContent(a, b),
  status: (annotation) => annotation.status?.code ?? StatusCode.ANNOTATION_SUCCESS,
  version: versionOf,
}

/**
 * True if two messages say the same about the picture: data and annotation_info. What a server adds on its own
 * (names of concepts, times, worker, an empty message for an absent one) does not count, nor does the status.
 */
export const sameContent = (a: Annotation, b: Annotation): boolean =>
  a === b || (sameData(a.data, b.data) && sameJson(a.annotationInfo ?? {}, b.annotationInfo ?? {}))

function sameData(a: Data | undefined, b: Data | undefined): boolean {
  return (
    sameList(a?.concepts ?? [], b?.concepts ?? [], sameConcept) &&
    sameList(a?.regions ?? [], b?.regions ?? [], sameRegion) &&
    sameJson(a?.metadata ?? {}, b?.metadata ?? {}) &&
    (a?.text?.raw ?? '') === (b?.text?.raw ?? '')
  )
}

const sameConcept = (a: Concept, b: Concept): boolean => a.id === b.id && Math.fround(a.value) === Math.fround(b.value)

const sameRegion = (a: Region, b: Region): boolean =>
  a.id === b.id && sameData(a.data, b.data) && sameInfo(a.regionInfo, b.regionInfo)

/** An absent region_info refers to a region the server knows, which then fills it in. */
function sameInfo(a: RegionInfo | undefined, b: RegionInfo | undefined): boolean {
  if (!a || !b || a === b) return true
  const left = toBinary(RegionInfoSchema, a)
  const right = toBinary(RegionInfoSchema, b)
  return left.length === right.length && left.every((byte, i) => byte === right[i])
}

const sameList = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a.length === b.length && a.every((item, i) => same(item, b[i]!))

/** Deep equality of JSON values; the order of keys does not count. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false
  const left = Object.entries(a)
  const right = b as Record<string, unknown>
  return left.length === Object.keys(b).length && left.every(([key, value]) => key in b && sameJson(value, right[key]))
}
