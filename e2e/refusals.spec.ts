import { expect, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

test('a wrong password and an unknown user get the same clear message', async ({ page }) => {
  const messages: (string | null)[] = []
  for (const user of ['owner', 'nobody-of-that-name']) {
    await page.goto(`${server.url}/sign-in`)
    await page.getByLabel('User', { exact: false }).first().fill(user)
    await page.getByLabel('Password', { exact: false }).first().fill('not the password')
    await page.keyboard.press('Enter')
    const alert = page.getByRole('alert').first()
    await expect(alert).toBeVisible()
    messages.push(await alert.textContent())
  }
  expect(messages[0]).toBe(messages[1])
  expect(messages[0]).not.toBe('')
})

test('no key and no token is ever within reach of the page’s script', async ({ page }) => {
  await signIn(page, server)
  const reach = await page.evaluate(() => ({ cookie: document.cookie, local: { ...localStorage } }))
  expect(reach.cookie).not.toContain('session')
  expect(JSON.stringify(reach.local)).not.toContain(server.credentials('owner').pat)
  const cookie = (await page.context().cookies()).find(({ name }) => name.includes('session'))
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
})

test('what the server refuses stays on the region with Retry and Discard', async ({ page }) => {
  const client = new OfficialClient(server.port, server.credentials('owner').pat)
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 3)
  const size = await workspace.size()
  await client.call('DeleteInputs', { ids: [input] })
  await page.keyboard.press('1')
  await workspace.tool('Box')
  await workspace.drag([size.width * 0.2, size.height * 0.2], [size.width * 0.4, size.height * 0.4])
  await expect(workspace.status).toHaveAttribute('data-save', 'refused')
  await expect(workspace.regions).toHaveCount(1)
  await expect(page.getByText('The image is gone')).toBeVisible()
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect(workspace.status).toHaveAttribute('data-save', 'refused')
  await page.reload() // the page says that the image is gone, and what was drawn is still kept
  await expect(page.getByText('There is no such image')).toBeVisible()
  await workspace.openInput(server, (await client.inputs())[0] ?? '')
  await expect(workspace.status).toHaveAttribute('data-save', 'refused')
  await workspace.status.click()
  await page.getByRole('button', { name: 'Discard' }).click()
  await workspace.saved()
})

test('a collaborator is told why the owner’s box is not theirs to change, before they try', async ({ browser }) => {
  const [owners, annotators] = [await browser.newPage(), await browser.newPage()]
  await signIn(owners, server)
  const owner = new Workspace(owners)
  const input = await owner.open(server, 5)
  const size = await owner.size()
  const at = (x: number, y: number): [number, number] => [size.width * x, size.height * y]
  await owners.keyboard.press('1')
  await owner.tool('Box')
  await owner.drag(at(0.2, 0.2), at(0.5, 0.5))
  await owner.saved()

  await signIn(annotators, server, 'annotator')
  const annotator = new Workspace(annotators)
  await annotator.openInput(server, input)
  await annotator.click(...at(0.35, 0.35))
  await annotator.drag(at(0.35, 0.35), at(0.6, 0.6))
  await annotators.keyboard.press('Delete')
  await expect(annotators.getByText(/only (owner|Olivia Owner) may\s+change it/i).first()).toBeVisible()
  await expect(annotator.regions).toHaveCount(1)
  await annotator.saved()
  await owners.close()
  await annotators.close()
})

test('two people who change one box see a conflict, and nothing is overwritten until one decides', async ({
  browser,
}) => {
  const client = new OfficialClient(server.port, server.credentials('owner').pat)
  const pages = [await browser.newPage(), await browser.newPage()] as const
  const [first, second] = [new Workspace(pages[0]), new Workspace(pages[1])]
  await signIn(pages[0], server)
  await signIn(pages[1], server, 'annotator')
  const input = await second.open(server, 6)
  const size = await second.size()
  await pages[1].keyboard.press('1')
  await second.tool('Box')
  await second.drag([size.width * 0.3, size.height * 0.3], [size.width * 0.5, size.height * 0.5])
  await second.saved()
  await first.openInput(server, input)
  // each looks every few seconds at what the other does: the second cannot see it in time
  await pages[1].context().setOffline(true)
  for (const [workspace, key] of [
    [second, 'ArrowDown'],
    [first, 'ArrowRight'],
  ] as const) {
    await workspace.page.keyboard.press('v')
    await workspace.click(size.width * 0.4, size.height * 0.4)
    await workspace.page.keyboard.press(key)
  }
  await first.saved()
  await pages[1].context().setOffline(false)
  await expect(second.status).toHaveAttribute('data-save', 'conflict')
  await expect(pages[1].locator('[data-theirs="1"]')).toHaveCount(1) // the other version is seen beside one's own
  const before = (await client.regions(input))[0]?.data?.regions[0]?.region_info.bounding_box
  await pages[1].getByRole('button', { name: 'Keep mine' }).click()
  await second.saved()
  const after = (await client.regions(input))[0]?.data?.regions[0]?.region_info.bounding_box
  expect((after?.top_row ?? 0) - (before?.top_row ?? 0)).toBeCloseTo(1 / size.height, 5)
  expect((before?.left_col ?? 0) - (after?.left_col ?? 0)).toBeCloseTo(1 / size.width, 5)
  // whoever only looks sees what the other does
  await pages[1].keyboard.press('Delete')
  await expect(first.regions).toHaveCount(0)
  for (const page of pages) await page.close()
})

