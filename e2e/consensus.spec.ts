import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from '#e2e/accessible.ts'
import { OfficialClient } from '#e2e/officialClient.ts'
import { TestServer, type Who } from '#e2e/server.ts'
import { enter, leave, Workspace } from '#e2e/workspace.ts'

const TASK = 'boats'
/** clarifai.api.status.StatusCode */
const [SUCCESS, AWAITING_REVIEW, DENIED] = [24_150, 24_157, 24_158]
const SENT = { timeout: 40_000 }

let server: TestServer
test.beforeAll(async () => {
  server = await TestServer.start()
})
test.afterAll(async ({ browser }) => {
  await leave(browser)
  await server.remove()
})

const api = (who: Who) => new OfficialClient(server.port, server.credentials(who).pat)
const app = (page: string) => `${server.url}/apps/owner/demo/${page}`

interface Annotation {
  readonly user_id: string
  readonly task_id: string
  readonly status: { readonly code: number }
  readonly data: { readonly regions: readonly object[] } | null
}

/** Regions in the task on an input, by whom and in which state, as the official client reads them. */
async function regionsOn(input: string, who: Who = 'owner'): Promise<readonly string[]> {
  const asked = { input_ids: [input], list_all_annotations: true, page: 1, per_page: 100 }
  const { annotations } = await api(who).call<{ annotations: readonly Annotation[] }>('ListAnnotations', asked)
  return annotations
    .filter(({ task_id, data }) => task_id === TASK && (data?.regions.length ?? 0) > 0)
    .map(({ user_id, status }) => `${user_id} ${status.code}`)
    .sort()
}

/** Draws boxes on the input and submits it as work. */
async function label(page: Page, input: string, boxes: readonly (readonly [number, number, number, number])[]) {
  await page.goto(`${app('inputs')}/${input}?task=${TASK}`)
  const workspace = new Workspace(page)
  await workspace.ready()
  await page.keyboard.press('1')
  for (const [i, [left, top, right, bottom]] of boxes.entries()) {
    await page.keyboard.press('r')
    await workspace.drag([left, top], [right, bottom])
    await expect(workspace.regions).toHaveCount(i + 1)
  }
  await page.getByRole('button', { name: 'Submit', exact: true }).click()
}

test('two people label apart, disagree, and a reviewer settles it: pick, merge, undo', async ({ browser }) => {
  test.slow()
  const inputs = await api('owner').inputs()
  const [input, other] = [inputs[0] ?? '', inputs[1] ?? '']
  await api('owner').call('PostTasks', {
    tasks: [
      {
        id: TASK,
        name: 'Boats',
        type: 'BOUNDING_BOX_DETECTION',
        worker: { strategy: 'FULL', users: [{ id: 'annotator' }, { id: 'annotator-2' }] },
        review: {
          strategy: 'CONSENSUS',
          users: [{ id: 'reviewer' }],
          consensus_strategy_info: { approval_threshold_labelers: 2 },
        },
        input_source: { type: 'ALL_INPUTS' },
        concepts: [{ concept: { id: 'boat' } }],
      },
    ],
  })
  const [ana, bob, reviewer] = [
    await enter(browser, server, 'annotator'),
    await enter(browser, server, 'annotator-2'),
    await enter(browser, server, 'reviewer'),
  ]

  await test.step('nobody sees the other before their own submit', async () => {
    await label(ana, input, [
      [60, 60, 160, 140],
      [220, 60, 300, 140],
    ])
    await expect.poll(() => regionsOn(input), SENT).toEqual(['annotator 24159', 'annotator 24159'])
    expect(await regionsOn(input, 'annotator-2')).toEqual([])
    await bob.goto(`${app('inputs')}/${input}?task=${TASK}`)
    const workspace = new Workspace(bob)
    await workspace.ready()
    await expect(workspace.regions).toHaveCount(0)
    await label(bob, input, [[70, 70, 170, 150]])
    await expect
      .poll(() => regionsOn(input), SENT)
      .toEqual([`annotator ${AWAITING_REVIEW}`, `annotator ${AWAITING_REVIEW}`, `annotator-2 ${AWAITING_REVIEW}`])
  })

  await test.step('the agreement page shows the pair and where they disagree', async () => {
    await reviewer.goto(app(`tasks/${TASK}/agreement`))
    await expect(
      reviewer.getByRole('table', { name: 'Agreement of two people' }).getByRole('cell', { name: /%/ }),
    ).toHaveCount(2)
    const cards = reviewer.getByRole('list', { name: 'Images by agreement' }).getByRole('link')
    await expect(cards).toHaveCount(1)
    await expectAccessible(reviewer)
    await cards.first().click()
    await new Workspace(reviewer).ready()
  })

  const bar = reviewer.getByRole('region', { name: 'Consensus' })
  const answer = reviewer.getByRole('region', { name: 'Answer' })
  await test.step('one chooses for each object; Undo takes it back, then it stands', async () => {
    await expect(bar.getByText(/% agreement of 2 people/)).toBeVisible()
    await expect(answer.getByRole('radiogroup')).toHaveCount(2)
    await expectAccessible(reviewer)
    // what only one has found is left out, unless it is chosen
    await expect(answer.getByRole('radiogroup').first().getByRole('radio', { name: 'None' })).toBeChecked()
    const merged = answer.getByRole('radio', { name: 'Merged' })
    await merged.click()
    await reviewer.keyboard.press('Control+z')
    await expect(merged).not.toBeChecked()
    await reviewer.keyboard.press('Control+Shift+z')
    await expect(merged).toBeChecked()
    await bar.getByRole('button', { name: 'Settle with 1 region' }).click()
    await reviewer.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect(bar.getByRole('button', { name: /^Settle/ })).toBeVisible()
    expect(await regionsOn(input)).toHaveLength(3)
    // what was chosen is chosen still
    await expect(merged).toBeChecked()
    await bar.getByRole('button', { name: 'Settle with 1 region' }).click()
    await expect
      .poll(() => regionsOn(input), SENT)
      .toEqual([`annotator ${DENIED}`, `annotator ${DENIED}`, `annotator-2 ${DENIED}`, `reviewer ${SUCCESS}`])
  })

  await test.step('a known answer is kept from the screens, and measures who labels it', async () => {
    const owner = await enter(browser, server, 'owner')
    await owner.goto(`${app('inputs')}/${other}`)
    const workspace = new Workspace(owner)
    await workspace.ready()
    await owner.keyboard.press('1')
    await owner.keyboard.press('r')
    await workspace.drag([60, 60], [160, 140])
    await workspace.saved()
    await owner.goto(app(`tasks/${TASK}/agreement`))
    await owner.getByRole('button', { name: 'Keep known answers…' }).click()
    const dialog = owner.getByRole('dialog', { name: 'Keep known answers' })
    await dialog.getByRole('checkbox').first().check()
    await dialog.getByRole('button', { name: 'Keep 1 answer' }).click()
    const known = owner.getByRole('region', { name: 'Known answers' })
    await expect(known.getByText('nobody yet')).toBeVisible()
    await label(ana, other, [[60, 60, 160, 140]])
    await expect
      .poll(async () => {
        await owner.reload()
        return known
          .getByText(/% by 1 person/)
          .textContent({ timeout: 3000 })
          .catch(() => '')
      })
      .toMatch(/^(9\d|100)% by 1 person$/)
  })
})
