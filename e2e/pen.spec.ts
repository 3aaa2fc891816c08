import { type CDPSession, expect, type Page, test } from '@playwright/test'
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

type Pair = readonly [x: number, y: number]

/** A pen as the device itself would tell of it: through the browser, not by events made in the page. */
class Pen {
  readonly #session: CDPSession
  readonly #workspace: Workspace

  private constructor(session: CDPSession, workspace: Workspace) {
    this.#session = session
    this.#workspace = workspace
  }

  static async on(page: Page, workspace: Workspace): Promise<Pen> {
    return new Pen(await page.context().newCDPSession(page), workspace)
  }

  async #tell(type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', at: Pair, down: boolean, barrel: boolean) {
    const { x, y } = await this.#workspace.toPage(...at)
    const button = type === 'mouseMoved' && !down ? 'none' : barrel ? 'right' : 'left'
    await this.#session.send('Input.dispatchMouseEvent', {
      type,
      x: Math.round(x),
      y: Math.round(y),
      button,
      buttons: down ? (barrel ? 2 : 1) : 0,
      clickCount: type === 'mouseMoved' ? 0 : 1,
      force: down ? 0.5 : 0,
      pointerType: 'pen',
    })
  }

  async tap(at: Pair): Promise<void> {
    await this.draw([at])
    // no second half of a double tap
    await this.#workspace.page.waitForTimeout(450)
  }

  /** Along a way of image px; `barrel`: with its button held. */
  async draw(way: readonly Pair[], barrel = false): Promise<void> {
    const [first, ...rest] = way as [Pair, ...Pair[]]
    await this.#tell('mouseMoved', first, false, barrel)
    await this.#tell('mousePressed', first, true, barrel)
    let before = first
    for (const next of rest) {
      for (let i = 1; i <= 4; i++) {
        const part = (from: number, to: number) => from + ((to - from) * i) / 4
        await this.#tell('mouseMoved', [part(before[0], next[0]), part(before[1], next[1])], true, barrel)
      }
      before = next
    }
    await this.#tell('mouseReleased', before, false, barrel)
  }
}

test('a pen draws, selects, moves, paints and erases', async ({ page }) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 0)
  const size = await workspace.size()
  const at = (x: number, y: number): Pair => [size.width * x, size.height * y]
  const pen = await Pen.on(page, workspace)
  const shapes = async () => {
    await workspace.saved()
    return storedShapes(server, input, size)
  }
  await page.keyboard.press('1')

  await workspace.tool('Box')
  await pen.draw([at(0.1, 0.1), at(0.25, 0.3)])
  await workspace.tool('Select')
  await pen.tap(at(0.9, 0.9)) // nothing there
  await pen.tap(at(0.15, 0.2))
  await expect(workspace.regions.first()).toHaveAttribute('aria-selected', 'true')
  await pen.draw([at(0.15, 0.2), at(0.25, 0.25)])
  await expect.poll(async () => ((await shapes())[0]?.box?.left ?? 0) / size.width).toBeCloseTo(0.2, 2)

  await workspace.tool('Polygon')
  for (const corner of [at(0.5, 0.1), at(0.7, 0.1), at(0.7, 0.3)]) await pen.tap(corner)
  await pen.tap(at(0.5, 0.1)) // the first corner closes it
  await expect(workspace.regions).toHaveCount(2)
  const ring = (await shapes())[1]?.ring ?? []
  expect(ring).toHaveLength(3)
  expect((ring[2]?.[1] ?? 0) / size.height).toBeCloseTo(0.3, 2)

  await workspace.tool('Point')
  await pen.tap(at(0.85, 0.2))
  await expect(workspace.regions).toHaveCount(3)
  expect(((await shapes())[2]?.point?.[0] ?? 0) / size.width).toBeCloseTo(0.85, 2)

  await workspace.tool('Brush')
  await pen.draw([at(0.2, 0.6), at(0.6, 0.6)])
  await expect(workspace.regions).toHaveCount(4)
  const painted = maskArea((await shapes())[3]?.mask as Mask)
  // its barrel button erases, with the Brush in hand
  await pen.draw([at(0.4, 0.5), at(0.4, 0.7)], true)
  await expect.poll(async () => maskArea((await shapes())[3]?.mask as Mask)).toBeLessThan(painted)
  const barrel = maskArea((await shapes())[3]?.mask as Mask)
  await workspace.tool('Eraser')
  await pen.draw([at(0.5, 0.5), at(0.5, 0.7)])
  await expect.poll(async () => maskArea((await shapes())[3]?.mask as Mask)).toBeLessThan(barrel)
})
