import type { DescMessage, Message } from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'

/**
 * What a filter may say, by proto names: `anything` below a field, its mere `presence` (an empty message), or some of
 * its fields.
 */
export type Searchable = 'anything' | 'presence' | { readonly [field: string]: Searchable }

export const badSearch = (path: string, what: string): ApiError =>
  new ApiError(StatusCode.SEARCH_INVALID_REQUEST, `${path}: ${what}`)

/**
 * A field that cannot be searched by is refused: to ignore it would find more than was asked for.
 * @throws ApiError SEARCH_INVALID_REQUEST with the path of the field
 */
export const checkSearchable = (desc: DescMessage, message: Message, fields: Searchable, path: string): void =>
  check(reflect(desc, message), fields, path)

const check = (message: ReflectMessage, fields: Searchable, path: string): void => {
  if (fields === 'anything') return
  for (const field of message.desc.fields) {
    if (!message.isSet(field)) continue
    const at = `${path}.${field.name}`
    if (fields === 'presence') throw badSearch(at, 'only whether it is there can be searched by: send it empty')
    const inner = fields[field.name]
    if (inner === undefined) throw badSearch(at, 'cannot be searched by')
    if (inner === 'anything') continue
    if (field.fieldKind === 'message') check(message.get(field), inner, at)
    if (field.fieldKind === 'list' && field.listKind === 'message')
      for (const [i, item] of [...message.get(field)].entries()) check(item as ReflectMessage, inner, `${at}[${i}]`)
  }
}

const worker: Searchable = {
  user: 'anything',
  model: 'anything',
  workflow: 'anything',
}

const labels = {
  concepts: 'anything',
  geo: { geo_point: 'anything', geo_limit: 'anything', geo_box: 'anything' },
  metadata: 'anything',
} as const satisfies Searchable

/** Source: the comments of `Filter` and `And` in resources.proto. */
export const annotationFields: Searchable = {
  id: 'anything',
  input_id: 'anything',
  model_version_id: 'anything',
  task_id: 'anything',
  user_id: 'anything',
  worker,
  annotation_info: 'anything',
  input_level: 'anything',
  status: 'anything',
  trusted: 'anything',
  data: {
    ...labels,
    clusters: { id: 'anything' },
    frames: { frame_info: 'presence' },
    image: { url: 'anything' },
    regions: {
      region_info: {
        bounding_box: 'presence',
        mask: 'presence',
        point: 'presence',
        polygon: 'presence',
        span: 'presence',
      },
      track_id: 'anything',
    },
    text: 'presence',
    time_segments: { time_info: 'presence' },
  },
}

export const inputFields: Searchable = {
  id: 'anything',
  dataset_ids: 'anything',
  status: 'anything',
  data: { ...labels, image: { url: 'anything' }, video: 'presence', text: 'presence', audio: 'presence' },
}
