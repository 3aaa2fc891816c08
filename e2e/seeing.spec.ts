import { expect, test } from '@playwright/test'
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
