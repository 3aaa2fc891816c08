import { expect, type Page, test } from '@playwright/test'
import { OfficialClient } from '#e2e/officialClient.ts'
import { countRenders, rendersOfTurn } from '#e2e/renders.ts'
import { TestServer } from '#e2e/server.ts'
import { enter, leave, Workspace } from '#e2e/workspace.ts'

const TASK = 'harbour'
/** clarifai.api.status.StatusCode */
const [PENDING, AWAITING_REVIEW] = [24_151, 24_157]

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(async ({ browser }) => {
  await leave(browser)
  await server.remove()
})

const as = (who: 'owner' | 'annotator' | 'reviewer') => new OfficialClient(server.port, server.credentials(who).pat)

/** A task of boxes for the annotator on all images, reviewed by the reviewer. */
const makeTask = (id = TASK, name = 'Harbour') =>
  as('owner').call('PostTasks', {
    tasks: [
      {
        id,
        name,
        type: 'BOUNDING_BOX_DETECTION',
        description: '# Boats\n\nDraw **one box** for each boat.',
        worker: { strategy: 'FULL', users: [{ id: 'annotator' }] },
        review: { strategy: 'MANUAL', users: [{ id: 'reviewer' }], manual_strategy_info: { sample_percentage: 1 } },
        input_source: { type: 'ALL_INPUTS' },
        concepts: [{ concept: { id: 'boat' } }],
      },
    ],
  })

/** Statuses of what the annotator made on an input in the task, as the official client reads them. */
async function statusesOn(input: string): Promise<readonly number[]> {
  const { annotations } = await as('owner').call<{
    annotations: readonly { user_id: string; task_id: string; status: { code: number } }[]
  }>('ListAnnotations', { input_ids: [input], list_all_annotations: true, page: 1, per_page: 100 })
  return annotations
    .filter(({ user_id, task_id }) => user_id === 'annotator' && task_id === TASK)
    .map(({ status }) => status.code)
}

interface Assignment {
  readonly id: string
  readonly input: { readonly id: string }
}

/** The reviewer asks for changes on an input, with a pin on the point and a reason. */
async function sendBack(input: string, reason: string): Promise<void> {
  const reviewer = as('reviewer')
  const { task_assignments } = await reviewer.call<{ task_assignments: readonly Assignment[] }>('PutTaskAssignments', {
    task_id: TASK,
    action: 'REVIEW_START',
  })
  const assignment = task_assignments.find((one) => one.input.id === input)
  expect(assignment).toBeTruthy()
  const note = (fields: object) => ({
    input_id: input,
    status: { code: 'ANNOTATION_SUCCESS' },
    annotation_info: struct({ marquee: { note: { task: TASK, ...fields } } }),
  })
  await reviewer.call('PostAnnotations', {
    annotations: [
      note({ thread: 'pin', text: 'Tighter here', at: [0.9, 0.9] }),
      note({ thread: 'why', text: reason, verdict: 'changes', to: 'annotator' }),
    ],
  })
  await reviewer.call('PutTaskAssignments', {
    task_id: TASK,
    action: 'REVIEW_REQUEST_CHANGES',
    review_request_changes_config: { task_assignments: [{ id: assignment?.id }] },
  })
}

/** google.protobuf.Struct as the client takes it. */
const struct = (value: object): object => ({
  fields: Object.fromEntries(Object.entries(value).map(([key, field]) => [key, wrapped(field)])),
})
function wrapped(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'number') return { numberValue: value }
  if (Array.isArray(value)) return { listValue: { values: value.map(wrapped) } }
  return { structValue: struct(value as object) }
}

const inputOf = (page: Page): string => new URL(page.url()).pathname.split('/inputs/')[1] ?? ''

async function drawBox(page: Page, workspace: Workspace): Promise<void> {
  const from = await workspace.toPage(100, 100)
  await page.keyboard.press('r')
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 50, from.y + 40)
  await page.mouse.move(from.x + 100, from.y + 80)
  await page.mouse.up()
}

