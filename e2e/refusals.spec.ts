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
  await page.reload()
  await expect(page.getByText(/input|image/i).first()).toBeVisible()
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
