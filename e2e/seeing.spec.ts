import { expect, test } from '@playwright/test'
import sharp from 'sharp'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

test('a minimap shows the part in view while zoomed in, and a press on it leads there', async ({ page }, testInfo) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.open(server, 0)
  const minimap = page.getByTestId('minimap')
  await expect(minimap).toBeHidden()

  const frame = (await workspace.canvas.boundingBox())!
  await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2)
  for (let notch = 0; notch < 12; notch++) await page.mouse.wheel(0, -120)
  await expect(minimap).toBeVisible()
  await page.screenshot({ path: testInfo.outputPath('minimap.png') })

  const map = (await minimap.boundingBox())!
  await page.mouse.click(map.x + map.width / 4, map.y + map.height / 4)
  const { width, height } = await workspace.size()
  const middle = await workspace.toImage(frame.x + frame.width / 2, frame.y + frame.height / 2)
  expect(Math.abs(middle.x - width / 4)).toBeLessThan(width / map.width)
  expect(Math.abs(middle.y - height / 4)).toBeLessThan(height / map.height)

  // a press on it draws nothing
  await expect(workspace.status).toHaveAttribute('data-save', 'saved')
  await workspace.canvas.focus()
  await page.keyboard.press('f')
  await expect(minimap).toBeHidden()
})

test('a photograph too large to decode whole is shown by tiles, sharp where one looks (CVAT#3427, LS#317)', async ({
  page,
}, testInfo) => {
  // 12,000 × 9,000: red and blue squares of 100 px, so that every place is known by its colour
  const square = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#c02020' } })
    .png()
    .toBuffer()
  const pair = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#2040c0' } })
    .composite([
      { input: square, left: 0, top: 0 },
      { input: square, left: 100, top: 100 },
    ])
    .png()
    .toBuffer()
  const photograph = await sharp({ create: { width: 12_000, height: 9000, channels: 3, background: '#000' } })
    .composite([{ input: pair, tile: true, gravity: 'northwest' }])
    .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
    .toBuffer()
  const answer = await fetch(`${server.url}/v2/users/owner/apps/demo/inputs`, {
    method: 'POST',
    headers: { authorization: `Key ${server.credentials('owner').pat}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      inputs: [{ id: 'photograph', data: { image: { base64: photograph.toString('base64') } } }],
    }),
  })
  expect(answer.status).toBe(200)

  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.openInput(server, 'photograph')
  expect(await workspace.size()).toEqual({ width: 12_000, height: 9000 })
  await expect.poll(() => asked.filter((path) => path.includes('/photograph/tile/')).length).toBeGreaterThan(1)
  expect(asked.filter((path) => path.endsWith('/photograph/display'))).toEqual([])
  await page.screenshot({ path: testInfo.outputPath('fitted.png') })

  // the corner between four squares, at 175 %
  const frame = (await workspace.canvas.boundingBox())!
  await page.keyboard.press('Shift+F')
  await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2)
  for (let notch = 0; notch < 4; notch++) await page.mouse.wheel(0, -120)
  await page.screenshot({ path: testInfo.outputPath('zoomed.png') })
  const middle = await workspace.toImage(frame.x + frame.width / 2, frame.y + frame.height / 2)
  const corner = { x: Math.round(middle.x / 200) * 200, y: Math.round(middle.y / 200) * 200 }
  const colour = async (x: number, y: number) => {
    const at = await workspace.toPage(x, y)
    const shot = await page.screenshot({ clip: { x: Math.round(at.x), y: Math.round(at.y), width: 1, height: 1 } })
    const [red = 0, , blue = 0] = await sharp(shot).raw().toBuffer()
    return red > blue + 60 ? 'red' : blue > red + 60 ? 'blue' : `${red} ${blue}`
  }
  await expect.poll(() => asked.some((path) => path.includes('/photograph/tile/0/'))).toBe(true)
  await expect.poll(() => colour(corner.x + 5, corner.y + 5), { timeout: 20_000 }).toBe('red')
  await expect.poll(() => colour(corner.x - 5, corner.y - 5), { timeout: 20_000 }).toBe('red')
  await expect.poll(() => colour(corner.x + 5, corner.y - 5), { timeout: 20_000 }).toBe('blue')
  await page.screenshot({ path: testInfo.outputPath('zoomed.png') })
})
