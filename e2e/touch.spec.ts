import { type CDPSession, expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { storedShapes } from '#e2e/storedShapes.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'
import { maskArea } from '#geometry/mask.ts'
import type { Mask } from '#geometry/shape.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

// a tablet held sideways
test.use({ viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 })

interface Finger {
  readonly x: number
  readonly y: number
}

/** Fingers as the device itself would tell of them: through the browser, not by events made in the page. */
class Fingers {
  readonly #session: CDPSession
  readonly #page: Page

  private constructor(page: Page, session: CDPSession) {
    this.#page = page
    this.#session = session
  }

  static async on(page: Page): Promise<Fingers> {
    return new Fingers(page, await page.context().newCDPSession(page))
  }

  async #tell(type: 'touchStart' | 'touchMove' | 'touchEnd', fingers: readonly Finger[]): Promise<void> {
    const touchPoints = fingers.map(({ x, y }, id) => ({
      x: Math.round(x),
      y: Math.round(y),
      id,
      radiusX: 6,
      radiusY: 6,
    }))
    await this.#session.send('Input.dispatchTouchEvent', { type, touchPoints })
  }

  async tap(at: Finger): Promise<void> {
    await this.#tell('touchStart', [at])
    await this.#tell('touchEnd', [])
    // as quick as hands are, and no second half of a double tap
    await this.#page.waitForTimeout(450)
  }

  async drag(from: Finger, to: Finger): Promise<void> {
    await this.#tell('touchStart', [from])
    for (let i = 1; i <= 8; i++) {
      await this.#tell('touchMove', [{ x: from.x + ((to.x - from.x) * i) / 8, y: from.y + ((to.y - from.y) * i) / 8 }])
      await this.#page.waitForTimeout(16)
    }
    await this.#tell('touchEnd', [])
    await this.#page.waitForTimeout(450)
  }

  async hold(at: Finger, ms = 800): Promise<void> {
    await this.#tell('touchStart', [at])
    await this.#page.waitForTimeout(ms)
    await this.#tell('touchEnd', [])
  }

  /** Two fingers from `apart` to `to` screen px from one another, around a point that moves by (dx, dy). */
  async pinch(middle: Finger, apart: number, to: number, dx = 0, dy = 0): Promise<void> {
    const at = (i: number): Finger[] => {
      const half = (apart + ((to - apart) * i) / 8) / 2
      const [x, y] = [middle.x + (dx * i) / 8, middle.y + (dy * i) / 8]
      return [
        { x: x - half, y },
        { x: x + half, y },
      ]
    }
    await this.#tell('touchStart', at(0).slice(0, 1))
    await this.#tell('touchStart', at(0))
    for (let i = 1; i <= 8; i++) {
      await this.#tell('touchMove', at(i))
      await this.#page.waitForTimeout(16)
    }
    await this.#tell('touchEnd', at(8).slice(0, 1))
    await this.#tell('touchEnd', [])
    await this.#page.waitForTimeout(450)
  }
}

const client = () => new OfficialClient(server.port, server.credentials('owner').pat)

async function open(page: Page, n: number) {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, n)
  const size = await workspace.size()
  const at = (x: number, y: number) => workspace.toPage(size.width * x, size.height * y)
  const tool = async (name: string) => {
    await page.getByRole('radio', { name, exact: true }).tap()
    await expect(workspace.canvas).toHaveAttribute('data-tool', name.toLowerCase())
  }
  return { workspace, input, at, tool, fingers: await Fingers.on(page) }
}

const scale = async (workspace: Workspace) => Number(await workspace.canvas.getAttribute('data-scale'))

test('Box (CVAT#3744, CVAT#6681): a finger draws, two fingers zoom and pan in the middle of it, a pinch draws nothing', async ({
  page,
}) => {
  const { workspace, input, at, tool, fingers } = await open(page, 0)
  await page.getByRole('listbox', { name: 'Concepts' }).getByRole('option').first().tap()
  await tool('Box')
  await fingers.drag(await at(0.2, 0.2), await at(0.5, 0.5))
  await expect(workspace.regions).toHaveCount(1)
  await workspace.saved()
  const box = (await client().regions(input))[0]?.data?.regions[0]?.region_info.bounding_box
  expect(box?.left_col).toBeCloseTo(0.2, 2)
  expect(box?.bottom_row).toBeCloseTo(0.5, 2)

  const before = await scale(workspace)
  await fingers.pinch(await at(0.6, 0.6), 80, 240)
  expect((await scale(workspace)) / before).toBeGreaterThan(2)
  const origin = await workspace.toPage(0, 0)
  await fingers.pinch(await at(0.6, 0.6), 120, 120, 60, -40)
  const moved = await workspace.toPage(0, 0)
  expect(Math.abs(moved.x - origin.x - 60)).toBeLessThan(12)
  expect(Math.abs(moved.y - origin.y + 40)).toBeLessThan(12)
  await expect(workspace.regions).toHaveCount(1)

  // two taps are two corners, with a pinch between them
  await page.getByRole('button', { name: 'Fit', exact: true }).tap()
  await fingers.tap(await at(0.6, 0.6))
  await fingers.pinch(await at(0.5, 0.5), 100, 130)
  await fingers.tap(await at(0.75, 0.8))
  await expect(workspace.regions).toHaveCount(2)

  // the tool in hand, pressed again, offers other ways to draw: three taps are a rotated box
  await page.getByRole('radio', { name: 'Box', exact: true }).tap()
  await page.getByRole('menuitem', { name: /^Rotated box/ }).tap()
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'rotated')
  await page.getByRole('button', { name: 'Fit', exact: true }).tap()
  await fingers.tap(await at(0.1, 0.7))
  await fingers.tap(await at(0.2, 0.6))
  await fingers.tap(await at(0.3, 0.7))
  await expect(workspace.regions).toHaveCount(3)
  await workspace.saved()
  expect((await storedShapes(server, input, await workspace.size()))[2]?.ring).toHaveLength(4)
})

