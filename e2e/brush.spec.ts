import { expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'
import { strokeSpans } from '#geometry/brush.ts'
import { Spans, subtractMasks, unionMasks } from '#geometry/mask.ts'
import type { Mask } from '#geometry/shape.ts'
import { maskFromPng } from '#model/maskPng.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

type Pair = readonly [x: number, y: number]

interface Stored {
  readonly data: {
    readonly regions: readonly {
      readonly region_info: { readonly mask: { readonly image: { readonly base64: Uint8Array } } | null }
      readonly data: { readonly concepts: readonly { readonly id: string }[] } | null
    }[]
  } | null
}

async function begin(page: Page, n: number) {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, n)
  const size = await workspace.size()
  await page.keyboard.press('1')
  /** The masks that the official client reads, oldest first. */
  const masks = async (): Promise<readonly (Mask | undefined)[]> => {
    const client = new OfficialClient(server.port, server.credentials('owner').pat)
    const all = (await client.regions(input)) as unknown as Stored[]
    return all.flatMap(({ data }) =>
      (data?.regions ?? []).flatMap(({ region_info: { mask } }) =>
        mask ? [maskFromPng(new Uint8Array(mask.image.base64), size)] : [],
      ),
    )
  }
  const at = async (x: number, y: number): Promise<Pair> => {
    const place = await workspace.toPage(size.width * x, size.height * y)
    return [Math.round(place.x), Math.round(place.y)]
  }
  return { workspace, input, size, masks, at }
}

type Begun = Awaited<ReturnType<typeof begin>>

/** Paints a level line with the mouse; answers with the pixels that are to be painted. */
async function paint({ workspace }: Begun, from: Pair, to: Pair, size: number): Promise<Mask> {
  const { mouse } = workspace.page
  const y = from[1]
  await mouse.move(from[0], y)
  await mouse.down()
  await mouse.move(to[0], y, { steps: 7 })
  await mouse.up()
  return line(workspace, from, [to[0], y], size)
}

async function line(workspace: Workspace, from: Pair, to: Pair, size: number): Promise<Mask> {
  const [a, b] = [await workspace.toImage(...from), await workspace.toImage(...to)]
  const spans = new Spans()
  strokeSpans([a.x, a.y], [b.x, b.y], { shape: 'circle', size }, spans.add)
  const mask = spans.toMask()
  if (!mask) throw new Error('a stroke of no pixel')
  return mask
}

async function setSize(page: Page, size: number): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Brush size in pixels' })
  await field.fill(String(size))
  await field.press('Tab')
  await page.getByRole('application', { name: 'Canvas' }).focus()
}

test('what is painted and erased is what is saved, bit for bit, and what is there after a reload (LS#909)', async ({
  page,
}) => {
  const begun = await begin(page, 0)
  const { workspace, masks, at, input } = begun
  await page.keyboard.press('b')
  await setSize(page, 30)
  const first = await paint(begun, await at(0.3, 0.5), await at(0.6, 0.5), 30)
  const second = await paint(begun, await at(0.5, 0.52), await at(0.7, 0.52), 30)
  await page.keyboard.press('e')
  const gone = await paint(begun, await at(0.4, 0.5), await at(0.45, 0.5), 30)
  const both = unionMasks(first, second)
  const expected = both && subtractMasks(both, gone)
  await expect(workspace.regions).toHaveCount(1)
  await workspace.saved()
  expect(await masks()).toEqual([expected])

  await workspace.openInput(server, input)
  await expect(workspace.regions).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await workspace.saved()
  await expect.poll(masks).toEqual([both])
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(workspace.regions).toHaveCount(0)
  await workspace.saved()
  expect(await masks()).toEqual([])
})

test('Enter begins the next mask, and Overwrite takes pixels of the one before in the same step', async ({ page }) => {
  const begun = await begin(page, 1)
  const { workspace, masks, at } = begun
  await page.keyboard.press('b')
  await setSize(page, 40)
  const first = await paint(begun, await at(0.3, 0.4), await at(0.6, 0.4), 40)
  await page.keyboard.press('Enter')
  await page.getByRole('radiogroup', { name: 'Where masks overlap' }).getByText('Overwrite').click()
  await workspace.canvas.focus()
  const second = await paint(begun, await at(0.5, 0.41), await at(0.7, 0.41), 40)
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()
  expect(await masks()).toEqual([subtractMasks(first, second), second])
  await page.keyboard.press('Control+z')
  await workspace.saved()
  await expect.poll(masks).toEqual([first])
  await page.getByRole('radiogroup', { name: 'Where masks overlap' }).getByText('Overlay').click()
})

