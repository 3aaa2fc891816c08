import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
let ids: readonly string[]
const api = () => new OfficialClient(server.port, server.credentials('owner').pat)

interface Labelled {
  readonly input_id: string
  readonly data: { concepts: { id: string }[]; regions: { data: { concepts: { id: string }[] } }[] }
}
const annotations = async () =>
  (await api().call<{ annotations: readonly Labelled[] }>('ListAnnotations', { input_ids: ids, per_page: 1000 }))
    .annotations
/** How many images say it as a whole, and how many regions. */
const said = async (concept: string) => {
  const all = await annotations()
  const has = ({ id }: { id: string }) => id === concept
  return {
    images: all.filter(({ data }) => data.concepts.some(has)).length,
    regions: all.flatMap(({ data }) => data.regions).filter(({ data }) => data.concepts.some(has)).length,
  }
}
const concepts = async () =>
  (await api().call<{ concepts: readonly { id: string; definition: string }[] }>('ListConcepts', { per_page: 100 }))
    .concepts
const undo = (page: Page, text: string | RegExp) =>
  page.getByRole('alert').filter({ hasText: text }).getByRole('button', { name: 'Undo' }).click()

test.beforeAll(async () => {
  server = await TestServer.start()
  const { inputs } = await api().call<{ inputs: readonly { id: string }[] }>('ListInputs', { page: 1, per_page: 4 })
  ids = inputs.map(({ id }) => id)
  await api().call('PostConcepts', { concepts: ['dinghy', 'skiff', 'unused'].map((id) => ({ id, name: id })) })
  await api().call('PostAnnotations', {
    annotations: ids.slice(0, 2).map((input_id) => ({
      input_id,
      data: {
        regions: [
          {
            region_info: { bounding_box: { top_row: 0.1, left_col: 0.1, bottom_row: 0.4, right_col: 0.5 } },
            data: { concepts: [{ id: 'dinghy', value: 1 }] },
          },
        ],
      },
    })),
  })
})
test.afterAll(() => server.remove())

