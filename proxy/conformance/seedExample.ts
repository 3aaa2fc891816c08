import path from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import type { Answer } from './clients.ts'
import { type Bench, box, concept, type Stored } from './target.ts'

/** What is put in place of the page's own ids, by the names its programs give them: `INPUT_ID`, `ANNOTATION_ID` … */
export type Fill = Readonly<Record<string, string>>

/** An example of the page this API is known by ("Annotations: Create, Get, Update, Delete"). */
export interface SeedExample {
  /** As on the page. */
  readonly heading: string
  readonly method: string
  /** It looks at the whole app, and so needs one of its own. */
  readonly fresh?: boolean
  /** Makes what the example presupposes. */
  prepare(bench: Bench): Promise<Fill>
  /** The request of the page's program, but for `user_app_id`. */
  request(fill: Fill): JsonObject
  /** Throws unless the answer, and what the server then holds, is what the page says. */
  check(bench: Bench, answer: Answer, fill: Fill): Promise<void> | void
}

/** The page's own program, in Python. Number and heading make the name. */
export const programOf = ({ heading }: SeedExample, index: number): string => {
  const words = heading.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return path.join(import.meta.dirname, 'seedPage', `${String(index + 1).padStart(2, '0')}-${words}.py`)
}

export const listed = (answer: Answer): Stored[] => answer.annotations as unknown as Stored[]
export const conceptsOf = (annotation: Stored | undefined): [string, number][] =>
  (annotation?.data.concepts ?? []).map(({ id, value }) => [id, value])
export const regionConcepts = (annotation: Stored | undefined): [string, number][] =>
  (annotation?.data.regions[0]?.data?.concepts ?? []).map(({ id, value }) => [id, value])
export const regionBox = (annotation: Stored | undefined): number[] => {
  const found = annotation?.data.regions[0]?.region_info?.bounding_box
  return found ? [found.top_row, found.left_col, found.bottom_row, found.right_col].map(Math.fround) : []
}

export const one = async (bench: Bench): Promise<string> => (await bench.inputs(1))[0]!
export const aTag = (input_id: string, ...ids: string[]): JsonObject => ({
  input_id,
  data: { concepts: ids.map((id) => concept(id)) },
})
export const aBox = (input_id: string, info: JsonObject, ...ids: string[]): JsonObject => ({
  input_id,
  data: { regions: [{ region_info: info, data: { concepts: ids.map((id) => concept(id)) } }] },
})
/** As a model in a workflow would have made it; the owner may post these. */
export const byModel = (input_id: string, version = 'v1', info = box(0.1, 0.2, 0.3, 0.4)): JsonObject => ({
  ...aBox(input_id, info, 'car'),
  worker: { model: { id: 'detector', model_version: { id: version } } },
})
export const idOf = async (bench: Bench, annotation: JsonObject): Promise<string> =>
  (await bench.post([annotation]))[0]!.id
