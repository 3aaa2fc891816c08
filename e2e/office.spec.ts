import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { unzipSync } from 'fflate'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer } from '#e2e/server.ts'
import { signIn } from '#e2e/workspace.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(() => server.remove())

/** clarifai.api.status.StatusCode */
const [SUCCESS, PENDING] = [24_150, 24_151]
const as = (who: 'owner' | 'annotator') => new OfficialClient(server.port, server.credentials(who).pat)
const app = { user_id: 'owner', app_id: 'demo' }

async function firstInput(): Promise<string> {
  const { inputs } = await as('owner').call<{ inputs: readonly { id: string }[] }>('ListInputs', {
    user_app_id: app,
    page: 1,
    per_page: 1,
  })
  return inputs[0]!.id
}

/** In both schemes and both sizes, when somebody wants to look. */
async function shoot(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENS_DIR) return
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [width, height] of [
      [1440, 900],
      [1024, 768],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: `${process.env.SCREENS_DIR}/${name}-${colorScheme}-${width}.png` })
    }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1440, height: 900 })
}

const box = (id: string, concept: string) => ({
  id,
  region_info: { bounding_box: { top_row: 0.1, left_col: 0.1, bottom_row: 0.4, right_col: 0.5 } },
  data: { concepts: [{ id: concept, value: 1 }] },
})

