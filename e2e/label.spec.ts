import { expect, type Page, test } from '@playwright/test'
import { OfficialClient, type PlainAnnotation } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { type DraggedBox, signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

const client = () => new OfficialClient(server.port, server.credentials('owner').pat)

const conceptsOf = (annotation: PlainAnnotation): string[] =>
  (annotation.data?.regions[0]?.data?.concepts ?? []).map((concept) => concept.id)

/** The stored box, in fractions, against the pixels that were drawn: equal to 1e-6 of the side. */
function expectBox(
  annotation: PlainAnnotation | undefined,
  drawn: DraggedBox,
  size: { width: number; height: number },
) {
  const box = annotation?.data?.regions[0]?.region_info.bounding_box
  expect(box).toBeTruthy()
  expect(Math.abs((box?.left_col ?? 0) - drawn.left / size.width)).toBeLessThan(1e-6)
  expect(Math.abs((box?.right_col ?? 0) - drawn.right / size.width)).toBeLessThan(1e-6)
  expect(Math.abs((box?.top_row ?? 0) - drawn.top / size.height)).toBeLessThan(1e-6)
  expect(Math.abs((box?.bottom_row ?? 0) - drawn.bottom / size.height)).toBeLessThan(1e-6)
}

const conceptNames = async (page: Page): Promise<string[]> => {
  const { concepts } = await client().call<{ concepts: { id: string }[] }>('ListConcepts', { page: 1, per_page: 10 })
  expect(page.url()).toContain('/apps/')
  return concepts.map((concept) => concept.id)
}

test('signs in, draws on a photo, undoes, redoes, moves, nudges, relabels, deletes; the database has it all', async ({
  page,
}) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server)
  const size = await workspace.size()
  const [first, second, third] = await conceptNames(page)
  if (!first || !second || !third) throw new Error('the demo has too few concepts')

  await workspace.concept(first)
  await workspace.tool('Box')
  const near = (x: number, y: number): [number, number] => [size.width * x, size.height * y]
  const a = await workspace.drag(near(0.1, 0.1), near(0.3, 0.35))
  const b = await workspace.drag(near(0.4, 0.2), near(0.6, 0.5))
  await workspace.concept(second)
  await page.keyboard.press('Escape')
  await workspace.tool('Box')
  const c = await workspace.drag(near(0.65, 0.55), near(0.9, 0.85))
  await expect(workspace.regions).toHaveCount(3)

  await page.keyboard.press('Control+z')
  await expect(workspace.regions).toHaveCount(2)
  await page.keyboard.press('Control+Shift+z')
  await expect(workspace.regions).toHaveCount(3)
  await workspace.saved()

  let stored = await client().regions(input)
  expect(stored).toHaveLength(3)
  expectBox(stored[0], a, size)
  expectBox(stored[1], b, size)
  expectBox(stored[2], c, size)
  expect(stored.map(conceptsOf)).toEqual([[first], [first], [second]])
  expect(stored.every((annotation) => annotation.user_id === 'owner')).toBe(true)

  // move the first by its middle, then nudge it by the arrows: 2 px right, 10 px down
  await workspace.tool('Select')
  const middle = [(a.left + a.right) / 2, (a.top + a.bottom) / 2] as const
  await workspace.click(...middle)
  const moved = await workspace.drag(middle, [middle[0] + size.width * 0.05, middle[1] + size.height * 0.04])
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  const [dx, dy] = [moved.right - moved.left + 2, moved.bottom - moved.top + 10]
  // change the concept of the second by a digit, delete the third
  await workspace.click((b.left + b.right) / 2, (b.top + b.bottom) / 2)
  await page.keyboard.press('3')
  await workspace.click((c.left + c.right) / 2, (c.top + c.bottom) / 2)
  await page.keyboard.press('Delete')
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()

  await page.reload()
  await workspace.ready()
  await expect(workspace.regions).toHaveCount(2)
  stored = await client().regions(input)
  expect(stored).toHaveLength(2)
  const shifted = { left: a.left + dx, right: a.right + dx, top: a.top + dy, bottom: a.bottom + dy }
  expectBox(stored[0], shifted, size)
  expectBox(stored[1], b, size)
  expect(stored.map(conceptsOf)).toEqual([[first], [third]])

  // the same by plain REST
  const address = `${server.url}/v2/users/owner/apps/demo/annotations?input_ids=${input}&per_page=100`
  const headers = { authorization: `Key ${server.credentials('owner').pat}` }
  const answer = await fetch(address, { headers })
  const body = (await answer.json()) as { status: { code: number }; annotations: PlainAnnotation[] }
  expect(answer.status).toBe(200)
  expect(body.status.code).toBe(10000)
  const byRest = body.annotations.filter((annotation) => annotation.data?.regions?.length)
  expect(byRest.map((annotation) => annotation.id)).toEqual(stored.map((annotation) => annotation.id))
  expectBox(byRest[0], shifted, size)
})

