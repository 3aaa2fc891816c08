import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from '#e2e/accessible.ts'
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
  ['work', '/apps/owner/demo/work', /work/i],
  ['review', '/apps/owner/demo/review', /review/i],
  ['tasks', '/apps/owner/demo/tasks', /tasks/i],
  ['exports', '/apps/owner/demo/exports', /exports|exported/i],
  ['activity', '/apps/owner/demo/activity', /activity/i],
  ['account', '/settings', /account|settings/i],
  ['keys', '/settings/keys', /keyboard shortcuts/i],
]

async function shoot(page: Page, name: string): Promise<void> {
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
  expect(fits, `${name} scrolls sideways`).toBe(true)
  await page.screenshot({ path: `${process.env.SCREENS_DIR ?? 'test-results/screens'}/${name}.png` })
}

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
] as const

for (const { width, height } of sizes)
  test(`every page at ${width}×${height} fits and is accessible, light and dark`, async ({ page }) => {
    test.setTimeout(600_000)
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('401')) errors.push(message.text())
    })
    // colours that fade from one look into the other would be measured half way
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height })
    /** One opening, seen in both looks. */
    const look = async (name: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
        await shoot(page, `${name}-${colorScheme}-${width}`)
        // what is named and how is the same in both: only colours differ
        await expectAccessible(page, colorScheme === 'dark' ? ['color-contrast'] : [])
      }
    }
    await page.goto(`${server.url}/sign-in`)
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await look('sign-in')
    await signIn(page, server)
    for (const [name, path, heading] of pages) {
      await page.goto(server.url + path)
      await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible()
      await page.waitForLoadState('networkidle')
      await look(name)
    }
    const workspace = new Workspace(page)
    await workspace.open(server, 0)
    const size = await workspace.size()
    await page.keyboard.press('1')
    await workspace.tool('Box')
    await workspace.drag([size.width * 0.3, size.height * 0.3], [size.width * 0.5, size.height * 0.6])
    await workspace.saved()
    await look('workspace')
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
    await look('shortcuts')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await look('palette')
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
