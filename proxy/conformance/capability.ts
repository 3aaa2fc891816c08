import type { JsonObject } from '@bufbuild/protobuf'
import type { Answer } from './clients.ts'
import type { Detector } from './detector.ts'
import { listed } from './seedExample.ts'
import type { Bench, Target } from './target.ts'

/** What a row may use; everything but the rows' own annotations is shared between them. */
export interface At {
  readonly bench: Bench
  readonly target: Target
  readonly detector: Detector
  /** An input that rows may put annotations on. */
  readonly input: string
}

/** A row in the table of what the seed page states (api.md §1): its number, what it says, and whether that is so. */
export type Row = readonly [row: number, says: string, check: (at: At) => Promise<void>]

/** Status codes of the items, in their order. */
export const codes = (answer: Answer): number[] => listed(answer).map(({ status }) => status.code)

export const post = (bench: Bench, annotations: JsonObject[], who?: 'annotator' | 'annotator-2'): Promise<Answer> =>
  bench.call('PostAnnotations', { annotations }, who)

export const patch = (
  bench: Bench,
  action: string,
  annotations: JsonObject[],
  who?: 'annotator' | 'annotator-2',
): Promise<Answer> => bench.call('PatchAnnotations', { action, annotations }, who)

export const many = <T>(n: number, item: T): T[] => Array.from({ length: n }, () => item)
