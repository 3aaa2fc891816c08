import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { unzipSync } from 'fflate'
import { expectAccessible } from '#e2e/accessible.ts'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { enter, leave, Workspace } from '#e2e/workspace.ts'

/** clarifai.api.status.StatusCode */
const [SUCCESS, PENDING, AWAITING_REVIEW] = [24_150, 24_151, 24_157]
/** A verdict is sent when its Undo has gone, after ten seconds. */
const SENT = { timeout: 40_000 }

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(async ({ browser }) => {
  await leave(browser)
  await server.remove()
})

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

/** Notes on an input by their author, as the official client reads them: `annotation_info.marquee.note`. */
async function notesOn(input: string, who: Who): Promise<readonly Record<string, unknown>[]> {
  const asked = { input_ids: [input], list_all_annotations: true, page: 1, per_page: 100 }
  const { annotations } = await api('owner').call<{
    annotations: readonly { user_id: string; annotation_info: unknown }[]
  }>('ListAnnotations', asked)
  return annotations
    .filter(({ user_id }) => user_id === who)
    .map(({ annotation_info }) => JSON.stringify(annotation_info))
    .filter((text) => text.includes('"note"'))
    .map((text) => JSON.parse(text) as Record<string, unknown>)
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

/** Opens the only image that waits, from the grid, by Enter. */
async function openWaiting(reviewer: Page): Promise<Workspace> {
  await reviewer.goto(app('review'))
  const cards = reviewer.getByRole('listbox', { name: 'Waiting for review' }).getByRole('option')
  await expect(cards).toHaveCount(1)
  await cards.first().focus()
  await reviewer.keyboard.press('Enter')
  await expect(reviewer.getByRole('region', { name: 'Review', exact: true })).toBeVisible()
  const workspace = new Workspace(reviewer)
  await workspace.ready()
  return workspace
}

/** Pins a note to the region there, then asks for changes by key. */
async function requestChanges(reviewer: Page, input: string, x: number, reason: string): Promise<void> {
  const workspace = await openWaiting(reviewer)
  const list = reviewer.getByRole('region', { name: 'Regions to review' })
  await expect(list.getByRole('listitem')).toHaveCount(1)
  const at = await workspace.toPage(x + 20, 110)
  await reviewer.mouse.move(at.x, at.y)
  await reviewer.mouse.click(at.x, at.y, { button: 'right' })
  await reviewer.getByRole('menuitem', { name: 'Note here…' }).click()
  const note = reviewer.getByRole('textbox', { name: 'Note', exact: true })
  await note.pressSequentially('@annotat')
  // Enter takes who is suggested first; the next sends the note
  await expect(reviewer.getByRole('listbox', { name: 'People' }).getByRole('option').first()).toHaveAttribute(
    'data-combobox-selected',
    'true',
  )
  await reviewer.keyboard.press('Enter')
  await expect(note).toHaveValue('@annotator ')
  await note.pressSequentially('too wide')
  await reviewer.keyboard.press('Enter')
  await expect(reviewer.getByRole('button', { name: /^Note 1: @annotator too wide/ })).toBeVisible()
  await expect.poll(async () => JSON.stringify(await notesOn(input, 'reviewer'))).toContain('too wide')
  await workspace.canvas.focus()
  await reviewer.keyboard.press('u')
  await reviewer.getByRole('textbox', { name: 'What should change' }).fill(reason)
  await reviewer.getByRole('dialog').getByRole('button', { name: 'Request changes' }).click()
  await expect.poll(() => statusesOn(input), SENT).not.toContain(AWAITING_REVIEW)
}

/** The same reviewer sees what is new since they sent it back, and approves. */
async function approve(reviewer: Page, owner: Page, input: string, from: 'picture' | 'grid'): Promise<void> {
  const workspace = await openWaiting(reviewer)
  await expect(reviewer.getByText('Round 2')).toBeVisible()
  await expect(reviewer.locator('[data-changes]')).toHaveAttribute('data-changes', '1')
  const notes = reviewer.getByRole('region', { name: 'Notes', exact: true })
  await expect(notes.getByRole('button', { name: /added$/ })).toBeVisible()
  await expectAccessible(reviewer)
  // who comes to the same work meanwhile is told, and offered something else
  await owner.goto(reviewer.url())
  await expect(owner.getByText('has it open to review now')).toBeVisible()
  await expect(owner.getByRole('button', { name: 'Approve', exact: true })).toBeHidden()
  // what is still pinned as wrong is asked about before it is approved; its answer settles it
  await notes
    .getByRole('listitem')
    .filter({ hasText: 'as wide as the boat' })
    .getByRole('button', { name: 'Resolve' })
    .click()
  await expect(reviewer.getByText('1 wrong')).toBeHidden()
  await workspace.canvas.focus()
  await reviewer.keyboard.press('c')
  await expect(reviewer.locator('[data-changes]')).toHaveCount(0)
  if (from === 'grid') {
    await reviewer.goto(app('review'))
    await reviewer.getByRole('listbox', { name: 'Waiting for review' }).getByRole('option').first().focus()
  }
  await reviewer.keyboard.press('y')
  await expect(reviewer.getByText('Nothing waits for your review')).toBeVisible()
  await expect.poll(() => statusesOn(input), SENT).not.toContain(AWAITING_REVIEW)
}

/** Submit names the pin that was not answered; then it is. */
async function answerPin(annotator: Page, input: string): Promise<void> {
  await annotator.getByRole('button', { name: 'Continue' }).click()
  const workspace = new Workspace(annotator)
  await workspace.ready()
  await annotator.getByRole('button', { name: 'Submit', exact: true }).click()
  await expect(annotator.getByText(/answer it, or change what it points at/)).toBeVisible()
  await expect.poll(() => statusesOn(input)).toEqual([PENDING])
  const note = annotator.getByRole('region', { name: 'Note', exact: true })
  await note.getByRole('textbox', { name: /^Answer to/ }).fill('It is as wide as the boat')
  await annotator.keyboard.press('Enter')
  await expect.poll(async () => JSON.stringify(await notesOn(input, 'annotator'))).toContain('as wide as the boat')
}

test('three people take images through the whole loop: hand out, label, send back, label again, approve', async ({
  browser,
}) => {
  test.slow()
  const owner = await enter(browser, server, 'owner')
  const annotator = await enter(browser, server, 'annotator')
  const reviewer = await enter(browser, server, 'reviewer')
  await handOut(owner)

  const done: string[] = []
  for (const round of [1, 2]) {
    await test.step(`image ${round}`, async () => {
      const reason = `The boat on the left is missing (${round})`
      const input = await labelNext(annotator, 60)
      expect(await statusesOn(input)).toEqual([AWAITING_REVIEW])

      await requestChanges(reviewer, input, 60, reason)
      expect(await statusesOn(input)).toEqual([PENDING])
      const [pin] = (await notesOn(input, 'reviewer')).map((note) => JSON.stringify(note))
      expect(pin).toContain('"region"')
      expect(pin).toContain('"mentions"')

      await annotator.goto(app('work'))
      await annotator.getByRole('button', { name: /^Notifications: \d+ new$/ }).click()
      await expect(annotator.getByRole('menuitem', { name: /names you/ }).first()).toBeVisible()
      await annotator.keyboard.press('Escape')
      const card = annotator.getByRole('region', { name: 'Continue' })
      await expect(card.getByText(reason)).toBeVisible()
      await answerPin(annotator, input)
      expect(await labelNext(annotator, 220)).toBe(input)
      expect(await statusesOn(input)).toEqual([AWAITING_REVIEW, AWAITING_REVIEW])

      await approve(reviewer, owner, input, round === 1 ? 'picture' : 'grid')
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
