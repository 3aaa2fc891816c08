import { expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

interface TaskAnswer {
  readonly id: string
  readonly name: string
  readonly status: { readonly code: number }
  readonly metadata?: object
  readonly worker: { readonly partitioned_strategy_info: { readonly type: number; readonly weights: object } }
}
const api = () => new OfficialClient(server.port, server.credentials('owner').pat)
const tasks = async (): Promise<readonly TaskAnswer[]> =>
  (await api().call<{ tasks: readonly TaskAnswer[] }>('ListTasks', { page: 1, per_page: 100 })).tasks
/** As the official client sees a Struct. */
const metadata = async () => JSON.stringify((await tasks())[0]?.metadata)
const choose = async (page: Page, field: string, names: readonly string[]) => {
  const box = page.getByLabel(field, { exact: true }).and(page.locator('input:not([type="hidden"])'))
  await box.click()
  for (const name of names) await page.getByRole('option', { name }).click()
  await page.keyboard.press('Escape')
}

test('the owner hands out a task by weight, changes, pauses and deletes it, and takes that back', async ({ page }) => {
  await signIn(page, server, 'owner')
  await page.goto(`${server.url}/apps/owner/demo/tasks`)
  await page.getByRole('button', { name: 'New task' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })

  await dialog.getByRole('button', { name: 'Create task' }).click()
  await expect(dialog.getByText('Give the task a name.')).toBeVisible()
  await expect(dialog.getByText('Choose who labels.')).toBeVisible()

  await dialog.getByRole('textbox', { name: 'Name' }).fill('Harbour')
  await choose(page, 'Labelers', ['(annotator)', '(annotator-2)'])
  await dialog.getByText('By weight').click()
  await dialog.getByRole('textbox', { name: /^Weight of .*annotator-2/ }).fill('3')
  await choose(page, 'Reviewers', ['(reviewer)'])
  const shares = dialog.getByRole('list', { name: 'Who gets how many' }).getByRole('listitem')
  await expect(shares).toHaveCount(2)
  const shown = (await shares.allInnerTexts()).map((text) => Number(text.match(/(\d+)\s*$/)?.[1]))

  await test.step('what was filled in survives a reload', async () => {
    await page.reload()
    await page.getByRole('button', { name: 'New task' }).click()
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('Harbour')
  })
  await dialog.getByRole('button', { name: 'Create task' }).click()
  await expect(dialog).toBeHidden()

  const [made] = await tasks()
  expect(made).toMatchObject({ name: 'Harbour', worker: { partitioned_strategy_info: { type: 2 } } })

  await test.step('each has what the preview said', async () => {
    await page.getByRole('link', { name: 'Harbour' }).click()
    const people = page.getByRole('table', { name: 'People' }).getByRole('row')
    await expect(people).toHaveCount(3)
    const todo = await Promise.all(
      [1, 2].map(async (row) => Number(await people.nth(row).getByRole('cell').first().innerText())),
    )
    expect(todo).toEqual(shown)
    expect(shown[1]).toBeGreaterThan(shown[0] ?? 0)
  })

  await test.step('edit', async () => {
    await page.getByRole('button', { name: 'Edit' }).click()
    const edit = page.getByRole('dialog', { name: 'Edit' })
    await edit.getByRole('textbox', { name: 'Instructions' }).fill('Draw **every** boat.')
    await edit.getByRole('button', { name: 'Save changes' }).click()
    await expect(edit).toBeHidden()
    expect(await metadata()).toContain('Draw **every** boat.')
    await page.getByRole('button', { name: 'Instructions' }).click()
    await expect(page.getByRole('dialog').locator('strong')).toHaveText('every')
    await page.keyboard.press('Escape')
  })

  const act = async (name: string) => {
    await page.getByRole('button', { name: 'Actions for Harbour' }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await test.step('pause, resume', async () => {
    await act('Pause')
    await expect(page.getByText('Paused', { exact: true })).toBeVisible()
    expect(await metadata()).toContain('Draw **every** boat.')
    expect(await metadata()).toMatch(/"bool_?value":true/i)
    await act('Resume')
    await expect(page.getByText('Paused', { exact: true })).toBeHidden()
  })

  await test.step('delete, undo', async () => {
    await act('Delete')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByText('No tasks yet')).toBeVisible()
    expect(await tasks()).toEqual([])
    await page.getByRole('alert').filter({ hasText: 'deleted' }).getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('link', { name: 'Harbour' })).toBeVisible()
    expect((await tasks()).map(({ name }) => name)).toEqual(['Harbour'])
  })

  await test.step('the board shows it where its work is', async () => {
    await page.getByText('Board', { exact: true }).click()
    await expect(page.getByRole('region', { name: 'To label' }).getByRole('link', { name: 'Harbour' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Done' }).getByText('Nothing here')).toBeVisible()
  })
})
