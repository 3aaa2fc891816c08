import { expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

type Pair = readonly [x: number, y: number]

interface Stored {
  readonly id: string
  readonly data: {
    readonly regions: readonly {
      readonly region_info: {
        readonly polygon: { readonly points: readonly { readonly row: number; readonly col: number }[] } | null
        readonly point: { readonly row: number; readonly col: number } | null
      }
      readonly data: { readonly concepts: readonly { readonly id: string }[]; readonly metadata?: unknown } | null
    }[]
  } | null
}

/** What the official client reads, regions only, oldest first. */
const stored = async (input: string): Promise<readonly Stored[]> =>
  (await new OfficialClient(server.port, server.credentials('owner').pat).regions(input)) as unknown as Stored[]

const ringOf = (annotation: Stored | undefined, size: { width: number; height: number }): readonly Pair[] =>
  (annotation?.data?.regions[0]?.region_info.polygon?.points ?? []).map(
    ({ row, col }): Pair => [col * size.width, row * size.height],
  )

/** Equal to a hundredth of a pixel, point by point. */
function expectRing(ring: readonly Pair[], drawn: readonly Pair[]): void {
  expect(ring).toHaveLength(drawn.length)
  for (const [i, [x, y]] of drawn.entries()) {
    expect(Math.abs(ring[i]![0] - x)).toBeLessThan(0.01)
    expect(Math.abs(ring[i]![1] - y)).toBeLessThan(0.01)
  }
}

async function begin(
  page: Page,
  n: number,
): Promise<{
  workspace: Workspace
  input: string
  at: (x: number, y: number) => Pair
  size: { width: number; height: number }
}> {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, n)
  const size = await workspace.size()
  await page.keyboard.press('1')
  return { workspace, input, size, at: (x, y) => [size.width * x, size.height * y] }
}

/** Clicks the screen pixel nearest to an image pixel, slowly enough for no double click; tells what was clicked. */
async function click(workspace: Workspace, at: Pair): Promise<Pair> {
  const place = await workspace.toPage(...at)
  const [x, y] = [Math.round(place.x), Math.round(place.y)]
  await workspace.page.mouse.move(x, y, { steps: 2 })
  await workspace.page.mouse.click(x, y)
  await workspace.page.waitForTimeout(30)
  const exact = await workspace.toImage(x, y)
  return [exact.x, exact.y]
}

async function clickAll(workspace: Workspace, points: readonly Pair[]): Promise<readonly Pair[]> {
  const clicked: Pair[] = []
  for (const point of points) clicked.push(await click(workspace, point))
  return clicked
}

test('draws by clicks, closes at the first vertex, edits vertices, and the server has every point', async ({
  page,
}) => {
  const { workspace, input, at, size } = await begin(page, 0)
  await workspace.tool('Polygon')
  const drawn = await clickAll(workspace, [at(0.2, 0.2), at(0.5, 0.15), at(0.55, 0.6), at(0.3, 0.7)])
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+Shift+z')
  await click(workspace, at(0.2, 0.2))
  await expect(workspace.regions).toHaveCount(1)
  await expect.poll(async () => ringOf((await stored(input))[0], size).length).toBe(drawn.length)
  expectRing(ringOf((await stored(input))[0], size), drawn)

  // with Select: put a vertex into an edge and move it in one drag, then delete another
  await workspace.tool('Select')
  const middle: Pair = [(drawn[0]![0] + drawn[1]![0]) / 2, (drawn[0]![1] + drawn[1]![1]) / 2]
  const moved = await workspace.drag(middle, at(0.35, 0.08))
  await page.waitForTimeout(300) // what follows within a quarter of a second is the same step (editor/history.ts)
  await page.keyboard.down('Alt')
  await click(workspace, drawn[3]!)
  await page.keyboard.up('Alt')
  await workspace.saved()
  const ring = ringOf((await stored(input))[0], size)
  expect(ring).toHaveLength(4)
  expect(Math.abs(ring[1]![0] - (middle[0] + moved.right - moved.left))).toBeLessThan(1)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await workspace.saved()
  expectRing(ringOf((await stored(input))[0], size), drawn)
})