test('an export holds what is finished, and nothing else; it is downloaded, made in another format and deleted', async ({
  page,
}) => {
  const input = await firstInput()
  const concept = 'exported-thing'
  await as('owner').call('PostConcepts', { user_app_id: app, concepts: [{ id: concept, name: 'Exported thing' }] })
  await as('owner').call('PostAnnotations', {
    user_app_id: app,
    annotations: [
      { id: 'done-1', input_id: input, status: { code: SUCCESS }, data: { regions: [box('r-done', concept)] } },
      { id: 'open-1', input_id: input, status: { code: PENDING }, data: { regions: [box('r-open', concept)] } },
    ],
  })
  await signIn(page, server)
  await page.goto(`${server.url}/apps/owner/demo/exports`)
  await expect(page.getByRole('heading', { name: 'Nothing has been exported yet' })).toBeVisible()
  await shoot(page, 'exports-empty')
  await page.getByRole('button', { name: 'New export' }).first().click()
  await shoot(page, 'exports-new')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const line = page.getByRole('list', { name: 'Exports' }).getByRole('listitem').first()
  await expect(line).toContainText('All inputs')

  const waiting = page.waitForEvent('download')
  await line.getByRole('link', { name: /^Download COCO/ }).click()
  const files = unzipSync(new Uint8Array(readFileSync(await (await waiting).path())))
  const coco = JSON.parse(Buffer.from(files['annotations/instances.json']!).toString()) as {
    images: { id: number; input_id: string }[]
    annotations: { image_id: number; attributes: { region_id: string } }[]
  }
  const image = coco.images.find(({ input_id }) => input_id === input)
  const regions = coco.annotations.filter(({ image_id }) => image_id === image?.id)
  expect(regions.map(({ attributes }) => attributes.region_id)).toContain('r-done')
  expect(regions.map(({ attributes }) => attributes.region_id)).not.toContain('r-open')

  await line.getByRole('button', { name: /^Other formats/ }).click()
  await page.getByRole('menuitem', { name: 'Clarifai protobuf' }).click()
  await expect(line.getByRole('link', { name: /^Download Clarifai protobuf/ })).toBeVisible()

  await page.getByRole('button', { name: 'New export' }).click()
  await page.getByRole('radio', { name: 'Inputs with certain concepts' }).check()
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(page.getByText('Choose at least one concept.')).toBeVisible()
  await page.getByRole('combobox', { name: 'Concepts' }).fill('Exported')
  await page.getByRole('option', { name: 'Exported thing' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(line).toContainText('Inputs with Exported thing')
  await expect(line).toContainText('1 input')
  await expect(line.getByRole('link', { name: /^Download Clarifai JSON/ })).toBeVisible()
  await shoot(page, 'exports')
  await line.getByRole('button', { name: /^Delete/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('list', { name: 'Exports' }).getByRole('listitem')).toHaveCount(1)
})

test('of two tasks on the same inputs the labels of one are exported; the dialog warns of both', async ({ page }) => {
  const input = await firstInput()
  for (const [id, name] of [
    ['cars-1', 'Cars'],
    ['cars-2', 'Cars again'],
  ] as const) {
    await as('owner').call('PostTasks', {
      user_app_id: app,
      tasks: [
        {
          id,
          name,
          type: 'BOUNDING_BOX_DETECTION',
          worker: { strategy: 'FULL', users: [{ id: 'owner' }] },
          review: { strategy: 'NONE' },
          input_source: { type: 'ALL_INPUTS' },
          concepts: [{ concept: { id: 'boat' } }],
        },
      ],
    })
    await as('owner').call('PostAnnotations', {
      user_app_id: app,
      annotations: [
        {
          id: `of-${id}`,
          input_id: input,
          task_id: id,
          status: { code: SUCCESS },
          data: { regions: [box('r', 'boat')] },
        },
      ],
    })
  }
  await signIn(page, server)
  await page.goto(`${server.url}/apps/owner/demo/exports`)
  await page.getByRole('button', { name: 'New export' }).first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('status')).toContainText(/^1 input has labels from Cars/)
  await shoot(page, 'exports-two-tasks')
  await page.getByRole('combobox', { name: 'Labels' }).click()
  await page.getByRole('option', { name: 'Of Cars · 1 input' }).click()
  await expect(dialog.getByRole('status')).toHaveCount(0)
  await shoot(page, 'exports-one-task')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const line = page.getByRole('list', { name: 'Exports' }).getByRole('listitem').first()
  await expect(line).toContainText('All inputs, labels of Cars')
  await expect(line).toContainText('1 input · 1 region (1 box)')
  await shoot(page, 'exports-of-a-task')
  const { dataset_versions } = await as('owner').call<{
    dataset_versions: readonly {
      annotation_filter_config: unknown
    }[]
  }>('ListDatasetVersions', { user_app_id: app, dataset_id: 'all-inputs', page: 1, per_page: 100 })
  const made = dataset_versions.at(-1)!
  expect(JSON.stringify(made.annotation_filter_config)).toContain('"task_id":"cars-1"')
})

test('those who only label are not offered exports', async ({ page }) => {
  await signIn(page, server, 'annotator')
  await page.goto(`${server.url}/apps/owner/demo/inputs`)
  await expect(page.getByRole('navigation', { name: 'App' }).getByRole('link', { name: 'Concepts' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'App' }).getByRole('link', { name: 'Exports' })).toHaveCount(0)
})

test('people: roles, reviewers and removal, with the work they have', async ({ page }) => {
  const inputs = await as('owner').inputs()
  await as('owner').call('PostAnnotations', {
    annotations: inputs.slice(0, 4).map((input_id, i) => ({
      id: `order-${i}`,
      input_id,
      user_id: 'annotator',
      status: { code: PENDING },
      annotation_info: { marquee: { assignment: 'b1' } },
    })),
  })
  await signIn(page, server)
  await page.goto(`${server.url}/apps/owner/demo/people`)
  const row = (id: string) => page.getByRole('row').filter({ has: page.getByText(id, { exact: true }) })
  await expect(row('annotator')).toContainText('4')
  await shoot(page, 'people')
  await row('annotator')
    .getByTitle(/^Show the work of/)
    .click()
  await expect(page.getByRole('dialog').getByText('4 items')).toBeVisible()
  await shoot(page, 'people-work')
  await page.keyboard.press('Escape')

  const reviews = row('annotator-2').getByRole('checkbox')
  await expect(reviews).not.toBeChecked()
  await reviews.click()
  await expect(reviews).toBeChecked()
  const { app: stored } = await as('owner').call<{ app: unknown }>('GetApp', {})
  expect(JSON.stringify(stored)).toContain('annotator-2')

  await row('annotator-2').getByRole('combobox').selectOption({ label: 'Can view' })
  const scopesOf = async (id: string): Promise<readonly string[]> => {
    const { collaborators } = await as('owner').call<{
      collaborators: readonly { user: { id: string }; scopes: readonly string[] }[]
    }>('ListCollaborators', {})
    return collaborators.find(({ user }) => user.id === id)?.scopes ?? []
  }
  await expect.poll(() => scopesOf('annotator-2')).not.toContain('Annotations_Add')
  await page.getByRole('alert').filter({ hasText: 'can view' }).getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => scopesOf('annotator-2')).toContain('Annotations_Add')

  await row('annotator')
    .getByRole('button', { name: /^Remove/ })
    .click()
  await expect(page.getByRole('dialog')).toContainText('4 open items go back')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect.poll(() => scopesOf('annotator')).toEqual([])
})

test('activity: what was done, filtered, and a deleted label brought back', async ({ page }) => {
  const inputs = await as('owner').inputs()
  for (const [n, input_id] of inputs.slice(0, 6).entries()) {
    const id = `act-${n}`
    const { annotations } = await as('owner').call<{ annotations: { data: { regions: { id: string }[] } }[] }>(
      'PostAnnotations',
      { annotations: [{ id, input_id, data: { regions: [box(`act-r-${n}`, 'boat')] } }] },
    )
    const region = { ...box(annotations[0]!.data.regions[0]!.id, 'sheep') }
    if (n > 0)
      await as('owner').call('PatchAnnotations', {
        action: 'overwrite',
        annotations: [{ id, input_id, data: { regions: [region] } }],
      })
  }
  await as('owner').call('DeleteAnnotation', { input_id: inputs[0], annotation_id: 'act-0' })
  await signIn(page, server)
  await page.goto(`${server.url}/apps/owner/demo`)
  await page.getByRole('navigation', { name: 'App' }).getByRole('link', { name: 'Activity' }).click()
  const first = page.getByRole('list', { name: 'Activity' }).getByRole('listitem').first()
  await expect(first).toContainText('deleted 1 label')
  await shoot(page, 'activity')
  await first.getByRole('button', { name: 'Bring back' }).click()
  await expect(page.getByText('Label brought back')).toBeVisible()
  const there = await as('owner').regions(inputs[0]!)
  expect(there.map(({ id }) => id)).toContain('act-0')
  await page.getByRole('combobox', { name: 'What' }).selectOption({ label: 'Concepts' })
  await expect(page).toHaveURL(/kind=concept/)
  await expect(page.getByRole('list', { name: 'Activity' })).not.toContainText('label')
  await page.getByRole('combobox', { name: 'Person' }).selectOption({ label: 'Rosa Reviewer' })
  await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible()
  await shoot(page, 'activity-none')
})

test('an invitation link lets one new person in, once', async ({ page, browser }) => {
  await signIn(page, server)
  await page.goto(`${server.url}/apps/owner/demo/people`)
  await page.getByRole('button', { name: 'Invite by a link' }).click()
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue()
  await shoot(page, 'invite-made')
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('region', { name: 'Invitations' }).getByRole('listitem')).toHaveCount(1)

  const context = await browser.newContext()
  const guest = await context.newPage()
  await guest.goto(link)
  await expect(guest.getByRole('heading')).toHaveText(/^Join /)
  await expect(guest.getByRole('main')).toContainText(/\(owner\) invites you to the app .*able to label: draw/s)
  await guest.getByLabel('User id').fill('reviewer')
  await guest.getByLabel('Name').fill('Nora New')
  await guest.getByLabel('Password').first().fill('a long enough password')
  await guest.getByRole('button', { name: 'Make an account and join' }).click()
  await expect(guest.getByText(/there is a user “?"?reviewer/i)).toBeVisible()
  await shoot(guest, 'invite-page')
  await guest.getByLabel('User id').fill('nora')
  await guest.getByRole('button', { name: 'Make an account and join' }).click()
  await expect(guest).toHaveURL(/\/apps\/owner\/demo$/)
  await expect(guest.getByRole('navigation', { name: 'App' })).toBeVisible()

  await page.reload()
  const row = page.getByRole('row').filter({ hasText: 'Nora New' })
  await expect(row).toContainText('nora')
  await expect(page.getByRole('region', { name: 'Invitations' }).getByRole('listitem')).toHaveCount(0)
  const again = await (await browser.newContext()).newPage()
  await again.goto(link)
  await expect(again.getByRole('heading')).toHaveText('This link has been used')
  await expect(again.getByLabel('User id')).toHaveCount(0)
  await expect(again.getByRole('link', { name: 'Sign in' })).toBeVisible()
  await shoot(again, 'invite-used')

  // removed, and told so; brought back by Undo, and again later
  const remove = async () => {
    await row.getByRole('button', { name: 'Remove Nora New' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect(row).toContainText(/Removed .* by owner/)
  }
  await remove()
  await guest.reload()
  await expect(guest.getByRole('main')).toContainText(/removed you from this app .*To come back, ask .*owner/s)
  await shoot(guest, 'removed-app')
  await guest.goto(`${server.url}/apps`)
  await expect(guest.getByRole('region', { name: 'No longer shared with me' })).toContainText('removed you')
  await shoot(guest, 'removed-apps')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row.getByRole('button', { name: 'Remove Nora New' })).toBeVisible()
  await guest.goto(`${server.url}/apps/owner/demo`)
  await expect(guest.getByRole('navigation', { name: 'App' })).toBeVisible()
  await remove()
  await page.reload()
  await shoot(page, 'people-left')
  await row.getByRole('button', { name: 'Bring Nora New back' }).click()
  await expect(row.getByRole('button', { name: 'Remove Nora New' })).toBeVisible()
  await context.close()
  await again.context().close()
})

test('the bell counts what is new and leads to it', async ({ page }) => {
  const inputs = await as('owner').inputs()
  await as('owner').call('PostAnnotations', {
    annotations: inputs.slice(0, 2).map((input_id, i) => ({
      id: `bell-${i}`,
      input_id,
      user_id: 'annotator-2',
      status: { code: PENDING },
      annotation_info: { marquee: { assignment: 'b2' } },
    })),
  })
  await signIn(page, server, 'annotator-2')
  await page.goto(`${server.url}/apps/owner/demo/inputs`)
  await page.getByRole('button', { name: 'Notifications: 2 new' }).click()
  await shoot(page, 'bell')
  await page.getByRole('menuitem', { name: '2 images to label in work assigned to you' }).click()
  await expect(page).toHaveURL(/\/work$/)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible()
})

test('what somebody who went had not submitted is handed over, labels included, and taken back', async ({ page }) => {
  const inputs = await as('owner').inputs()
  await as('owner').call('PostAnnotations', {
    annotations: [
      ...inputs.slice(2, 4).map((input_id, i) => ({
        id: `left-${i}`,
        input_id,
        user_id: 'annotator-2',
        status: { code: PENDING },
        annotation_info: { marquee: { assignment: 'b3' } },
      })),
      {
        id: 'left-box',
        input_id: inputs[2],
        user_id: 'annotator-2',
        status: { code: PENDING },
        data: { regions: [box('r-left', 'boat')] },
      },
    ],
  })
  const authors = async () => {
    const { annotations } = await as('owner').call<{ annotations: readonly { id: string; user_id: string }[] }>(
      'ListAnnotations',
      { user_app_id: app, list_all_annotations: true, page: 1, per_page: 1000 },
    )
    return annotations.filter(({ id }) => id.startsWith('left-')).map(({ user_id }) => user_id)
  }
  await signIn(page, server)
  await page.goto(`${server.url}/apps/owner/demo/people`)
  const row = page.getByRole('row').filter({ hasText: 'annotator-2' })
  await row.getByRole('button', { name: /^Remove/ }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await row.getByRole('button', { name: /left behind$/ }).click()
  const dialog = page.getByRole('dialog', { name: /^Left behind by/ })
  await expect(dialog.getByRole('region', { name: 'Assigned images' })).toContainText('with 1 label')
  await shoot(page, 'left-behind')
  await dialog.getByRole('combobox', { name: 'To whom' }).selectOption('reviewer')
  await dialog.getByRole('button', { name: 'Hand over' }).click()
  await expect.poll(authors).toEqual(['reviewer', 'reviewer', 'reviewer'])
  await expect(dialog).toHaveCount(0)
  await page.getByRole('alert').filter({ hasText: 'handed over' }).getByRole('button', { name: 'Undo' }).click()
  await expect.poll(authors).toEqual(['annotator-2', 'annotator-2', 'annotator-2'])
  await shoot(page, 'people-left-behind')
  await row.getByRole('button', { name: /^Bring .* back$/ }).click()
  await expect(row.getByRole('button', { name: /^Remove/ })).toBeVisible()
})