test('conflicts of many regions are decided at once, either way', async ({ browser }) => {
  const client = new OfficialClient(server.port, server.credentials('owner').pat)
  const pages = [await browser.newPage(), await browser.newPage()] as const
  const [first, second] = [new Workspace(pages[0]), new Workspace(pages[1])]
  for (const page of pages) await signIn(page, server)
  const input = await second.open(server, 7)
  const { width, height } = await second.size()
  await pages[1].keyboard.press('1')
  await second.tool('Box')
  for (const left of [0.2, 0.5]) await second.drag([width * left, height * 0.3], [width * (left + 0.2), height * 0.5])
  await second.saved()
  await first.openInput(server, input)
  const shared = pages[1].context()
  const tops = async () =>
    (await client.regions(input)).map(({ data }) => data?.regions[0]?.region_info.bounding_box?.top_row ?? 0)
  /** Both move both boxes, the second without a network. */
  const clash = async () => {
    await shared.setOffline(true)
    for (const [{ page }, key] of [
      [second, 'ArrowDown'],
      [first, 'ArrowUp'],
    ] as const)
      for (const press of ['v', 'Control+a', key]) await page.keyboard.press(press)
    await first.saved()
    const theirs = await tops()
    await shared.setOffline(false)
    await expect(second.status).toHaveAttribute('data-save', 'conflict')
    return theirs
  }

  const before = await clash()
  await pages[1].getByRole('region', { name: 'Not saved' }).getByRole('button', { name: 'Keep all 2 of mine' }).click()
  await second.saved()
  const mine = await tops()
  for (const [i, top] of mine.entries()) expect(top - before[i]!).toBeCloseTo(2 / height, 5)

  await expect.poll(tops).toEqual(mine)
  await first.page.reload()
  await first.ready()
  const theirs = await clash()
  await second.status.getByRole('button').click()
  const all = pages[1].getByRole('dialog', { name: 'Conflict' })
  await all.getByRole('button', { name: 'Take all theirs' }).click()
  await expect(all.getByText('Give up 2 changes of yours?')).toBeVisible()
  await all.getByRole('button', { name: 'Give up', exact: true }).click()
  await second.saved()
  expect(await tops()).toEqual(theirs)
  for (const page of pages) await page.close()
})

test('the answers to bad input name the field and change nothing', async () => {
  const pat = server.credentials('owner').pat
  const call = async (path: string, body: unknown, key = pat) => {
    const answer = await fetch(`${server.url}/v2/users/owner/apps/demo/${path}`, {
      method: 'POST',
      headers: { authorization: `Key ${key}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return (await answer.json()) as {
      status: { code: number; details: string; description: string }
      annotations?: { status: { code: number; details: string } }[]
    }
  }
  const listed = await fetch(`${server.url}/v2/users/owner/apps/demo/inputs`, {
    headers: { authorization: `Key ${pat}` },
  })
  const { inputs } = (await listed.json()) as { inputs: { id: string }[] }
  const input = inputs[0]?.id
  const box = (top_row: number, left_col: number, bottom_row: number, right_col: number) => ({
    input_id: input,
    data: { regions: [{ region_info: { bounding_box: { top_row, left_col, bottom_row, right_col } } }] },
  })
  const bad = await call('annotations', {
    annotations: [box(0.1, 0.1, 1.2, 0.5), box(0.5, 0.1, 0.2, 0.5), box(0.1, 0.1, 0.1, 0.5), box(0.1, 0.1, 0.2, 0.5)],
  })
  expect(bad.status.code).toBe(10010)
  expect(bad.annotations?.map((item) => item.status.code)).toEqual([24155, 24155, 24155, 24150])
  expect(bad.annotations?.[0]?.status.details).toContain('annotations[0].data.regions[0].region_info.bounding_box')

  expect((await call('annotations', { annotations: [] })).status.code).toBe(11102)
  const many = Array.from({ length: 129 }, () => box(0.1, 0.1, 0.2, 0.2))
  expect((await call('annotations', { annotations: many })).status).toMatchObject({ code: 11102 })
  const unknown = await call('annotations', { annotations: [{ ...box(0.1, 0.1, 0.2, 0.2), input_id: 'nowhere' }] })
  expect(unknown.annotations?.[0]?.status.code).toBe(30102)
  expect((await call('annotations', '{"annotations": [')).status.code).toBe(11100)
  expect((await call('annotations', {}, 'no-such-key')).status).toMatchObject({
    code: 11008,
    description: 'Invalid API key or Invalid API key/application pair',
  })
})