test('the owner works on many inputs at once: concepts, a dataset, a task, and takes each back', async ({ page }) => {
  await signIn(page, server, 'owner')
  await page.goto(`${server.url}/apps/owner/demo/inputs`)
  const select = async () => {
    for (const n of [0, 1, 2]) {
      await page.getByRole('gridcell').nth(n).hover()
      await page
        .getByRole('button', { name: /^Select / })
        .nth(n)
        .click()
    }
  }
  await select()
  await page.getByRole('button', { name: 'Concept' }).click()
  await page.getByRole('combobox', { name: 'Concept of the whole image' }).fill('skiff')
  await page.getByRole('option', { name: 'skiff' }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect.poll(() => said('skiff')).toEqual({ images: 3, regions: 0 })
  await undo(page, '“skiff” set on 3 images')
  await expect.poll(() => said('skiff')).toEqual({ images: 0, regions: 0 })

  await test.step('to a dataset', async () => {
    await page.getByRole('button', { name: 'To dataset' }).click()
    await page.getByRole('textbox', { name: 'Id of the new dataset' }).fill('night')
    await page.getByRole('button', { name: 'Put 3 inputs into it' }).click()
    await expect(page.getByText('3 inputs put into dataset “night”')).toBeVisible()
    const inside = await api().call<{ dataset_inputs: readonly object[] }>('ListDatasetInputs', { dataset_id: 'night' })
    expect(inside.dataset_inputs).toHaveLength(3)
    await undo(page, 'put into dataset')
    await expect(page.getByText('Taken out again')).toBeVisible()
  })

  await test.step('to a task', async () => {
    await page.getByRole('button', { name: 'New task' }).click()
    const dialog = page.getByRole('dialog', { name: 'New task' })
    await expect(dialog.getByLabel('Inputs')).toHaveValue('The 3 selected inputs')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Three')
    await dialog.getByRole('combobox', { name: 'Labelers' }).click()
    await page.getByRole('option', { name: '(annotator)' }).click()
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Create task' }).click()
    await expect(dialog).toBeHidden()
    const { tasks } = await api().call<{ tasks: readonly { id: string; name: string }[] }>('ListTasks', {})
    const task = tasks.find(({ name }) => name === 'Three')
    const counts = await api().call<object>('GetTaskInputCount', { task_id: task?.id })
    expect(JSON.stringify(counts)).toContain('"pending":3')
  })
})

test('the owner describes, orders, merges and deletes concepts, and takes that back', async ({ page }) => {
  await signIn(page, server, 'owner')
  await page.goto(`${server.url}/apps/owner/demo/concepts`)
  const act = async (name: string, what: string) => {
    await page.getByRole('button', { name: `More for ${name}` }).click()
    await page.getByRole('menuitem', { name: what }).click()
  }
  await act('dinghy', 'Add a description…')
  await page.getByRole('textbox', { name: 'What it means' }).fill('A small open boat')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'A small open boat' })).toBeVisible()
  expect((await concepts()).find(({ id }) => id === 'dinghy')?.definition).toBe('A small open boat')

  await test.step('dragged to another place', async () => {
    const rows = page.getByRole('list', { name: 'Concepts' }).getByRole('listitem')
    await page.locator('[data-grip="unused"]').dragTo(rows.first(), { targetPosition: { x: 40, y: 4 } })
    await expect(rows.first()).toContainText('unused')
    await page.reload()
    await expect(rows.first()).toContainText('unused')
  })

  await test.step('merged, with what that changes said first', async () => {
    await act('dinghy', 'Merge into…')
    const dialog = page.getByRole('dialog', { name: 'Merge “dinghy”' })
    await expect(dialog.getByRole('status')).toHaveText('Used by 2 regions, on 2 inputs, by 1 person.')
    await dialog.getByRole('combobox', { name: 'Merge into' }).fill('skiff')
    await page.getByRole('option', { name: 'skiff' }).click()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
    await dialog.getByRole('button', { name: 'Merge' }).click()
    await expect.poll(() => said('skiff')).toEqual({ images: 0, regions: 2 })
    expect((await concepts()).map(({ id }) => id)).not.toContain('dinghy')
    await undo(page, '“dinghy” is “skiff” now')
    await expect.poll(() => said('dinghy')).toEqual({ images: 0, regions: 2 })
  })

  await test.step('a merge is taken back later, too', async () => {
    await act('dinghy', 'Merge into…')
    const dialog = page.getByRole('dialog', { name: 'Merge “dinghy”' })
    await dialog.getByRole('combobox', { name: 'Merge into' }).fill('skiff')
    await page.getByRole('option', { name: 'skiff' }).click()
    await dialog.getByRole('button', { name: 'Merge' }).click()
    await expect.poll(() => said('skiff')).toEqual({ images: 0, regions: 2 })
    await page.reload()
    const past = page.getByRole('region', { name: 'Merged and deleted' })
    await past.getByRole('button', { name: 'Undo merge dinghy' }).click()
    await expect(page.getByText('What was drawn or changed since stays “skiff”.')).toBeVisible()
    await page.getByRole('button', { name: 'Undo merge', exact: true }).click()
    await expect.poll(() => said('dinghy')).toEqual({ images: 0, regions: 2 })
    await expect(past).toHaveCount(0)
  })

  await test.step('what is used is not deleted without another in its place; what is not, is', async () => {
    await act('dinghy', 'Delete…')
    const dialog = page.getByRole('dialog', { name: 'Delete “dinghy”' })
    await expect(dialog.getByRole('combobox', { name: 'What takes its place' })).toBeVisible()
    await expect(dialog.getByRole('button', { name: 'Delete' })).toBeDisabled()
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await act('unused', 'Delete…')
    await page.getByRole('dialog', { name: 'Delete “unused”' }).getByRole('button', { name: 'Delete' }).click()
    await expect.poll(async () => (await concepts()).some(({ id }) => id === 'unused')).toBe(false)
  })
})

test('a concept merged while somebody draws with it becomes the one in its place', async ({ page }) => {
  await signIn(page, server, 'owner')
  const work = new Workspace(page)
  const id = ids[3]!
  await work.openInput(server, id)
  await work.tool('Box')
  await work.concept('dinghy')
  const merged = await page.request.post(`${server.url}/marquee.v1.Office/MergeConcept`, {
    headers: { authorization: `Key ${server.credentials('owner').pat}` },
    data: { userId: 'owner', appId: 'demo', conceptId: 'dinghy', intoId: 'skiff' },
  })
  expect(merged.ok(), await merged.text()).toBe(true)
  await work.drag([60, 60], [160, 140])
  await work.saved()
  expect(await said('skiff')).toMatchObject({ regions: 3 })
  await expect(page.getByText('“dinghy” was merged or deleted meanwhile')).toBeVisible({ timeout: 20_000 })
  expect((await concepts()).map((concept) => concept.id)).not.toContain('dinghy')
})

test('the owner renames an app, deletes it by typing its id, and has it back', async ({ page }) => {
  await signIn(page, server)
  await page.goto(`${server.url}/apps/owner/demo/settings`)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Harbours')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The app has been changed')).toBeVisible()
  await page.getByRole('button', { name: 'Delete this app…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete demo' })
  await expect(dialog.getByRole('button', { name: 'Delete' })).toBeDisabled()
  await dialog.getByRole('textbox').fill('demo')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  const deleted = page.getByRole('region', { name: 'Deleted' })
  await expect(deleted).toContainText('Harbours')
  await page.reload()
  await deleted.getByRole('button', { name: 'Bring Harbours back' }).click()
  await expect(page.getByRole('region', { name: 'Mine' })).toContainText('Harbours')
  await expect(deleted).toHaveCount(0)
})
