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

test('an edit writes what it changes and nothing else, and is kept until it is saved', async ({ page }) => {
  const [input] = (await api().call<{ inputs: readonly { id: string }[] }>('ListInputs', { page: 1, per_page: 1 }))
    .inputs
  const one = { type: 4, id: input?.id }
  const worker = { strategy: 1, workers: [{ user: { id: 'annotator' } }] }
  const review = { strategy: 2, users: [{ id: 'reviewer' }], manual_strategy_info: { approval_threshold: -1 } }
  const task = { id: 'single', name: 'Single', type: 2, input_source: one, worker: { ...worker, strategy: 3 }, review }
  // over REST, since the official client does not know the type of source "one input" yet
  const made = await page.request.post(`${server.url}/v2/users/owner/apps/demo/tasks`, {
    headers: { authorization: `Key ${server.credentials('owner').pat}` },
    data: { tasks: [task] },
  })
  expect(made.ok(), await made.text()).toBe(true)
  const read = async () => (await api().call<{ task: { input_source: object } }>('GetTask', { task_id: 'single' })).task

  await signIn(page, server, 'owner')
  await page.goto(`${server.url}/apps/owner/demo/tasks/single`)
  const before = await read()
  await page.getByRole('button', { name: 'Edit' }).click()
  const edit = page.getByRole('dialog', { name: 'Edit' })
  await expect(edit.getByRole('combobox', { name: 'Inputs' })).toHaveValue('One input')
  await edit.getByRole('textbox', { name: 'Name' }).fill('Just one')
  await edit.getByRole('textbox', { name: /Reviewed, %/ }).fill('12.5')

  await test.step('it is there after a reload', async () => {
    await page.reload()
    await page.getByRole('button', { name: 'Edit' }).click()
    await expect(edit.getByText('What you had filled in and not saved is here again.')).toBeVisible()
    await expect(edit.getByRole('textbox', { name: 'Name' })).toHaveValue('Just one')
  })

  await test.step('what a script changed meanwhile is not overwritten unasked', async () => {
    await api().call('PatchTasks', {
      action: 'overwrite',
      tasks: [{ id: 'single', name: 'Renamed by a script', priority: 3, description: 'by a script' }],
    })
    await edit.getByRole('button', { name: 'Save changes' }).click()
    await expect(edit.getByText('Somebody else has changed the name of this task')).toBeVisible()
    await edit.getByRole('button', { name: 'Save changes' }).click()
    await expect(edit).toBeHidden()
  })

  const after = await read()
  expect(after).toMatchObject({
    name: 'Just one',
    description: 'by a script',
    input_source: before.input_source,
    review: { manual_strategy_info: { sample_percentage: 0.125, approval_threshold: -1 } },
  })
  await expect(
    page.getByRole('table', { name: 'People' }).getByRole('row').nth(1).getByRole('cell').first(),
  ).toHaveText('1')
})
