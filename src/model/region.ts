import type { Shape } from '#geometry/shape.ts'

/** `annotation id/region id`: region ids repeat across annotations (decisions §1). */
export type RegionKey = string

/** A concept as ticked on a region or image: value 1 = present, 0 = not present, between = a model's probability. */
export interface ConceptTag {
  readonly id: string
  readonly value: number
}

export type Worker =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'model'; readonly id: string; readonly version: string }

/** One region of one annotation in image pixels. `status` is an annotation status code (24150 …). */
export interface Region {
  readonly key: RegionKey
  /** region id, 32 hex when made here */
  readonly id: string
  /** annotation id, 32 hex when made here */
  readonly annotation: string
  readonly shape: Shape
  readonly concepts: readonly ConceptTag[]
  /** confidence of a model, 0…1 */
  readonly score?: number | undefined
  readonly status: number
  readonly madeBy: Worker
  /** Paint order; missing on the wire = 0, ties by age. */
  readonly z: number
}

export const regionKey = (annotation: string, region: string): RegionKey => `${annotation}/${region}`