test('draws freehand, closes on a double click, and simplifies with the chip', async ({ page }) => {
  const { workspace, input, at, size } = await begin(page, 1)
  await page.keyboard.press('p')
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'polygon')
  const start = await workspace.toPage(...at(0.5, 0.3))
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  for (let i = 1; i <= 120; i++) {
    const turn = (i / 120) * 2 * Math.PI
    const place = await workspace.toPage(
      size.width * (0.5 + 0.15 * Math.sin(turn)),
      size.height * (0.5 - 0.2 * Math.cos(turn)),
    )
    await page.mouse.move(place.x, place.y)
  }
  await page.mouse.up()
  await expect(workspace.regions).toHaveCount(1)
  const chip = page.getByRole('region', { name: 'Simplify the polygon' })
  await expect(chip).toContainText(/\d+ points, max error \d+(\.\d)? px/)
  await workspace.saved()
  const before = ringOf((await stored(input))[0], size).length
  expect(before).toBeGreaterThan(12)
  await chip.getByRole('slider').focus()
  for (let i = 0; i < 15; i++) await page.keyboard.press('ArrowRight')
  await workspace.saved()
  await expect.poll(async () => ringOf((await stored(input))[0], size).length).toBeLessThan(before)

  await chip.getByRole('button').click()
  await expect(chip).toHaveCount(0)
  await workspace.tool('Polygon')
  const drawn = await clickAll(workspace, [at(0.05, 0.05), at(0.2, 0.05)])
  const last = await workspace.toPage(...at(0.1, 0.3))
  await page.mouse.dblclick(Math.round(last.x), Math.round(last.y))
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()
  const ring = ringOf((await stored(input))[1], size)
  expect(ring).toHaveLength(3)
  expectRing(ring.slice(0, 2), drawn)
})

test('follows a neighbour by one click, moves shared vertices, unites, cuts and holes; undo takes all of it back', async ({
  page,
}) => {
  const { workspace, input, at, size } = await begin(page, 2)
  await workspace.tool('Polygon')
  const first = await clickAll(workspace, [at(0.2, 0.2), at(0.4, 0.25), at(0.42, 0.5), at(0.38, 0.7), at(0.2, 0.7)])
  await page.keyboard.press('Enter')
  await expect(workspace.regions).toHaveCount(1)
  // from its second corner to its fourth: one click follows the contour over the third
  await click(workspace, first[1]!)
  await click(workspace, first[3]!)
  const rest = await clickAll(workspace, [at(0.7, 0.7), at(0.7, 0.25)])
  await page.keyboard.press('Enter')
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()
  expectRing(ringOf((await stored(input))[1], size), [first[1]!, first[2]!, first[3]!, ...rest])

  // the shared corner moves in both
  await workspace.tool('Select')
  await workspace.drag(first[2]!, at(0.5, 0.45))
  await workspace.saved()
  const [left, right] = await stored(input)
  expect(ringOf(left, size)[2]).toEqual(ringOf(right, size)[1])
  expect(Math.abs(ringOf(left, size)[2]![0] - size.width * 0.5)).toBeLessThan(2)

  // a hole: Alt at the first click inside the selected polygon
  await workspace.click(...at(0.3, 0.3))
  await page.keyboard.press('p')
  await page.keyboard.down('Alt')
  await click(workspace, at(0.25, 0.35))
  await page.keyboard.up('Alt')
  await clickAll(workspace, [at(0.35, 0.35), at(0.3, 0.5)])
  await page.keyboard.press('Enter')
  await workspace.saved()
  // one keyholed ring on the wire: five points, a bridge, three points, the way back
  expect(ringOf((await stored(input))[0], size)).toHaveLength(5 + 3 + 2)

  await page.keyboard.press('v')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('u')
  await expect(workspace.regions).toHaveCount(1)
  await page.keyboard.press('c')
  await click(workspace, at(0.1, 0.6))
  await click(workspace, at(0.9, 0.6))
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()
  expect(await stored(input)).toHaveLength(2)

  await page.reload()
  await workspace.ready()
  await expect(workspace.regions).toHaveCount(2)
  await workspace.canvas.focus()
  for (let i = 0; i < 6; i++) await page.keyboard.press('Control+z')
  await expect(workspace.regions).toHaveCount(0)
  await workspace.saved()
  expect(await stored(input)).toHaveLength(0)
})

test('LS#6174: zooming and panning in the middle of a polygon neither end nor move it; points are set and deleted', async ({
  page,
}) => {
  const { workspace, input, at, size } = await begin(page, 3)
  await workspace.tool('Polygon')
  const start = await clickAll(workspace, [at(0.3, 0.3), at(0.6, 0.3)])
  await page.mouse.wheel(0, -200)
  await page.keyboard.down('Space')
  await workspace.drag(at(0.5, 0.4), at(0.48, 0.42))
  await page.keyboard.up('Space')
  await page.keyboard.press('f')
  const end = await clickAll(workspace, [at(0.5, 0.6)])
  await page.keyboard.press('Enter')
  await expect(workspace.regions).toHaveCount(1)
  await workspace.tool('Point')
  const point = await click(workspace, at(0.8, 0.8))
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()
  const all = await stored(input)
  expectRing(ringOf(all[0], size), [...start, ...end])
  const set = all[1]?.data?.regions[0]?.region_info.point
  expect(Math.abs((set?.col ?? 0) * size.width - point[0])).toBeLessThan(0.01)
  await page.keyboard.down('Alt')
  await click(workspace, at(0.8, 0.8))
  await page.keyboard.up('Alt')
  await expect(workspace.regions).toHaveCount(1)
})
