import type { Annotation, Data } from '#gen/proto/clarifai/api/resources_pb.ts'
import type { AppInUse } from '#proxy/service/people/access.ts'
import { inputsById, renameInput } from '#proxy/store/inputs.ts'
import type { Db } from '#proxy/store/open.ts'
import { searchText } from '#proxy/store/searchText.ts'

const filenameCharacters = 500

/** `metadata.filename`, else the last part of the address the input came from (decisions §23). */
export const filenameOf = (data: Data | undefined, url: string | undefined): string => {
  const said = data?.metadata?.filename
  const name = typeof said === 'string' ? said : lastSegment(url)
  return name
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, filenameCharacters)
}

const lastSegment = (url: string | undefined): string => {
  const segment = (url && URL.parse(url)?.pathname.split('/').at(-1)) || ''
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/**
 * The names of inputs whose input-level annotations were just written, and what the grid searches in, as their metadata
 * now has it: that annotation is the input's own data (api.md §9-29). Other annotations are passed over.
 */
export const followFilenames = async (tx: Db, app: AppInUse, written: readonly Annotation[]): Promise<void> => {
  const levels = new Map(written.filter(({ inputLevel }) => inputLevel).map((level) => [level.inputId, level]))
  for (const row of await inputsById(tx, app.no, [...levels.keys()])) {
    const filename = filenameOf(levels.get(row.id)?.data, row.source_url ?? undefined)
    if (filename !== row.filename) await renameInput(tx, app.no, row.id, filename, searchText(filename, row.id))
  }
}
