import { expect, test } from '@playwright/test'
import { OfficialClient, type PlainAnnotation } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

const SCORES = [0.95, 0.8, 0.6, 0.3]

test('what a model found is accepted, rejected and accepted from a score on; the model’s own stays', async ({
  page,
}) => {
  const client = new OfficialClient(server.port, server.credentials('owner').pat)
  const call = client.call.bind(client)
  const { concepts } = await call<{ concepts: { id: string }[] }>('ListConcepts', { page: 1, per_page: 2 })
  const [concept] = concepts
  await call('PostModels', {
    models: [{ id: 'detector', model_type_id: 'visual-detector', model_version: {} }],
  })
  const { model_versions: versions } = await call<{ model_versions: { id: string }[] }>('ListModelVersions', {
    model_id: 'detector',
    page: 1,
    per_page: 1,
  })
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 0)
  await call('PostAnnotations', {
    annotations: SCORES.map((score, i) => ({
      input_id: input,
      model_version_id: versions[0]?.id,
      data: {
        regions: [
          {
            region_info: {
              bounding_box: { left_col: 0.1 + i * 0.2, top_row: 0.2, right_col: 0.2 + i * 0.2, bottom_row: 0.5 },
            },
            value: score,
            data: { concepts: [{ id: concept?.id, value: score }] },
          },
        ],
      },
    })),
  })
  await workspace.openInput(server, input)
  const suggestions = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option')
  await expect(suggestions).toHaveCount(4)
  await expect(suggestions.first()).toHaveAccessibleName(/, box, 95 %/)
  await expect(workspace.regions).toHaveCount(0)

  await page.keyboard.press('w')
  await expect(suggestions.first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(suggestions).toHaveCount(3)
  await expect(workspace.regions).toHaveCount(1)
  await page.keyboard.press('Backspace')
  await expect(suggestions).toHaveCount(2)
  await expect(workspace.regions).toHaveCount(1)
  await page.keyboard.press('Shift+Enter') // those from 50 % on
  await expect(suggestions).toHaveCount(1)
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()
  await workspace.openInput(server, input)
  await expect(suggestions).toHaveCount(1)
  await expect(workspace.regions).toHaveCount(2)

  // what people made is listed by itself; the model's own only with everything
  const made = await client.regions(input)
  const request = { input_ids: [input], list_all_annotations: true, page: 1, per_page: 100 }
  const { annotations } = await call<{ annotations: (PlainAnnotation & { model_version_id: string })[] }>(
    'ListAnnotations',
    request,
  )
  const models = annotations.filter(({ model_version_id }) => model_version_id !== '')
  const ids = (list: readonly PlainAnnotation[]) => list.map(({ data }) => data?.regions[0]?.id)
  expect(models).toHaveLength(SCORES.length)
  expect(ids(made)).toEqual([ids(models)[0], ids(models)[2]])
  expect(made[0]?.data?.regions[0]?.data?.concepts).toMatchObject([{ id: concept?.id, value: 1 }])

  await workspace.canvas.focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z')
  await expect(suggestions).toHaveCount(4)
  await expect(workspace.regions).toHaveCount(0)
})