test('an annotator works through a queue: submit, undo, skip, nothing here, returned with a reason, submit again', async ({
  browser,
}) => {
  await makeTask()
  const [owner, page] = [await enter(browser, server, 'owner'), await enter(browser, server, 'annotator')]
  await countRenders(page)
  const workspace = new Workspace(page)
  const bar = page.getByRole('region', { name: 'Work' })
  const submit = page.getByRole('button', { name: 'Submit', exact: true })

  await test.step('Continue opens the first image, with the instructions, once', async () => {
    await page.goto(`${server.url}/apps/owner/demo/work`)
    await expect(page.getByRole('tab', { name: /To do/, selected: true })).toBeVisible()
    await page.getByRole('button', { name: 'Continue' }).click()
    const dialog = page.getByRole('dialog', { name: 'Instructions: Harbour' })
    await expect(dialog.getByText('one box')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await workspace.ready()
    await expect(submit).toHaveAccessibleDescription(/^to review by Rosa Reviewer\./)
  })

  const first = inputOf(page)
  await test.step('Ctrl+Enter submits what was drawn and opens the next', async () => {
    await page.keyboard.press('1')
    await drawBox(page, workspace)
    await expect(workspace.regions).toHaveCount(1)
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => inputOf(page)).not.toBe(first)
    await workspace.ready()
    await expect.poll(() => statusesOn(first)).toEqual([AWAITING_REVIEW])
    await expect(page.getByRole('dialog')).toBeHidden()
  })

  const second = inputOf(page)
  await test.step('what is drawn in a task is pending until it is submitted', async () => {
    await drawBox(page, workspace)
    await expect.poll(() => statusesOn(second)).toEqual([PENDING])
    await workspace.saved()
    const commits = await rendersOfTurn(page, 'Control+Enter')
    await expect.poll(() => statusesOn(second)).toEqual([AWAITING_REVIEW])
    expect(inputOf(page)).not.toBe(second)
    // the next image is rendered once, and little beside it; what a server's answer renders are some 80 components
    const large = commits.filter((components) => components > 100)
    expect(large, commits.join(' ')).toHaveLength(1)
    expect(large[0], commits.join(' ')).toBeLessThan(330)
  })

  await test.step('Undo takes the submission back', async () => {
    await page.getByRole('button', { name: 'Undo submit' }).click()
    await expect.poll(() => inputOf(page)).toBe(second)
    await expect.poll(() => statusesOn(second)).toEqual([PENDING])
    await expect(submit).toBeVisible()
    await submit.click()
    await expect.poll(() => statusesOn(second)).toEqual([AWAITING_REVIEW])
  })

  await expect.poll(() => inputOf(page)).not.toBe(second)
  await workspace.ready()
  const third = inputOf(page)
  await test.step('Skip asks why, and the image is last in the queue', async () => {
    await page.getByRole('button', { name: 'Skip', exact: true }).click()
    await page.getByRole('button', { name: 'Picture is too blurred' }).click()
    await expect.poll(() => inputOf(page)).not.toBe(third)
    await expect(page.getByText('skipped: Picture is too blurred')).toBeVisible()
    const strip = page.getByRole('navigation', { name: 'Images' })
    await expect(strip.getByRole('link').last()).toHaveAttribute('href', new RegExp(third))
  })

  await workspace.ready()
  const fourth = inputOf(page)
  await test.step('an image with nothing on it can be submitted, and says so', async () => {
    await submit.click()
    await expect(page.getByText(/nothing here submitted/)).toBeVisible()
    await expect.poll(() => statusesOn(fourth)).toEqual([AWAITING_REVIEW])
  })

  await test.step('a submitted image is read-only, and can be unsubmitted until somebody reviews it', async () => {
    await page.goto(`${server.url}/apps/owner/demo/inputs/${fourth}?task=${TASK}`)
    await expect(bar.getByText('Submitted: waits for review')).toBeVisible()
    await page.getByRole('button', { name: 'Unsubmit' }).click()
    await expect.poll(() => statusesOn(fourth)).toEqual([PENDING])
    await expect(submit).toBeVisible()
  })

  await test.step('what is sent back comes first, with its reason, and its pin has to be answered', async () => {
    await sendBack(first, 'One boat is missing')
    await page.goto(`${server.url}/apps/owner/demo/work`)
    const card = page.getByRole('region', { name: 'Continue' })
    await expect(card.getByText('One boat is missing')).toBeVisible()
    await card.getByRole('button', { name: 'Continue' }).click()
    await expect.poll(() => inputOf(page)).toBe(first)
    await workspace.ready()
    await expect(bar.getByText('One boat is missing')).toBeVisible()
    await submit.click()
    const answer = page.getByRole('textbox', { name: 'Answer to Rosa Reviewer' }).first()
    await expect(page.getByText('has pinned “Tighter here”')).toBeVisible()
    expect(await statusesOn(first)).toEqual([PENDING])
    await answer.fill('It is as tight as it gets')
    await answer.press('Enter')
    await page.keyboard.press('Escape')
    await submit.click()
    await expect.poll(() => statusesOn(first)).toEqual([AWAITING_REVIEW])
  })

  await test.step('a task deleted while it is open says so, keeps what was drawn, and leads on', async () => {
    await page.goto(`${server.url}/apps/owner/demo/inputs/${fourth}?task=${TASK}`)
    await expect(submit).toBeVisible()
    // The page looks its queue up again by itself; held off here, so that it is the press on Submit that finds out.
    const lookups = /\/(ListWork|ListWorkItems|OpenWork)$/
    await page.route(lookups, (route) => route.abort())
    await as('owner').call('DeleteTasks', { ids: [TASK] })
    await submit.click()
    await expect(page.getByText(/not submitted/i).first()).toBeVisible()
    await page.unroute(lookups)
    await owner.goto(`${server.url}/apps/owner/demo/work`)
    await expect(owner.getByText('Nothing is assigned to you')).toBeVisible()
  })
})

test('an empty image is submitted when it is meant; read instructions stay closed; a deleted task leads elsewhere', async ({
  browser,
}) => {
  await makeTask('quay', 'Quay')
  const page = await enter(browser, server, 'annotator')
  const workspace = new Workspace(page)
  const bar = page.getByRole('region', { name: 'Work' })
  await page.goto(`${server.url}/apps/owner/demo/work`)
  await page.getByRole('button', { name: 'Instructions of Quay' }).click()
  await expect(page.getByRole('dialog').getByText('one box')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.goto(`${server.url}/apps/owner/demo/inputs/${(await as('owner').inputs())[0]}?task=quay`)
  await workspace.ready()
  await expect(page.getByRole('button', { name: 'Submit', exact: true })).toHaveAccessibleDescription(/nothing here/)
  await expect(page.getByRole('dialog')).toBeHidden()

  const first = inputOf(page)
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Nothing is drawn here.')).toBeVisible()
  expect(inputOf(page)).toBe(first)
  await page.waitForTimeout(500) // so that the next press is not taken for one that slipped
  await page.keyboard.press('Control+Enter')
  await expect.poll(() => inputOf(page)).not.toBe(first)

  await as('owner').call('DeleteTasks', { ids: ['quay'] })
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await expect(bar.getByText('The task was deleted. Your edits are kept.')).toBeVisible()
  await bar.getByRole('button', { name: 'My work' }).click()
  await expect(page).toHaveURL(/\/work$/)
})
