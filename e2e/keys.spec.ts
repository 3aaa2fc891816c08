import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { OfficialClient, type PlainAnnotation } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

const client = () => new OfficialClient(server.port, server.credentials('owner').pat)

const names = async (): Promise<string[]> => {
  const { concepts } = await client().call<{ concepts: { id: string }[] }>('ListConcepts', { page: 1, per_page: 10 })
  return concepts.map(({ id }) => id)
}
const conceptsOf = (annotation: PlainAnnotation): string[] =>
  (annotation.data?.regions[0]?.data?.concepts ?? []).map(({ id }) => id)

/** What annotations say about the whole image, `concept: value`. */
async function said(input: string): Promise<string[]> {
  const request = { input_ids: [input], page: 1, per_page: 100 }
  const { annotations } = await client().call<{ annotations: PlainAnnotation[] }>('ListAnnotations', request)
  return annotations.flatMap(({ data }) => (data?.concepts ?? []).map(({ id, value }) => `${id}: ${value}`)).sort()
}

async function openKeys(page: Page): Promise<void> {
  await page.goto(`${server.url}/settings/keys`)
  await expect(page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeVisible()
}

async function choosePreset(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Keys of' }).click()
  await page.getByRole('option', { name: `Keys of ${name}`, exact: true }).click()
}

const row = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: new RegExp(`^${title}`) })

test('a day with the keys of CVAT: draw again, label, turn, propagate, take it back; all of it is on the server', async ({
  page,
}) => {
  const [first, second] = await names()
  if (!first || !second) throw new Error('the demo has too few concepts')
  await signIn(page, server)
  await openKeys(page)
  await choosePreset(page, 'CVAT')
  await expect(row(page, 'Next image').first()).toContainText('F')

  const workspace = new Workspace(page)
  const input = await workspace.open(server)
  const size = await workspace.size()
  const near = (x: number, y: number): [number, number] => [size.width * x, size.height * y]
  await page.keyboard.press('Control+2')
  await page.keyboard.press('n') // CVAT draws with N
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'box')
  await workspace.drag(near(0.1, 0.1), near(0.3, 0.3))
  await workspace.drag(near(0.5, 0.5), near(0.7, 0.8))
  await page.keyboard.press('Control+1') // with the tool in hand, what comes next
  await expect(page.getByText('What you just drew stays')).toBeVisible()
  await page.keyboard.press('Shift+V')
  await page.keyboard.press('Control+1') // with Select, the label of what is selected
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()
  expect((await client().regions(input)).map(conceptsOf)).toEqual([[second], [first]])

  // two keys in a row: T and H hide all, T and L lock all
  const hidden = page.locator('[role=option][data-hidden]')
  await page.keyboard.press('t')
  await expect(page.getByRole('status').filter({ hasText: 'Hide all regions' })).toBeVisible()
  await page.keyboard.press('h')
  await expect(hidden).toHaveCount(2)
  await page.keyboard.press('t')
  await page.keyboard.press('h')
  await expect(hidden).toHaveCount(0)

  await page.keyboard.press('Shift+V')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+b')
  const dialog = page.getByRole('dialog', { name: 'Propagate the selection' })
  await dialog.getByLabel('How many images').fill('2')
  await expect(dialog.getByRole('status')).toContainText('4 regions will be added to 2 images.')
  await dialog.getByRole('button', { name: 'Add 4 regions' }).click()
  await workspace.saved()
  const inputs = await client().inputs()
  const grid = await Promise.all(inputs.map(async (id) => [id, (await client().regions(id)).length] as const))
  const reached = grid.filter(([id, count]) => id !== input && count === 2).map(([id]) => id)
  expect(reached).toHaveLength(2)
  const originals = await client().regions(input)
  const from = await workspace.size()

  // a second time there is nothing to add
  await page.keyboard.press('Control+b')
  await dialog.getByLabel('How many images').fill('2')
  await expect(dialog.getByRole('status')).toContainText('2 images have them already.')
  await expect(dialog.getByRole('button', { name: /^Add/ })).toBeDisabled()
  await page.keyboard.press('Escape')

  // F is the next image in CVAT; there Ctrl+Z takes back what was propagated to it
  await page.keyboard.press('Escape')
  await page.keyboard.press('f')
  await expect(page).not.toHaveURL(new RegExp(input))
  await workspace.ready()
  await expect(workspace.regions).toHaveCount(2)
  const here = page.url().split('/inputs/')[1] ?? ''
  // at the same pixels, up to the border of an image that is smaller
  const to = await workspace.size()
  const copies = await client().regions(here)
  const pixels = (list: PlainAnnotation[], { width, height }: { width: number; height: number }) =>
    list.map((item) => {
      const { left_col, top_row, right_col, bottom_row } = item.data!.regions[0]!.region_info.bounding_box!
      const x = [left_col, right_col].map((share) => Math.min(Math.round(share * width), to.width))
      return [...x, ...[top_row, bottom_row].map((share) => Math.min(Math.round(share * height), to.height))]
    })
  expect(pixels(copies, to)).toEqual(pixels(originals, from))
  expect(copies.map(conceptsOf)).toEqual(originals.map(conceptsOf))
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeEnabled()
  await page.keyboard.press('Control+z')
  await expect(workspace.regions).toHaveCount(0)
  await workspace.saved()
  expect(await client().regions(here)).toEqual([])

  // the notice of propagating takes back the rest
  await page.getByRole('button', { name: 'Undo this' }).click()
  await expect.poll(async () => (await Promise.all(reached.map((id) => client().regions(id)))).flat().length).toBe(0)
})

