import { readFileSync } from 'node:fs'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { unzipSync } from 'fflate'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn, Workspace } from '#e2e/workspace.ts'

/** clarifai.api.status.StatusCode */
const [SUCCESS, PENDING, AWAITING_REVIEW] = [24_150, 24_151, 24_157]
/** A verdict is sent when its Undo has gone, after ten seconds. */
const SENT = { timeout: 20_000 }

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

type Who = 'owner' | 'annotator' | 'reviewer'
const api = (who: Who) => new OfficialClient(server.port, server.credentials(who).pat)

interface Annotation {
  readonly id: string
  readonly user_id: string
  readonly task_id: string
  readonly status: { readonly code: number }
}

/** Statuses of the annotator's labels in a task on an input, as the official client reads them. */
async function statusesOn(input: string): Promise<readonly number[]> {
  const { annotations } = await api('owner').call<{ annotations: readonly Annotation[] }>('ListAnnotations', {
    input_ids: [input],
    list_all_annotations: true,
    page: 1,
    per_page: 100,
  })
  return annotations
    .filter(({ user_id, task_id }) => user_id === 'annotator' && task_id !== '')
    .map(({ status }) => status.code)
}

async function enter(browser: Browser, who: Who): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await signIn(page, server, who)
  return page
}

async function drawBox(page: Page, x: number): Promise<void> {
  const workspace = new Workspace(page)
  await workspace.ready()
  const before = await workspace.regions.count()
  const from = await workspace.toPage(x, 100)
  await page.keyboard.press('1')
  await page.keyboard.press('r')
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 40, from.y + 30)
  await page.mouse.move(from.x + 70, from.y + 60)
  await page.mouse.up()
  await expect(workspace.regions).toHaveCount(before + 1)
}

const inputOf = (page: Page): string => new URL(page.url()).pathname.split('/inputs/')[1] ?? ''
const app = (page: string) => `${server.url}/apps/owner/demo/${page}`

async function handOut(owner: Page): Promise<void> {
  await owner.goto(app('tasks'))
  await owner.getByRole('button', { name: 'New task' }).click()
  const dialog = owner.getByRole('dialog', { name: 'New task' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Harbour')
  for (const [field, person] of [
    ['Labelers', '(annotator)'],
    ['Reviewers', '(reviewer)'],
  ] as const) {
    await dialog.getByLabel(field, { exact: true }).and(owner.locator('input:not([type="hidden"])')).click()
    await owner.getByRole('option', { name: person }).click()
    await owner.keyboard.press('Tab')
  }
  await dialog.getByRole('button', { name: 'Create task' }).click()
  await expect(owner.getByRole('link', { name: 'Harbour' })).toBeVisible()
}

/** Opens what is next, draws a box and submits; returns the input. */
async function labelNext(annotator: Page, x: number): Promise<string> {
  await annotator.goto(app('work'))
  await annotator.getByRole('button', { name: 'Continue' }).click()
  await expect(annotator).toHaveURL(/\/inputs\//)
  const input = inputOf(annotator)
  await drawBox(annotator, x)
  await annotator.keyboard.press('Control+Enter')
  await expect.poll(() => statusesOn(input)).toContain(AWAITING_REVIEW)
  return input
}

async function judge(reviewer: Page, input: string, key: 'y' | 'u', reason?: string): Promise<void> {
  await reviewer.goto(app('review'))
  const cards = reviewer.getByRole('listbox', { name: 'Waiting for review' }).getByRole('option')
  await expect(cards).toHaveCount(1)
  await cards.first().focus()
  await reviewer.keyboard.press(key)
  if (reason !== undefined) {
    await reviewer.getByRole('textbox', { name: 'What should change' }).fill(reason)
    await reviewer.getByRole('dialog').getByRole('button', { name: 'Request changes' }).click()
  }
  await expect(reviewer.getByText('Nothing waits for your review')).toBeVisible()
  await expect.poll(() => statusesOn(input), SENT).not.toContain(AWAITING_REVIEW)
}

test('three people take images through the whole loop: hand out, label, send back, label again, approve', async ({
  browser,
}) => {
  test.slow()
  const owner = await enter(browser, 'owner')
  const annotator = await enter(browser, 'annotator')
  const reviewer = await enter(browser, 'reviewer')
  await handOut(owner)

  const done: string[] = []
  for (const round of [1, 2]) {
    await test.step(`image ${round}`, async () => {
      const reason = `The boat on the left is missing (${round})`
      const input = await labelNext(annotator, 60)
      expect(await statusesOn(input)).toEqual([AWAITING_REVIEW])

      await judge(reviewer, input, 'u', reason)
      expect(await statusesOn(input)).toEqual([PENDING])

      await annotator.goto(app('work'))
      const card = annotator.getByRole('region', { name: 'Continue' })
      await expect(card.getByText(reason)).toBeVisible()
      expect(await labelNext(annotator, 220)).toBe(input)
      expect(await statusesOn(input)).toEqual([AWAITING_REVIEW, AWAITING_REVIEW])

      await judge(reviewer, input, 'y')
      expect(await statusesOn(input)).toEqual([SUCCESS, SUCCESS])
      done.push(input)
    })
  }

  await test.step('the owner sees two images done', async () => {
    await owner.goto(app('tasks'))
    await owner.getByRole('link', { name: 'Harbour' }).click()
    await expect(owner.getByRole('region', { name: 'Work' })).toBeVisible()
    await expect(owner.getByRole('definition').last()).toHaveText('2')
  })

  await test.step('an export holds both', async () => {
    await owner.goto(app('exports'))
    await owner.getByRole('button', { name: 'New export' }).first().click()
    await owner.getByRole('button', { name: 'Export', exact: true }).click()
    const line = owner.getByRole('list', { name: 'Exports' }).getByRole('listitem').first()
    const waiting = owner.waitForEvent('download')
    await line.getByRole('link', { name: /^Download COCO/ }).click()
    const files = unzipSync(new Uint8Array(readFileSync(await (await waiting).path())))
    const coco = JSON.parse(Buffer.from(files['annotations/instances.json']!).toString()) as {
      images: { id: number; input_id: string }[]
      annotations: { image_id: number }[]
    }
    const count = (input: string) => {
      const image = coco.images.find(({ input_id }) => input_id === input)
      return coco.annotations.filter(({ image_id }) => image_id === image?.id).length
    }
    for (const input of done) expect(count(input)).toBeGreaterThanOrEqual(2)
  })
})
