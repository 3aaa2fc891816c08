import { expect, test } from '@playwright/test'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

test('how things are shown changes the picture alone, no data, and is remembered', async ({ page }) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.open(server, 1)
  /** The layers' filters, lowest first: the picture's, then those of regions and what lies over them. */
  const filters = () =>
    workspace.canvas
      .locator('canvas')
      .evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).style.filter))
  expect((await filters()).every((filter) => filter === '')).toBe(true)

  await page.keyboard.press('j')
  const panel = page.getByRole('dialog', { name: 'Display' })
  await expect(panel.getByRole('slider', { name: 'Brightness' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await panel.getByText('All', { exact: true }).click()
  await panel.getByLabel('Invert the picture').click()
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  const [picture, ...others] = await filters()
  expect(picture).toBe('brightness(1.05) invert(1)')
  expect(others.every((filter) => filter === '')).toBe(true)
  await expect(page.getByRole('button', { name: 'Display, the picture is adjusted' })).toBeVisible()
  await expect(workspace.status).toHaveAttribute('data-save', 'saved')

  await page.reload()
  await workspace.ready()
  expect((await filters())[0]).toBe('brightness(1.05) invert(1)')
  await workspace.canvas.focus()
  await page.keyboard.press('Shift+J')
  expect((await filters())[0]).toBe('')
})
