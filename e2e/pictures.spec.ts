import { expect, type Page, test } from '@playwright/test'
import sharp from 'sharp'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

async function add(id: string, bytes: Buffer): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${server.url}/v2/users/owner/apps/demo/inputs`, {
    method: 'POST',
    headers: { authorization: `Key ${server.credentials('owner').pat}`, 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: [{ id, data: { image: { base64: bytes.toString('base64') } } }] }),
  })
  return { status: answer.status, text: await answer.text() }
}

/** Red, green and blue of the screen where this image pixel is. */
async function colour(page: Page, workspace: Workspace, x: number, y: number): Promise<readonly number[]> {
  const at = await workspace.toPage(x, y)
  const shot = await page.screenshot({ clip: { x: Math.round(at.x), y: Math.round(at.y), width: 1, height: 1 } })
  return [...(await sharp(shot).removeAlpha().raw().toBuffer())]
}

const [width, height] = [320, 240]

/** A grey that rises from left to right. */
const ramp = (from: number, to: number) => (x: number) => from + ((to - from) * x) / (width - 1)

/** Two halves, the left one red. */
const halves = () =>
  sharp({ create: { width: 40, height: 20, channels: 3, background: '#0000ff' } }).composite([
    { input: { create: { width: 20, height: 20, channels: 3, background: '#ff0000' } }, left: 0, top: 0 },
  ])

test('a 16-bit picture of a 12-bit camera is seen, and through a window of its own values (CVAT#531, LS#3072)', async ({
  page,
}, testInfo) => {
  const grey = ramp(1000, 3000)
  const values = Uint16Array.from({ length: width * height }, (_, i) => Math.round(grey(i % width)))
  const png = await sharp(values, { raw: { width, height, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer()
  expect((await add('deep', png)).status).toBe(200)
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.openInput(server, 'deep')
  // of 65,536 values it has 2,000: as they are, the screen would show 8 greys near black
  await expect.poll(async () => (await colour(page, workspace, 160, 120))[0]).toBeGreaterThan(110)
  expect((await colour(page, workspace, 10, 120))[0]).toBeLessThan(20)
  expect((await colour(page, workspace, 310, 120))[0]).toBeGreaterThan(235)

  const asked = page.waitForRequest((request) => request.url().includes('window=1000-'))
  await page.keyboard.press('j')
  const white = page.getByRole('slider', { name: 'White from' })
  const thumb = (await white.boundingBox())!
  const black = (await page.getByRole('slider', { name: 'Black from' }).boundingBox())!
  await page.mouse.move(thumb.x + thumb.width / 2, thumb.y + thumb.height / 2)
  await page.mouse.down()
  await page.mouse.move((thumb.x + black.x) / 2 + thumb.width / 2, thumb.y + thumb.height / 2, { steps: 5 })
  await page.mouse.up()
  await expect(page.getByLabel('Black from, value of the picture')).toHaveValue('1000')
  await expect(page.getByLabel('White from, value of the picture')).toHaveValue(/^(19|20)\d\d$/)
  await asked
  await page.screenshot({ path: testInfo.outputPath('window.png') })
  await page.keyboard.press('Escape')
  await expect.poll(async () => (await colour(page, workspace, 200, 120))[0]).toBeGreaterThan(250)
  await expect.poll(async () => (await colour(page, workspace, 80, 120))[0]).toBeGreaterThan(110)
  await page.keyboard.press('Shift+J')
  await expect.poll(async () => (await colour(page, workspace, 80, 120))[0]).toBeLessThan(75)
})

test('equalising spreads greys that lie close together; regions keep their colours', async ({ page }) => {
  const grey = ramp(100, 110)
  const values = Uint8Array.from({ length: width * height }, (_, i) => Math.round(grey(i % width)))
  const png = await sharp(values, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()
  expect((await add('flat', png)).status).toBe(200)
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.openInput(server, 'flat')
  expect((await colour(page, workspace, 5, 120))[0]).toBeCloseTo(100, -1)
  await page.keyboard.press('j')
  await page.getByLabel('Equalise the picture').check()
  await page.keyboard.press('Escape')
  await expect.poll(async () => (await colour(page, workspace, 5, 120))[0]).toBeLessThan(30)
  expect((await colour(page, workspace, 315, 120))[0]).toBeGreaterThan(240)
  await page.keyboard.press('Shift+J')
})

test('what is transparent is seen as such', async ({ page }, testInfo) => {
  const png = await sharp({ create: { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .composite([{ input: { create: { width: 160, height, channels: 4, background: '#208040' } }, left: 0, top: 0 }])
    .png()
    .toBuffer()
  expect((await add('glass', png)).status).toBe(200)
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.openInput(server, 'glass')
  await expect.poll(() => colour(page, workspace, 80, 120)).toEqual([0x20, 0x80, 0x40])
  const behind = await colour(page, workspace, 240, 120)
  expect([
    [255, 255, 255],
    [220, 220, 220],
  ]).toContainEqual(behind)
  await page.screenshot({ path: testInfo.outputPath('checkerboard.png') })
})

test('one pixel, many frames, four inks, turned and upside down: each is shown as it is (CVAT#1059, #733, #738, X-AnyLabeling#1098)', async ({
  page,
}) => {
  const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer()
  const frames = Buffer.concat([
    Buffer.alloc(40 * 20 * 3, Buffer.from([255, 0, 0])),
    Buffer.alloc(40 * 20 * 3, Buffer.from([0, 0, 255])),
  ])
  const gif = await sharp(frames, { raw: { width: 40, height: 40, channels: 3, pageHeight: 20 } })
    .gif({ delay: [100, 100] })
    .toBuffer()
  const cmyk = await halves().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
  const turned = (orientation: number) =>
    halves().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).withMetadata({ orientation }).toBuffer()
  // size as displayed, and a place that is red then: inside of a pixel, whose edges have the grid
  const pictures: readonly (readonly [string, Buffer, number, number, number, number])[] = [
    ['dot', dot, 1, 1, 0.5, 0.5],
    ['frames', gif, 40, 20, 30.5, 10.5],
    ['inks', cmyk, 40, 20, 10.5, 10.5],
    ['turned3', await turned(3), 40, 20, 30.5, 10.5],
    ['turned6', await turned(6), 20, 40, 10.5, 10.5],
    ['turned8', await turned(8), 20, 40, 10.5, 30.5],
  ]
  for (const [id, bytes] of pictures) expect((await add(id, bytes)).status).toBe(200)
  await signIn(page, server)
  const workspace = new Workspace(page)
  for (const [id, , wide, high, x, y] of pictures) {
    await workspace.openInput(server, id)
    expect(await workspace.size()).toEqual({ width: wide, height: high })
    await expect
      .poll(async () => {
        const [red = 0, green = 0, blue = 0] = await colour(page, workspace, x, y)
        return red > 180 && green < 90 && blue < 90
      }, id)
      .toBe(true)
  }
})

test('a picture that cannot be had says why, its regions stay usable, and Try again brings it', async ({ page }) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 0)
  const size = await workspace.size()
  await workspace.tool('Box')
  await workspace.drag([size.width * 0.2, size.height * 0.2], [size.width * 0.4, size.height * 0.4])
  await workspace.saved()
  await page.route('**/media/**/display*', (route) => route.abort())
  await page.reload()
  await expect(page.getByText('The picture cannot be shown')).toBeVisible()
  await expect(workspace.regions).toHaveCount(1)
  await workspace.regions.first().click()
  await page.keyboard.press('Delete')
  await expect(workspace.regions).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(workspace.regions).toHaveCount(1)
  await page.unroute('**/media/**/display*')
  await page.getByRole('button', { name: /try again|retry/i }).click()
  await workspace.ready()
  expect(page.url()).toContain(input)
})

test('what is no picture is refused with the reason, and leaves nothing behind', async () => {
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#123456' } })
    .png({ compressionLevel: 0 })
    .toBuffer()
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic'), Buffer.alloc(64)])
  for (const [id, bytes, reason] of [
    ['cut', png.subarray(0, png.length / 2), 'damaged or cut off'],
    ['phone', heic, 'use JPEG, PNG'],
    ['empty', Buffer.from('hello'), 'use JPEG, PNG'],
  ] as const) {
    expect((await add(id, bytes)).text).toContain(reason)
    const gone = await fetch(`${server.url}/v2/users/owner/apps/demo/inputs/${id}`, {
      headers: { authorization: `Key ${server.credentials('owner').pat}` },
    })
    expect(gone.status).not.toBe(200)
  }
})
