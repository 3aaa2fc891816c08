import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

/** Pages of this slice; the workspace has tests of its own. */
const pages: [name: string, path: string, heading: RegExp][] = [
  ['apps', '/apps', /apps/i],
  ['overview', '/apps/owner/demo', /demo/i],
  ['inputs', '/apps/owner/demo/inputs', /inputs/i],
  ['concepts', '/apps/owner/demo/concepts', /concepts/i],
  ['people', '/apps/owner/demo/people', /people/i],
  ['exports', '/apps/owner/demo/exports', /exports/i],
  ['activity', '/apps/owner/demo/activity', /activity/i],
  ['work', '/apps/owner/demo/work', /work/i],
  ['review', '/apps/owner/demo/review', /review/i],
  ['tasks', '/apps/owner/demo/tasks', /tasks/i],
  ['exports', '/apps/owner/demo/exports', /exports|exported/i],
  ['activity', '/apps/owner/demo/activity', /activity/i],
  ['account', '/settings', /account|settings/i],
  ['keys', '/settings/keys', /keyboard shortcuts/i],
]
const looks = [
  { scheme: 'light', width: 1440, height: 900 },
  { scheme: 'dark', width: 1440, height: 900 },
  { scheme: 'light', width: 1024, height: 768 },
  { scheme: 'dark', width: 1024, height: 768 },
] as const

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}

async function shoot(page: Page, name: string): Promise<void> {
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
  expect(fits, `${name} scrolls sideways`).toBe(true)
  await page.screenshot({ path: `${process.env.SCREENS_DIR ?? 'test-results/screens'}/${name}.png` })
}

for (const { scheme, width, height } of looks)
  test(`every page in ${scheme} at ${width}×${height} fits and is accessible`, async ({ page }) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('401')) errors.push(message.text())
    })
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height })
    await page.goto(`${server.url}/sign-in`)
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await shoot(page, `sign-in-${scheme}-${width}`)
    await expectAccessible(page)
    await signIn(page, server)
    for (const [name, path, heading] of pages) {
      await page.goto(server.url + path)
      await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible()
      await page.waitForLoadState('networkidle')
      await shoot(page, `${name}-${scheme}-${width}`)
      await expectAccessible(page)
    }
    const workspace = new Workspace(page)
    await workspace.open(server, 0)
    const size = await workspace.size()
    await page.keyboard.press('1')
    await workspace.tool('Box')
    await workspace.drag([size.width * 0.3, size.height * 0.3], [size.width * 0.5, size.height * 0.6])
    await workspace.saved()
    await shoot(page, `workspace-${scheme}-${width}`)
    await expectAccessible(page)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
    await shoot(page, `shortcuts-${scheme}-${width}`)
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await shoot(page, `palette-${scheme}-${width}`)
    expect(errors).toEqual([])
  })

test('dropped files become inputs, and each refused one says why', async ({ page }) => {
  await signIn(page, server)
  await page.goto(`${server.url}/apps/owner/demo/inputs`)
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const files = [
    { name: 'tiny.png', mimeType: 'image/png', buffer: png },
    { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('this is no picture at all') },
  ]
  await page.locator('input[type=file]').first().setInputFiles(files)
  await expect(page.getByText('tiny.png').first()).toBeVisible()
  const client = new OfficialClient(server.port, server.credentials('owner').pat)
  const names = async () => {
    const answer = await client.call<{
      inputs: { data: { metadata: { fields: Record<string, { stringValue: string }> } } }[]
    }>('ListInputs', { page: 1, per_page: 100 })
    return answer.inputs.map((input) => input.data.metadata?.fields?.filename?.stringValue)
  }
  await expect.poll(names).toContain('tiny.png')
  expect(await names()).not.toContain('notes.png')
  await expect(page.getByText('notes.png').first()).toBeVisible()
})