test('draws by two clicks, keeps the tool, and clamps at the border of the image', async ({ page }) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 1)
  const size = await workspace.size()
  await page.keyboard.press('1')
  await workspace.tool('Box')
  await workspace.click(size.width * 0.2, size.height * 0.2)
  await workspace.click(size.width * 0.5, size.height * 0.6)
  await expect(workspace.regions).toHaveCount(1)
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'box')
  await workspace.drag([size.width * 0.7, size.height * 0.7], [size.width * 1.01, size.height * 1.01])
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()
  const stored = await client().regions(input)
  const corner = stored[1]?.data?.regions[0]?.region_info.bounding_box
  expect(corner?.right_col).toBe(1)
  expect(corner?.bottom_row).toBe(1)
})

test('wheel zooms at the pointer, space and middle button pan, also in the middle of a box', async ({ page }) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.open(server, 2)
  const size = await workspace.size()
  await page.keyboard.press('1')
  const near = await workspace.toPage(size.width * 0.3, size.height * 0.4)
  const at = { x: Math.round(near.x), y: Math.round(near.y) } // wheel events come at whole pixels
  await page.mouse.move(at.x, at.y)
  const before = await workspace.toImage(at.x, at.y)
  await page.mouse.wheel(0, -400)
  await expect.poll(async () => Number(await workspace.canvas.getAttribute('data-scale'))).toBeGreaterThan(1)
  const after = await workspace.toImage(at.x, at.y)
  expect(Math.abs(after.x - before.x)).toBeLessThan(0.01)
  expect(Math.abs(after.y - before.y)).toBeLessThan(0.01)

  await workspace.tool('Box')
  await page.mouse.click(at.x, at.y) // first corner, then pan with the middle button, then the second corner
  await page.mouse.move(at.x + 60, at.y + 60)
  const panned = await workspace.toPage(0, 0)
  await page.mouse.down({ button: 'middle' })
  await page.mouse.move(at.x + 20, at.y + 30, { steps: 4 })
  await page.mouse.up({ button: 'middle' })
  const now = await workspace.toPage(0, 0)
  expect(now.x - panned.x).toBeCloseTo(-40, 0)
  expect(now.y - panned.y).toBeCloseTo(-30, 0)
  await page.mouse.click(at.x + 100, at.y + 90)
  await expect(workspace.regions).toHaveCount(1)

  await page.keyboard.press('f')
  await expect.poll(async () => (await workspace.toPage(0, 0)).x).not.toBe(now.x)
})

test('everything of a day’s work can be done without a mouse', async ({ page }) => {
  await page.goto(`${server.url}/sign-in`)
  await expect(page.getByLabel('User', { exact: false }).first()).toBeFocused()
  await page.keyboard.type('owner')
  await page.keyboard.press('Tab')
  await page.keyboard.type(server.credentials('owner').password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/apps/)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 4)
  const size = await workspace.size()

  await page.keyboard.press('2')
  await page.keyboard.press('Control+Alt+r') // draw a box with the keyboard: a caret, and Enter for each corner
  await page.keyboard.press('Enter')
  for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+ArrowRight')
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Enter')
  await expect(workspace.regions).toHaveCount(1)
  await workspace.saved()
  const box = (await client().regions(input))[0]?.data?.regions[0]?.region_info.bounding_box
  expect(((box?.right_col ?? 0) - (box?.left_col ?? 0)) * size.width).toBeCloseTo(50, 3)
  expect(((box?.bottom_row ?? 0) - (box?.top_row ?? 0)) * size.height).toBeCloseTo(30, 3)

  await page.keyboard.press('v') // in Select the concept list relabels what is selected
  await page.keyboard.press('/') // search a concept, make one on the fly
  await page.keyboard.type('lamp post')
  await page.keyboard.press('Enter')
  await expect
    .poll(async () => (await client().regions(input)).map(conceptsOf))
    .toEqual([[expect.stringMatching(/lamp/)]])

  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('next image')
  await page.keyboard.press('Enter')
  await expect(page).not.toHaveURL(new RegExp(input))
  await workspace.ready()
  await page.keyboard.press('Shift+E') // looked at, nothing here
  await workspace.saved()
  await expect(page.getByRole('button', { name: /Marked as empty/ })).toBeVisible()
})