test('a stroke under way is kept when the next image is opened in its middle', async ({ page }) => {
  const begun = await begin(page, 2)
  const { workspace, masks, at, input } = begun
  await page.keyboard.press('b')
  await setSize(page, 30)
  const [from, to] = [await at(0.3, 0.5), await at(0.6, 0.5)]
  await page.mouse.move(...from)
  await page.mouse.down()
  await page.mouse.move(to[0], from[1], { steps: 5 })
  const expected = await line(workspace, from, [to[0], from[1]], 30)
  await page.keyboard.press('d')
  await expect(page).not.toHaveURL(new RegExp(input))
  await page.mouse.up()
  await workspace.saved()
  await expect.poll(masks).toEqual([expected])
})

test('a pen paints by its pressure when that is on, and erases with its other end (CVAT#10592)', async ({ page }) => {
  const begun = await begin(page, 3)
  const { workspace, masks, at } = begun
  await page.keyboard.press('b')
  await setSize(page, 40)
  await page.getByRole('button', { name: 'More brush options' }).click()
  await page.getByRole('switch', { name: "A pen's pressure changes the size" }).press('Space')
  await page.keyboard.press('Escape')
  await expect(page.getByText("A pen's pressure changes the size")).toBeHidden()
  const pen = (from: Pair, to: Pair, pressure: number, button: number) =>
    page.evaluate(
      ({ from, to, pressure, button }) => {
        const surface = document.querySelector('[role=application]')!
        const buttons = button === 5 ? 32 : 1
        const tell = (type: string, [x, y]: readonly [number, number], facts: PointerEventInit) =>
          surface.dispatchEvent(
            new PointerEvent(type, {
              pointerId: 7,
              pointerType: 'pen',
              isPrimary: true,
              bubbles: true,
              cancelable: true,
              clientX: x,
              clientY: y,
              pressure,
              ...facts,
            }),
          )
        tell('pointerdown', from, { button, buttons })
        for (let i = 1; i <= 8; i++)
          tell('pointermove', [from[0] + ((to[0] - from[0]) * i) / 8, from[1]], { button: -1, buttons })
        tell('pointerup', to, { button, buttons: 0, pressure: 0 })
      },
      { from, to, pressure, button },
    )
  const [a, b, c, d] = [await at(0.3, 0.5), await at(0.6, 0.5), await at(0.4, 0.5), await at(0.5, 0.5)]
  await pen(a, b, 0.5, 0)
  await pen(c, [d[0], c[1]], 0.25, 5)
  await expect(workspace.regions).toHaveCount(1)
  await workspace.saved()
  const painted = await line(workspace, a, [b[0], a[1]], 20)
  const gone = await line(workspace, c, [d[0], c[1]], 10)
  expect(await masks()).toEqual([subtractMasks(painted, gone)])
})

test('a dense screen stays sharp while one paints, and what is saved is the same (CVAT#11119)', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 })
  const page = await context.newPage()
  const begun = await begin(page, 4)
  const { workspace, masks, at } = begun
  await page.keyboard.press('b')
  await setSize(page, 30)
  const [from, to] = [await at(0.3, 0.5), await at(0.6, 0.5)]
  await page.mouse.move(...from)
  await page.mouse.down()
  await page.mouse.move(to[0], from[1], { steps: 7 })
  const expected = await line(workspace, from, [to[0], from[1]], 30)
  const [frame, scale] = [(await workspace.canvas.boundingBox())!, await workspace.canvas.getAttribute('data-scale')]
  const middle = (from[0] + to[0]) / 2 - frame.x
  /** rows of the screen's own pixels that the stroke under way covers in its middle, from the top of the canvas */
  const rows = () =>
    workspace.canvas.evaluate((root, x) => {
      const layers = [...root.querySelectorAll('canvas')].filter(({ style }) => style.visibility !== 'hidden')
      return layers.map((layer) => {
        const { data, height } = layer.getContext('2d')!.getImageData(Math.round(2 * x), 0, 1, layer.height)
        const painted = Array.from({ length: height }, (_, y) => y).filter((y) => data[4 * y + 3]! > 0)
        return {
          dense: layer.width === 2 * Math.floor(root.clientWidth) && layer.height === 2 * Math.floor(root.clientHeight),
          rows: [painted[0], painted.at(-1), painted.length],
        }
      })
    }, middle)
  const top = 2 * ((await workspace.toPage(0, expected.y)).y - frame.y)
  const tall = 2 * Number(scale) * expected.h
  const stroke = (all: Awaited<ReturnType<typeof rows>>) => all.find(({ rows: [, , n] }) => n && n < tall + 3)
  await expect.poll(async () => stroke(await rows())).toBeDefined()
  const layers = await rows()
  expect(layers.map(({ dense }) => dense)).toEqual(layers.map(() => true))
  const [first, last] = stroke(layers)!.rows
  // to the pixel of the screen, of which there are two in each of the page
  expect(Math.abs(first! - top)).toBeLessThanOrEqual(1)
  expect(Math.abs(last! + 1 - (top + tall))).toBeLessThanOrEqual(1)
  await page.mouse.up()
  await workspace.saved()
  expect(await masks()).toEqual([expected])
  await context.close()
})
