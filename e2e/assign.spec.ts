import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn } from '#e2e/workspace.ts'

const PENDING = 24_151

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

const owner = () => new OfficialClient(server.port, server.credentials('owner').pat)

/** How many orders each person has, as the official client reads them. */
async function orders(): Promise<Record<string, number>> {
  const { annotations } = await owner().call<{
    annotations: readonly { user_id: string; input_level: boolean; input_id: string; data: unknown }[]
  }>('ListAnnotations', { statuses: [{ code: PENDING }], list_all_annotations: true, page: 1, per_page: 1000 })
  const people = Map.groupBy(annotations, ({ user_id }) => user_id)
  return Object.fromEntries([...people].map(([id, some]) => [id, some.length]).sort())
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Assign inputs' })

async function open(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Assign \d+ pending…$/ }).click()
  await expect(dialog(page)).toBeVisible()
}

/** What the dialog says a person will get. */
const gets = (page: Page, name: string) =>
  dialog(page)
    .getByRole('row')
    .filter({ has: page.getByRole('checkbox', { name }) })
    .getByRole('cell')
    .last()

test('the owner gives inputs to people, sees before what each will get, and takes it back', async ({ page }) => {
  await signIn(page, server, 'owner')
  await page.goto(`${server.url}/apps/owner/demo/inputs`)
  await open(page)
  await expect(dialog(page).getByRole('status')).toHaveText('Choose at least one person.')
  await expect(dialog(page).getByRole('button', { name: 'Assign 0' })).toBeDisabled()
  await dialog(page)
    .getByRole('radio', { name: /^All \d+ inputs$/ })
    .check()
  await dialog(page).getByText('By weight').click()
  await dialog(page).getByRole('checkbox', { name: 'Ana Annotator' }).check()
  await dialog(page).getByRole('checkbox', { name: 'Ben Annotator' }).check()
  await dialog(page).getByRole('textbox', { name: 'Weight of Ana Annotator' }).fill('4')
  await expect(gets(page, 'Ana Annotator')).toHaveText('+8')
  await expect(gets(page, 'Ben Annotator')).toHaveText('+2')
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    [],
  )
  await dialog(page).getByRole('button', { name: 'Assign 10' }).click()
  await expect(page.getByText('10 inputs given to 2 people')).toBeVisible()
  expect(await orders()).toEqual({ annotator: 8, 'annotator-2': 2 })

  // nothing is given out twice
  await open(page)
  await dialog(page).getByRole('checkbox', { name: 'Ben Annotator' }).check()
  await expect(dialog(page).getByRole('status')).toHaveText('All of these inputs have been given to people already.')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('10 assignments taken back')).toBeVisible()
  expect(await orders()).toEqual({})
})

test('the owner makes a shared queue of some inputs', async ({ page }) => {
  await signIn(page, server, 'owner')
  await page.goto(`${server.url}/apps/owner/demo/inputs`)
  await open(page)
  await dialog(page).getByText('Shared queue').click()
  await dialog(page).getByRole('checkbox', { name: 'Ana Annotator' }).check()
  await dialog(page).getByRole('textbox', { name: 'Name of the queue' }).fill('Boats first')
  await dialog(page).getByRole('button', { name: 'Share 10' }).click()
  await expect(page.getByText('10 inputs shared by 1 person')).toBeVisible()
  const { tasks } = await owner().call<{ tasks: readonly { name: string; worker: { strategy: string } }[] }>(
    'ListTasks',
    {
      page: 1,
      per_page: 10,
    },
  )
  expect(tasks.map(({ name }) => name)).toEqual(['Boats first'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('The shared queue was taken back')).toBeVisible()
  const left = await owner().call<{ tasks: readonly unknown[] }>('ListTasks', { page: 1, per_page: 10 })
  expect(left.tasks).toEqual([])
})
