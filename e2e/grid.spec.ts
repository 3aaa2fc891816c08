import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn } from '#e2e/workspace.ts'

const PENDING = 24_151
const app = { user_id: 'owner', app_id: 'demo' }

let server: TestServer
let ids: readonly string[]

test.beforeAll(async () => {
  server = await TestServer.start()
  const owner = new OfficialClient(server.port, server.credentials('owner').pat)
  const { inputs } = await owner.call<{ inputs: readonly { id: string }[] }>('ListInputs', {
    user_app_id: app,
    per_page: 100,
  })
  ids = inputs.map(({ id }) => id).sort()
  const box = (input: string, concept: string, at: number) => ({
    input_id: input,
    data: {
      regions: [
        {
          region_info: { bounding_box: { top_row: at, left_col: at, bottom_row: at + 0.3, right_col: at + 0.4 } },
          data: { concepts: [{ id: concept, value: 1 }] },
        },
      ],
    },
  })
  const triangle = {
    input_id: ids[0]!,
    data: {
      regions: [
        {
          region_info: {
            polygon: {
              points: [
                { row: 0.6, col: 0.1 },
                { row: 0.9, col: 0.5 },
                { row: 0.9, col: 0.1 },
              ],
            },
          },
          data: { concepts: [{ id: 'zebra', value: 1 }] },
        },
      ],
    },
  }
  await owner.call('PostAnnotations', {
    user_app_id: app,
    annotations: [box(ids[0]!, 'zebra', 0.1), triangle, box(ids[1]!, 'zebra', 0.2), box(ids[1]!, 'lamp', 0.5)],
  })
  const order = { input_id: ids[2]!, user_id: 'annotator', status: { code: PENDING } }
  await owner.call('PostAnnotations', { user_app_id: app, annotations: [order] })
})
test.afterAll(() => server.remove())

const total = (page: Page) => page.locator('[aria-live="polite"]', { hasText: /inputs?$/ })
const chips = (page: Page) => page.getByRole('group', { name: 'Filters at work' })

async function choose(page: Page, label: string, option: string): Promise<void> {
  const panel = page.getByRole('dialog', { name: 'Filter' })
  await panel.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test('filters combine, stand in the address, and are taken away one by one', async ({ page }) => {
  await signIn(page, server, 'owner')
  await page.goto(`${server.url}/apps/owner/demo/inputs`)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await choose(page, 'Concept', 'zebra')
  await expect(total(page)).toHaveText('2 inputs')
  await page.getByRole('textbox', { name: 'How often: number' }).fill('2')
  await expect(total(page)).toHaveText('1 input')
  await expect(page).toHaveURL(/concept=zebra&n=2\.\.$/)
  await page.keyboard.press('Escape')
  await expect(chips(page).getByRole('button')).toHaveText(['zebra ≥ 2'])
  // what is drawn on the picture that is left
  await expect(page.getByRole('grid').locator('svg[data-outlines="2"]')).toHaveCount(1)

  await page.reload()
  await expect(total(page)).toHaveText('1 input')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('textbox', { name: 'Regions: number' }).fill('3')
  await expect(page.getByText('No input matches')).toBeVisible()
  await page.keyboard.press('Escape')
  await chips(page).getByRole('button', { name: 'Remove filter zebra ≥ 2' }).click()
  await expect(page).toHaveURL(/inputs\?regions=3\.\.$/)

  await page.goto(`${server.url}/apps/owner/demo/inputs?work=pending&assignee=annotator`)
  await expect(total(page)).toHaveText('1 input')
  await expect(chips(page).getByRole('button')).toHaveText(['Pending', 'Assigned to Ana Annotator', 'Clear all'])
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  await chips(page).getByRole('button', { name: 'Clear all' }).click()
  await expect(page).toHaveURL(/\/inputs$/)
})

test('a view is saved, opened, renamed, deleted and brought back', async ({ page }) => {
  await signIn(page, server, 'owner')
  await page.goto(`${server.url}/apps/owner/demo/inputs?concept=zebra&n=2..`)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Save these filters…' }).click()
  await page.getByRole('checkbox', { name: 'Share with the team' }).uncheck()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Many zebras')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Many zebras' })).toBeVisible()

  await page.goto(`${server.url}/apps/owner/demo/inputs`)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Many zebras' }).click()
  await expect(total(page)).toHaveText('1 input')
  await page.getByRole('button', { name: 'Many zebras' }).click()
  await page.getByRole('menuitem', { name: 'Rename this view…' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Zebras')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Zebras', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete this view' }).click()
  await expect(page.getByRole('button', { name: 'Views' })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'Zebras', exact: true })).toBeVisible()
})

test('a view of the team is everybody’s, and tasks are made from it', async ({ page, browser }) => {
  await signIn(page, server, 'owner')
  await page.goto(`${server.url}/apps/owner/demo/inputs?concept=zebra&n=2..2`)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Save these filters…' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Zebra herds')
  await page.keyboard.press('Enter')

  // a script sees it, and finds with it what the grid shows
  const owner = new OfficialClient(server.port, server.credentials('owner').pat)
  await expect(page.getByRole('button', { name: 'Zebra herds' })).toBeVisible()
  const { searches } = await owner.call<{ searches: { id: string; name: string }[] }>('ListSearches', {
    user_app_id: app,
  })
  const search = searches.find(({ name }) => name === 'Zebra herds')!
  const { hits } = await owner.call<{ hits: { input: { id: string } }[] }>('PostSearchesByID', {
    user_app_id: app,
    id: search.id,
  })
  expect(hits.map(({ input }) => input.id)).toEqual([ids[0]])

  const other = await (await browser.newContext()).newPage()
  await signIn(other, server, 'annotator')
  await other.goto(`${server.url}/apps/owner/demo/inputs`)
  await other.getByRole('button', { name: 'Views' }).click()
  await other.getByRole('menuitem', { name: 'Zebra herds' }).click()
  await expect(total(other)).toHaveText('1 input')
  await other.getByRole('button', { name: 'Zebra herds' }).click()
  await expect(other.getByText('The owner shared this view')).toBeVisible()
  await expect(other.getByRole('menuitem', { name: 'Delete this view' })).toHaveCount(0)
  await other.context().close()

  await page.getByRole('button', { name: 'Zebra herds' }).click()
  await page.getByRole('menuitem', { name: 'New task from this view…' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await expect(dialog.getByRole('combobox', { name: 'Saved search' })).toHaveValue('Zebra herds')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Zebra herds' }).click()
  await page.getByRole('menuitem', { name: 'Delete this view' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'Zebra herds' })).toBeVisible()
})
