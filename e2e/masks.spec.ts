import { expect, type Page, test } from '@playwright/test'
import { TestServer } from '#e2e/server.ts'
import { storedShapes } from '#e2e/storedShapes.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'
import { maskArea, maskContains, subtractMasks } from '#geometry/mask.ts'
import { ringArea } from '#geometry/polygon.ts'
import type { Mask } from '#geometry/shape.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

type Pair = readonly [x: number, y: number]

async function begin(page: Page, n: number) {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, n)
  const size = await workspace.size()
  await page.keyboard.press('1')
  const at = (x: number, y: number): Pair => [size.width * x, size.height * y]
  const shapes = async () => {
    await workspace.saved()
    return storedShapes(server, input, size)
  }
  /** Along a way of image px, with the button down. */
  const trace = async (...way: readonly Pair[]) => {
    for (const [i, place] of way.entries()) {
      const { x, y } = await workspace.toPage(...place)
      await page.mouse.move(Math.round(x), Math.round(y), { steps: i === 0 ? 1 : 5 })
      if (i === 0) await page.mouse.down()
    }
    await page.mouse.up()
  }
  const menu = async (place: Pair, name: RegExp) => {
    const { x, y } = await workspace.toPage(...place)
    await page.mouse.click(x, y, { button: 'right' })
    await page.getByRole('menuitem', { name: 'Shape' }).hover()
    await page.getByRole('menuitem', { name }).click()
  }
  return { workspace, at, shapes, trace, menu }
}

test('a ring is painted, made a polygon with its hole and a mask again, filled by the bucket, and grown by the lasso', async ({
  page,
}) => {
  const { workspace, at, shapes, trace, menu } = await begin(page, 0)
  await page.keyboard.press('b')
  await page.getByRole('textbox', { name: 'Brush size in pixels' }).fill('24')
  await page.keyboard.press('Enter') // the keyboard is the canvas's again
  await expect(workspace.canvas).toBeFocused()
  const [topLeft, topRight, bottomRight, bottomLeft] = [at(0.3, 0.3), at(0.6, 0.3), at(0.6, 0.6), at(0.3, 0.6)]
  const [inX, inY] = at(0.45, 0.45).map(Math.round) as [number, number]
  await trace(topLeft, topRight, bottomRight, bottomLeft, topLeft)
  const ring = (await shapes())[0]?.mask as Mask
  expect(maskContains(ring, inX, inY)).toBe(false)

  await page.keyboard.press('v')
  await menu(topLeft, /To polygon/)
  await expect(page.getByRole('button', { name: 'Convert', exact: true })).toBeVisible()
  await expect(workspace.canvas).toBeFocused()
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await shapes())[0]?.ring?.length ?? 0).toBeGreaterThan(8)
  // keyholed: the area of the ring on the wire is that of the mask, without its hole
  const keyholed = (await shapes())[0]?.ring ?? []
  expect(Math.abs(Math.abs(ringArea(keyholed)) - maskArea(ring)) / maskArea(ring)).toBeLessThan(0.02)
  await menu(topLeft, /To mask/)
  await expect.poll(async () => (await shapes())[0]?.mask !== undefined).toBe(true)
  const again = (await shapes())[0]?.mask as Mask
  expect(maskContains(again, inX, inY)).toBe(false)
  const differ = [subtractMasks(ring, again), subtractMasks(again, ring)].map((rest) => (rest ? maskArea(rest) : 0))
  expect((differ[0]! + differ[1]!) / maskArea(ring)).toBeLessThan(0.03)

  await page.keyboard.press('b')
  await page.keyboard.press('g')
  await workspace.click(inX, inY)
  await expect.poll(async () => maskContains((await shapes())[0]?.mask as Mask, inX, inY)).toBe(true)
  const filled = maskArea((await shapes())[0]?.mask as Mask)
  await page.keyboard.press('l')
  await expect(workspace.canvas).toHaveAttribute('data-tool', 'lasso')
  await trace(at(0.58, 0.4), at(0.8, 0.4), at(0.8, 0.5), at(0.58, 0.5), at(0.58, 0.4))
  const [farX, farY] = at(0.75, 0.45).map(Math.round) as [number, number]
  await expect.poll(async () => maskContains((await shapes())[0]?.mask as Mask, farX, farY)).toBe(true)
  expect(maskArea((await shapes())[0]?.mask as Mask)).toBeGreaterThan(filled)
  await expect(workspace.regions).toHaveCount(1)
  // each of it is one step
  for (let i = 0; i < 4; i++) await page.keyboard.press('Control+z')
  await expect.poll(async () => maskArea((await shapes())[0]?.mask as Mask)).toBe(maskArea(ring))
})

test('two boxes are subtracted and intersected', async ({ page }) => {
  const { workspace, at, shapes } = await begin(page, 1)
  await workspace.tool('Box')
  const a = await workspace.drag(at(0.2, 0.2), at(0.5, 0.5))
  const b = await workspace.drag(at(0.4, 0.4), at(0.7, 0.7))
  const common = (a.right - b.left) * (a.bottom - b.top)
  const whole = (a.right - a.left) * (a.bottom - a.top)
  await page.keyboard.press('v')
  await workspace.regions.nth(1).click() // the older one, below
  await workspace.regions.nth(0).click({ modifiers: ['Control'] })
  await workspace.canvas.focus()
  await page.keyboard.press('Shift+U')
  await expect(workspace.regions).toHaveCount(1)
  await expect
    .poll(async () => Math.round(Math.abs(ringArea((await shapes())[0]?.ring ?? []))))
    .toBeCloseTo(Math.round(whole - common), -1)
  await page.keyboard.press('Control+z')
  await expect(workspace.regions).toHaveCount(2)
  await page.keyboard.press('Alt+u')
  await expect(workspace.regions).toHaveCount(1)
  const left = async () => {
    const [only] = await shapes()
    return only?.box ? only.box.left : Math.min(...(only?.ring ?? []).map(([x]) => x))
  }
  await expect.poll(left).toBeCloseTo(b.left, 1)
})
