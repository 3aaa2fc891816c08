import { readFileSync } from 'node:fs'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { expect, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'
import {
  type Annotation,
  AnnotationSchema,
  BoundingBoxSchema,
  PointSchema,
  PolygonSchema,
  type RegionInfo,
  RegionInfoSchema,
  SpanSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { MultiAnnotationResponseSchema } from '#gen/web/proto/clarifai/api/service_pb.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

const boxInfo = (topRow: number, leftCol: number, bottomRow: number, rightCol: number) =>
  create(RegionInfoSchema, { boundingBox: create(BoundingBoxSchema, { topRow, leftCol, bottomRow, rightCol }) })

const points = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([row, col]) => create(PointSchema, { row, col }))

/** What other servers keep, and ours refuses. */
const odd: Readonly<Record<string, RegionInfo>> = {
  outside: boxInfo(1.2, 1.3, 1.5, 1.6),
  halfOutside: boxInfo(-0.2, 0.7, 0.3, 1.4),
  reversed: boxInfo(0.8, 0.6, 0.4, 0.2),
  notANumber: boxInfo(Number.NaN, 0.1, 0.5, 0.5),
  endless: boxInfo(0, 0, 1, Number.POSITIVE_INFINITY),
  twoPoints: create(RegionInfoSchema, { polygon: create(PolygonSchema, { points: points([0.1, 0.1], [0.5, 0.5]) }) }),
  farPolygon: create(RegionInfoSchema, {
    polygon: create(PolygonSchema, { points: points([-3, -3], [0.5, 4], [9, 0.2]) }),
  }),
  keypoints: create(RegionInfoSchema, { keypointLocations: points([0.2, 0.2], [0.3, 0.4]) }),
  span: create(RegionInfoSchema, { span: create(SpanSchema, { charStart: 1, charEnd: 5 }) }),
  nothing: create(RegionInfoSchema),
}

/** The same answer with these annotations in it as well. gRPC-web: a flag, four bytes of length, the message, trailers. */
function withMore(body: Buffer, more: readonly Annotation[]): Buffer {
  const length = body.readUInt32BE(1)
  const answer = fromBinary(MultiAnnotationResponseSchema, body.subarray(5, 5 + length))
  answer.annotations.push(...more)
  const bytes = toBinary(MultiAnnotationResponseSchema, answer)
  const head = Buffer.alloc(5)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes, body.subarray(5 + length)])
}

test('regions that other servers keep are shown as what they are, and work goes on beside them', async ({
  page,
}, testInfo) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 1)
  const strange = Object.entries(odd).map(([id, regionInfo]) =>
    create(AnnotationSchema, {
      id,
      inputId: input,
      userId: 'owner',
      status: { code: 24150 },
      data: { regions: [{ id, regionInfo, data: { concepts: [{ id: 'car', name: 'car', value: 1 }] } }] },
    }),
  )
  await page.route('**/clarifai.api.V2/ListAnnotations', async (route) => {
    const response = await route.fetch()
    const body = await response.body()
    const { 'content-length': _old, 'content-encoding': _packed, ...headers } = response.headers()
    await route.fulfill({ status: response.status(), headers, body: withMore(body, strange) })
  })
  await workspace.openInput(server, input)
  await expect(workspace.regions).toHaveCount(strange.length)
  await page.screenshot({ path: testInfo.outputPath('strange.png') })

  // each can be chosen and looked at, and none of it moves by being looked at
  for (let i = 0; i < strange.length; i++) {
    await workspace.regions.nth(i).click()
    await page.keyboard.press('Control+Shift+F')
  }
  await page.keyboard.press('f')
  await page.keyboard.press('Escape')
  await workspace.tool('Box')
  const { width, height } = await workspace.size()
  await page.keyboard.press('1')
  await workspace.drag([width * 0.3, height * 0.5], [width * 0.5, height * 0.7])
  await expect(workspace.regions).toHaveCount(strange.length + 1)
  await workspace.saved()
  expect(errors).toEqual([])
  // nothing but the new box was written
  expect(await new OfficialClient(server.port, server.credentials('owner').pat).regions(input)).toHaveLength(1)
})

test('the mask of the seed page, of another size than the picture, opens and is saved unchanged', async ({ page }) => {
  const example = readFileSync('proxy/conformance/seedPage/06-annotate-images-with-mask.py', 'utf8')
  const base64 = /base64=b"([^"]+)"/.exec(example)?.[1] ?? ''
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 2)
  expect(await workspace.size()).not.toEqual({ width: 934, height: 587 })
  const posted = await fetch(`${server.url}/v2/users/owner/apps/demo/annotations`, {
    method: 'POST',
    headers: { authorization: `Key ${server.credentials('owner').pat}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      annotations: [{ input_id: input, data: { regions: [{ region_info: { mask: { image: { base64 } } } }] } }],
    }),
  })
  expect(posted.status).toBe(200)
  await workspace.openInput(server, input)
  await expect(workspace.regions).toHaveCount(1)
  // a concept is given, so that the annotation is written
  await workspace.regions.first().click()
  await page.keyboard.press('1')
  await expect(workspace.status).toHaveAttribute('data-save', 'saved')
  const client = new OfficialClient(server.port, server.credentials('owner').pat)
  await expect.poll(async () => (await client.regions(input))[0]?.data?.regions[0]?.data?.concepts.length).toBe(1)
  const [stored] = await client.regions(input)
  const bytes = stored?.data?.regions[0]?.region_info.mask?.image.base64
  expect(Buffer.from(bytes ?? []).equals(Buffer.from(base64, 'base64'))).toBe(true)
})