test('a key is recorded: who has it is named first, what browsers take is refused, and all of it follows the person', async ({
  page,
  browser,
}) => {
  await signIn(page, server)
  await openKeys(page)
  await choosePreset(page, 'Marquee')
  const fit = row(page, 'Fit').first()
  await fit.getByRole('button', { name: 'Add a key to Fit' }).click()
  await page.keyboard.press('Control+w')
  await expect(fit.getByRole('alert')).toContainText('The browser closes the tab with it.')
  await page.keyboard.press('r')
  await expect(fit.getByRole('alert')).toContainText('R is the key of “Box”')
  await fit.getByRole('button', { name: 'Use it here' }).click()
  await expect(fit).toContainText('R')
  await expect(row(page, 'Box').first()).toContainText('no key')
  // one that is free is taken at once
  await row(page, 'Box').first().getByRole('button', { name: 'Add a key to Box' }).click()
  await page.keyboard.press('Control+e')
  await expect(row(page, 'Box').first()).toContainText('E')
  // a second key while the first is down makes two in a row of them
  await row(page, 'Polygon').first().getByRole('button', { name: 'Add a key to Polygon' }).click()
  await page.keyboard.down('y')
  await page.keyboard.press('p')
  await page.keyboard.up('y')
  await expect(page.getByRole('button', { name: 'Remove Y P from Polygon' })).toBeVisible()

  const workspace = new Workspace(page)
  await workspace.open(server, 3)
  await page.keyboard.press('Control+e')
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'box')
  await page.keyboard.press('y')
  await page.keyboard.press('p')
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'polygon')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Shortcuts' })).toContainText('Keys of Marquee, 3 changed.')
  await page.keyboard.press('Escape')

  // the person's keys are there in a browser that has never seen them
  const other = await browser.newContext()
  const elsewhere = await other.newPage()
  await signIn(elsewhere, server)
  const again = new Workspace(elsewhere)
  await again.open(server, 3)
  await elsewhere.keyboard.press('Control+e')
  await expect(again.canvas).toHaveAttribute('data-tool', 'box')
  await other.close()

  // to a file and back
  await openKeys(page)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export', exact: true }).click(),
  ])
  const file = readFileSync(await download.path(), 'utf8')
  expect(JSON.parse(file)).toMatchObject({
    preset: 'marquee',
    own: { 'tool.box': ['Ctrl+E'], 'tool.polygon': ['P', 'Y P'], 'view.fit': ['F', 'R'] },
  })
  await page.getByRole('button', { name: 'Reset all' }).click()
  await expect(row(page, 'Box').first()).not.toContainText('Ctrl')
  const put = (text: string) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name: 'k.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  await put('{"version": 1, "own": {"view.fit": ["Ctrl+T"]}}')
  await expect(page.getByText('own["view.fit"]: Ctrl+T cannot be used.')).toBeVisible()
  await put(file)
  await expect(row(page, 'Box').first()).toContainText('Ctrl')
  await page.getByRole('button', { name: 'Reset all' }).click()
  await expect(row(page, 'Box').first()).toContainText('R')
})

test('Classify: digits tick, Shift and a digit deny, Ctrl+Z takes back, also after a reload; one choice and on', async ({
  page,
}) => {
  const [first, second, third] = await names()
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 5)
  const size = await workspace.size()
  await page.keyboard.press('t')
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'classify')
  await page.keyboard.press('1')
  await page.keyboard.press('Shift+Digit2')
  await page.keyboard.press('3')
  await page.keyboard.press('3') // again takes it back
  await workspace.saved()
  await expect.poll(() => said(input)).toEqual([`${first}: 1`, `${second}: 0`].sort())
  // regions and concepts of the image are one history
  await workspace.tool('Box')
  await workspace.drag([size.width * 0.2, size.height * 0.2], [size.width * 0.4, size.height * 0.4])
  await expect(workspace.regions).toHaveCount(1)
  await workspace.saved()
  await page.reload()
  await workspace.ready()
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeEnabled()
  await page.keyboard.press('Control+z')
  await expect(workspace.regions).toHaveCount(0)
  for (const left of [
    [`${first}: 1`, `${second}: 0`, `${third}: 1`],
    [`${first}: 1`, `${second}: 0`],
    [`${first}: 1`],
    [],
  ]) {
    await page.keyboard.press('Control+z')
    await expect.poll(() => said(input)).toEqual(left.sort())
  }
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(() => said(input)).toEqual([`${first}: 1`])

  // looked at, nothing here: in the same history
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Shift+E')
  await expect(page.getByRole('button', { name: 'Marked as empty' })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('button', { name: 'Mark as empty' })).toBeVisible()

  // one choice and on to the next
  await page.keyboard.press('t')
  await page.getByLabel('One choice, then the next image').check()
  await workspace.canvas.focus()
  await page.keyboard.press('2')
  await expect(page).not.toHaveURL(new RegExp(input))
  await workspace.ready()
  const next = page.url().split('/inputs/')[1] ?? ''
  await page.keyboard.press('1')
  await expect(page).not.toHaveURL(new RegExp(next))
  await workspace.ready()
  await expect.poll(() => said(input)).toEqual([`${second}: 1`])
  await expect.poll(() => said(next)).toEqual([`${first}: 1`])
  // another choice takes its place
  await page.goto(`${server.url}/apps/owner/demo/inputs/${input}`)
  await workspace.ready()
  await page.keyboard.press('t')
  await page.keyboard.press('3')
  await expect.poll(() => said(input)).toEqual([`${third}: 1`])
})

