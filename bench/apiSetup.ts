import type { Api } from '#bench/apiClients.ts'
import { inApp, postOf } from '#bench/apiWorkload.ts'
import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import type { Status } from '#gen/proto/clarifai/api/status/status_pb.ts'

/** @throws Error unless the answer says SUCCESS: what failed fast is no good figure */
export const succeeded = <Answer extends { status?: Status | undefined }>(answer: Answer): Answer => {
  const { status } = answer
  if (status?.code !== StatusCode.SUCCESS) throw new Error(`${status?.description}: ${status?.details}`)
  return answer
}

export const makeApp = async (api: Api, id: string): Promise<void> =>
  void succeeded(await api.postApps({ userAppId: { userId: 'owner' }, apps: [{ id }] }))

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Adds tiny pictures. @returns their ids */
export const addInputs = async (api: Api, appId: string, count: number): Promise<string[]> => {
  const ids = Array.from({ length: count }, () => crypto.randomUUID().replaceAll('-', ''))
  for (let i = 0; i < ids.length; i += 128) {
    const inputs = ids.slice(i, i + 128).map((id) => ({ id, data: { image: { base64: PICTURE } } }))
    succeeded(await api.postInputs({ userAppId: inApp(appId), inputs }))
  }
  return ids
}

/** Adds boxes, 1,000 to an input, 125 a call. */
export const addBoxes = async (api: Api, appId: string, inputs: readonly string[]): Promise<void> => {
  const calls = inputs.flatMap((input, i) => Array.from({ length: 8 }, (_, n) => ({ input, seed: i * 8 + n })))
  let next = 0
  const lane = async () => {
    for (let call = calls[next++]; call; call = calls[next++]) {
      succeeded(await api.postAnnotations(postOf(appId, call.input, 125, call.seed)))
      if (next % 200 === 0) process.stderr.write(`\r${next * 125} annotations            `)
    }
  }
  await Promise.all([lane(), lane(), lane()])
  process.stderr.write('\r                              \r')
}
