import { expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

test.use({ serviceWorkers: 'allow' })

let server: TestServer
test.beforeEach(async () => {
  server = await TestServer.start()
})
test.afterEach(() => server.remove())

const client = () => new OfficialClient(server.port, server.credentials('owner').pat)

/** The page says that it is shown as this device kept it. */
const offline = (page: Page) => page.getByText('The server cannot be reached. You see')

/** The service worker has the whole app. */
const installed = (page: Page): Promise<unknown> => page.evaluate(() => navigator.serviceWorker.ready)

/** What the page has heard lies on the device: it is written a moment later. */
const written = (page: Page): Promise<void> => page.waitForTimeout(2500)

test('a page that is loaded again without a network opens, with the work in it, and goes on when the network is back', async ({
  page,
  context,
}) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server)
  await page.keyboard.press('1')
  await workspace.tool('Box')
  const { width, height } = await workspace.size()
  const box = (x: number) => workspace.drag([width * x, height * 0.2], [width * (x + 0.1), height * 0.4])
  await box(0.1)
  await workspace.saved()
  await installed(page)
  await written(page)

  await context.setOffline(true)
  await box(0.3)
  await expect(workspace.status).toHaveAttribute('data-save', /local|offline|saving/)
  await page.reload()
  await workspace.ready()
  await expect(offline(page)).toHaveCount(1)
  await expect(workspace.regions).toHaveCount(2)
  await expect(workspace.status).toHaveAttribute('data-save', /local|offline/)
  await workspace.tool('Box')
  await box(0.5)
  await expect(workspace.regions).toHaveCount(3)
  // the next image was got ready while there was a network
  await page.keyboard.press('d')
  await expect(page).not.toHaveURL(new RegExp(input))
  await workspace.ready()
  await page.reload()
  await workspace.ready()
  await page.keyboard.press('a')
  await workspace.ready()
  await expect(workspace.regions).toHaveCount(3)

  await context.setOffline(false)
  await expect(offline(page)).toHaveCount(0)
  await workspace.saved()
  expect(await client().regions(input)).toHaveLength(3)
})

test('a page that this device knows nothing of says that the work is safe, and goes on by itself', async ({
  page,
  context,
}) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.open(server)
  await installed(page)
  await context.setOffline(true)
  await page.goto(`${server.url}/apps/owner/demo/activity`)
  await expect(page.getByText(/cannot be reached|cannot reach its server/).first()).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByRole('heading', { name: 'Activity' })).toBeVisible()
})

test('the page is the server’s own as long as there is one, may do without it, and whoever signs out leaves nothing', async ({
  page,
}) => {
  await signIn(page, server)
  const workspace = new Workspace(page)
  const input = await workspace.open(server)
  await installed(page)
  await written(page)
  await page.reload() // the service worker has the page now
  await workspace.ready()
  expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  // what a deploy leaves on the device: a page that the server does not have any more
  await page.evaluate(async () => {
    const old = new Response('<!doctype html><title>Old</title>', { headers: { 'content-type': 'text/html' } })
    await (await caches.open('marquee-app')).put('/index.html', old)
  })
  await page.reload()
  await workspace.ready()
  await server.down('SIGKILL')
  await page.reload()
  await workspace.ready()
  await expect(offline(page)).toHaveCount(1)
  await server.up()
  await expect(offline(page)).toHaveCount(0)
  expect(page.url()).toContain(input)

  await page
    .getByRole('button', { name: /Account|owner/ })
    .last()
    .click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/sign-in/)
  const left = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('marquee-answers')
        opening.onsuccess = () => {
          const asked = opening.result.transaction('answers').objectStore('answers').getAllKeys()
          asked.onsuccess = () => resolve(asked.result.filter((key) => key !== 'session').length)
        }
      }),
  )
  expect(left).toBe(0)
})
