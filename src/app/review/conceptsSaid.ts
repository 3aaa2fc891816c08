import type { Annotation } from '#gen/web/proto/clarifai/api/resources_pb.ts'

/** A concept as somebody's work says it: of regions and of the whole image. */
export interface Said {
  /** empty: regions without a concept */
  readonly id: string
  readonly count: number
  /** it was said that it is not there */
  readonly absent: boolean
}

/** What work says, the most frequent first; empty where it says nothing. */
export function conceptsSaid(annotations: readonly Annotation[]): readonly Said[] {
  const counts = new Map<string, Said>()
  const add = (id: string, absent: boolean) => {
    const key = `${id}/${absent}`
    counts.set(key, { id, absent, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  for (const { data } of annotations) {
    for (const { id, value } of data?.concepts ?? []) add(id, value < 0.5)
    for (const region of data?.regions ?? []) {
      const concepts = region.data?.concepts ?? []
      if (concepts.length === 0) add('', false)
      for (const { id } of concepts) add(id, false)
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.id.localeCompare(b.id))
}