test('copies all of the previous image, pastes under the pointer, and the palette finds commands, concepts and images', async ({
  page,
}) => {
  const [, , third] = await names()
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.open(server, 7)
  const size = await workspace.size()
  await page.keyboard.press('Control+k')
  await page.keyboard.type(`use concept ${third}`)
  await page.keyboard.press('Enter')
  await workspace.tool('Box')
  await workspace.drag([size.width * 0.2, size.height * 0.2], [size.width * 0.4, size.height * 0.4])
  await workspace.drag([size.width * 0.5, size.height * 0.5], [size.width * 0.6, size.height * 0.7])
  await workspace.saved()
  await page.keyboard.press('d')
  await workspace.ready()
  await expect(workspace.regions).toHaveCount(0)
  await page.keyboard.press('Shift+A')
  await expect(workspace.regions).toHaveCount(2)
  await page.keyboard.press('Shift+A')
  await expect(page.getByText('2 are here already.')).toBeVisible()
  await expect(workspace.regions).toHaveCount(2)
  const here = page.url().split('/inputs/')[1] ?? ''
  await workspace.saved()
  expect((await client().regions(here)).map(conceptsOf)).toEqual([[third], [third]])
  await page.keyboard.press('Control+z')
  await expect(workspace.regions).toHaveCount(0)
  await page.keyboard.press('Control+Shift+z')
  await expect(workspace.regions).toHaveCount(2)

  await page.keyboard.press('v')
  await workspace.regions.first().click()
  await workspace.canvas.focus()
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+Shift+V')
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'ghost')
  const mine = await workspace.size()
  await workspace.click(mine.width * 0.8, mine.height * 0.3)
  await expect(workspace.regions).toHaveCount(3)
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'select')
  await workspace.saved()
  const placed = (await client().regions(here))[2]?.data?.regions[0]?.region_info.bounding_box
  expect(((placed?.left_col ?? 0) + (placed?.right_col ?? 0)) / 2).toBeCloseTo(0.8, 2)
  expect(((placed?.top_row ?? 0) + (placed?.bottom_row ?? 0)) / 2).toBeCloseTo(0.3, 2)

  // images are found by their names, settings by what they are called
  await page.keyboard.press('Control+k')
  await page.keyboard.type('nagasaki')
  await page.getByRole('option', { name: /nagasaki/ }).click()
  await expect(page.getByRole('heading', { name: /nagasaki/ })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('theme dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
})

test('what is typed right after Ctrl+K is looked for, on a slow machine too, and does nothing to the image', async ({
  page,
}) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.open(server, 3)
  const address = page.url()
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 12 })
  const field = page.getByRole('combobox', { name: 'Command, concept or image' })
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('nagasaki') // N, A, G, K and I are keys of the workspace
    await expect(field).toHaveValue('nagasaki')
    await page.keyboard.press('Escape')
    await expect(field).toBeHidden()
  }
  expect(page.url()).toBe(address)
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'select')
})

test('a digit pressed before the concepts have come counts once they are there', async ({ page }) => {
  await signIn(page, server)
  let come = () => {}
  const there = new Promise<void>((resolve) => (come = resolve))
  await page.route('**/clarifai.api.V2/ListConcepts', async (route) => {
    await there
    await route.continue()
  })
  const workspace = new Workspace(page)
  await workspace.open(server, 4)
  await page.keyboard.press('2')
  await page.keyboard.press('r')
  const before = await workspace.regions.count()
  await workspace.drag([60, 60], [160, 140])
  await expect(page.getByText('Concepts are loading…')).toBeVisible()
  come()
  await expect(workspace.regions).toHaveCount(before + 1)
  await expect(workspace.regions.first()).toContainText('sheep')
  await expect(page.getByRole('dialog', { name: 'Concept of the region' })).toBeHidden()
  await page.keyboard.press('v')
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'select')
})