test('Select: a tap selects, a drag moves, a handle resizes, a long press opens the menu and it stays open', async ({
  page,
}) => {
  const { workspace, input, at, tool, fingers } = await open(page, 1)
  await page.getByRole('listbox', { name: 'Concepts' }).getByRole('option').first().tap()
  await tool('Box')
  await fingers.drag(await at(0.3, 0.3), await at(0.6, 0.6))
  await tool('Select')
  await fingers.tap(await at(0.05, 0.05)) // nothing there
  await expect(workspace.regions.first()).toHaveAttribute('aria-selected', 'false')
  await fingers.tap(await at(0.4, 0.5))
  await expect(workspace.regions.first()).toHaveAttribute('aria-selected', 'true')
  await fingers.drag(await at(0.4, 0.5), await at(0.5, 0.55))
  await workspace.saved()
  const box = async () => (await client().regions(input))[0]?.data?.regions[0]?.region_info.bounding_box
  await expect.poll(async () => (await box())?.left_col).toBeCloseTo(0.4, 2)
  // a finger is thick: 12 px beside the corner is on it
  const corner = await at(0.7, 0.65)
  await fingers.drag({ x: corner.x + 8, y: corner.y + 8 }, { x: corner.x + 48, y: corner.y + 8 })
  const wider = (await workspace.toImage(corner.x + 40, 0)).x / (await workspace.size()).width
  await expect.poll(async () => (await box())?.right_col).toBeCloseTo(wider, 2)

  await fingers.hold(await at(0.5, 0.6))
  const menu = page.getByRole('menu')
  await expect(menu.getByRole('menuitem', { name: /Duplicate/ })).toBeVisible()
  await page.waitForTimeout(500)
  await expect(menu).toBeVisible()
  await menu.getByRole('menuitem', { name: /Duplicate/ }).tap()
  await expect(workspace.regions).toHaveCount(2)
  await page.getByRole('button', { name: 'Undo', exact: true }).tap()
  await expect(workspace.regions).toHaveCount(1)
})

test('Polygon: taps set vertices, a finger draws freehand, a long press closes', async ({ page }) => {
  const { workspace, input, at, tool, fingers } = await open(page, 2)
  await page.getByRole('listbox', { name: 'Concepts' }).getByRole('option').first().tap()
  await tool('Polygon')
  await fingers.tap(await at(0.2, 0.2))
  await fingers.tap(await at(0.5, 0.2))
  await fingers.pinch(await at(0.5, 0.5), 100, 120) // looking closer loses nothing
  await fingers.tap(await at(0.5, 0.5))
  await fingers.hold(await at(0.3, 0.6), 900)
  await expect(workspace.regions).toHaveCount(1)
  await workspace.saved()
  const [stored] = (await client().regions(input)) as unknown as readonly {
    data: { regions: readonly { region_info: { polygon: { points: readonly { row: number; col: number }[] } } }[] }
  }[]
  const points = stored?.data.regions[0]?.region_info.polygon.points ?? []
  expect(points.length).toBeGreaterThanOrEqual(3)
  expect(points[1]?.col).toBeCloseTo(0.5, 2)
  expect(points[1]?.row).toBeCloseTo(0.2, 2)
})

test('Brush, Eraser, Point: a finger paints, takes away and sets points', async ({ page }) => {
  const { workspace, input, at, tool, fingers } = await open(page, 4)
  const size = await workspace.size()
  const shapes = async () => {
    await workspace.saved()
    return storedShapes(server, input, size)
  }
  await page.getByRole('listbox', { name: 'Concepts' }).getByRole('option').first().tap()
  await tool('Brush')
  await fingers.drag(await at(0.3, 0.5), await at(0.6, 0.5))
  await expect(workspace.regions).toHaveCount(1)
  const painted = maskArea((await shapes())[0]?.mask as Mask)
  expect(painted).toBeGreaterThan(size.width * 0.3)
  await fingers.pinch(await at(0.5, 0.5), 100, 140) // looking closer paints nothing
  expect(maskArea((await shapes())[0]?.mask as Mask)).toBe(painted)
  await tool('Eraser')
  await fingers.drag(await at(0.45, 0.45), await at(0.45, 0.55))
  await expect.poll(async () => maskArea((await shapes())[0]?.mask as Mask)).toBeLessThan(painted)

  await tool('Point')
  await fingers.tap(await at(0.7, 0.4))
  await expect(workspace.regions).toHaveCount(2)
  expect(((await shapes())[1]?.point?.[0] ?? 0) / size.width).toBeCloseTo(0.7, 2)
})

test('what is tapped is as large as a finger, and nothing of the page is cut off', async ({ page }) => {
  await open(page, 3)
  const small: string[] = []
  for (const control of await page.locator('button:visible, [role=option]:visible, [role=radio]:visible').all()) {
    const frame = await control.boundingBox()
    if (frame && frame.height < 36 && frame.width < 200)
      small.push(
        `${await control.evaluate((element) => element.getAttribute('aria-label') ?? element.textContent)}: ${Math.round(frame.width)}×${Math.round(frame.height)}`,
      )
  }
  expect(small).toEqual([])
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
})
