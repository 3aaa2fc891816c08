import type { Point } from '#geometry/point.ts'

/** The fields of an object from outside; none of anything else. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** At least one point, every one finite; undefined for anything else. */
export function pointsOf(value: unknown): readonly Point[] | undefined {
  const points = Array.isArray(value) ? value : []
  return points.length > 0 && points.every(isPoint) ? points : undefined
}

const isPoint = (value: unknown): value is Point =>
  Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'number' && Number.isFinite(one))
