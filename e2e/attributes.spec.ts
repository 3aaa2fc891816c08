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

/** google.protobuf.Struct as the official client reads and writes it. */
interface Struct {
  readonly fields: Readonly<Record<string, Value>>
}
interface Value {
  readonly stringValue?: string
  readonly numberValue?: number
  readonly boolValue?: boolean
  readonly structValue?: Struct
  readonly kind?: 'stringValue' | 'numberValue' | 'boolValue' | 'structValue'
}
interface WithMetadata {
  readonly id: string
  readonly data: { readonly regions: readonly { readonly data: { readonly metadata: Struct | null } | null }[] }
}

const client = () => new OfficialClient(server.port, server.credentials('owner').pat)

/** What the regions of an input say besides their concepts, as the official client reads it. */
async function attributes(input: string): Promise<Record<string, unknown>[]> {
  const stored = (await client().regions(input)) as unknown as readonly WithMetadata[]
  return stored.map(({ data }) => plain(data.regions[0]?.data?.metadata?.fields.attributes?.structValue))
}

const plain = (struct: Struct | undefined): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(struct?.fields ?? {}).map(([name, { structValue, kind, ...value }]) => [
      name,
      structValue ? plain(structValue) : kind ? (value as Record<string, unknown>)[kind] : undefined,
    ]),
  )

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}

const dialog = (page: Page) => page.getByRole('dialog', { name: /^Attributes of/ })

async function define(page: Page): Promise<string> {
  await page.goto(`${server.url}/apps/owner/demo/concepts`)
  const button = page.getByRole('button', { name: /^Attributes of .*: none/ }).first()
  const concept = /^Attributes of (.*): none/.exec((await button.getAttribute('aria-label')) ?? '')?.[1] ?? ''
  await button.click()
  const add = dialog(page).getByRole('button', { name: 'Add an attribute' })
  const item = (n: number) => dialog(page).getByRole('listitem').nth(n)
  const kind = async (n: number, name: string) => {
    await item(n).getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name, exact: true }).click()
  }
  await add.click()
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(dialog(page)).toContainText('An attribute needs a name.')
  await expect(dialog(page)).toContainText('A choice needs at least one option.')
  await item(0).getByLabel('Name').fill('colour')
  await item(0).getByLabel('Options, one a line').fill('red\nblue\ngreen')
  await item(0).getByLabel('Required').check()
  await item(0).getByLabel('Show on label').check()
  await add.click()
  await item(1).getByLabel('Name').fill('damaged')
  await kind(1, 'Checkbox')
  await item(1).getByRole('combobox', { name: 'New regions get' }).click()
  await page.getByRole('option', { name: 'no', exact: true }).click()
  await add.click()
  await item(2).getByLabel('Name').fill('doors')
  await kind(2, 'Number')
  await item(2).getByLabel('Smallest').fill('0')
  await item(2).getByLabel('Largest').fill('5')
  await add.click()
  await item(3).getByLabel('Name').fill('note')
  await kind(3, 'Text')
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(
    page.getByRole('button', { name: `Attributes of ${concept}: colour, damaged, doors, note` }),
  ).toBeVisible()
  return concept
}

test('attributes are defined for a concept, asked when required, filled by keys and in bulk, undone, filtered; all on the server', async ({
  page,
}) => {
  await signIn(page, server)
  const concept = await define(page)
  const workspace = new Workspace(page)
  const input = await workspace.open(server)
  const size = await workspace.size()
  const near = (x: number, y: number): [number, number] => [size.width * x, size.height * y]
  await workspace.concept(concept)
  await workspace.tool('Box')
  await workspace.drag(near(0.1, 0.1), near(0.3, 0.3))

  // what is required is asked at the region: arrows choose, Tab goes on, Enter is back on the canvas
  const form = page.getByRole('dialog', { name: 'Attributes of the region' })
  await expect(form).toBeVisible()
  await expect(form.getByRole('radiogroup', { name: /colour/ }).getByRole('radio', { name: 'red' })).toBeFocused()
  await expectAccessible(page)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.type('9')
  await page.keyboard.press('Enter')
  await expect(form.getByRole('alert')).toHaveText('doors: must be at most 5.')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('4')
  await page.keyboard.press('Enter')
  await expect(form).toBeHidden()
  await expect(workspace.canvas).toBeFocused()
  await workspace.saved()
  await expect.poll(() => attributes(input)).toEqual([{ colour: 'blue', damaged: false, doors: 4 }])

  // the second is left without: nothing is lost, and the list says so
  await workspace.drag(near(0.5, 0.5), near(0.7, 0.8))
  await page.keyboard.press('Escape')
  await expect(form).toBeHidden()
  await expect(workspace.regions).toHaveCount(2)
  await expect(workspace.regions.first()).toHaveAccessibleDescription(/attributes are missing/)

  // a mask is asked about when it is finished, and the keys of the image go on meanwhile
  await workspace.tool('Brush')
  await workspace.drag(near(0.1, 0.6), near(0.2, 0.7))
  await expect(workspace.regions).toHaveCount(3)
  await expect(form).toBeHidden()
  await page.keyboard.press('v')
  await expect(form.getByRole('radio', { name: 'red' })).toBeFocused()
  await page.keyboard.press('Control+z')
  await expect(workspace.regions).toHaveCount(2)
  await expect(form).toBeHidden()

  // both at once
  await page.keyboard.press('v')
  await page.keyboard.press('Control+a')
  const panel = page.getByRole('region', { name: 'Attributes' })
  await expect(panel).toContainText('of 2 regions')
  await expect(panel.locator('[data-attribute=colour]')).toContainText('multiple values')
  await expectAccessible(page)
  await page.keyboard.press('q') // to the panel by key
  await expect(panel.getByRole('radio', { name: 'red' })).toBeFocused()
  await page.keyboard.press('3')
  await page.keyboard.press('Enter')
  await expect(workspace.canvas).toBeFocused()
  await expect.poll(async () => (await attributes(input)).map(({ colour }) => colour)).toEqual(['green', 'green'])
  await page.keyboard.press('Control+z') // one step for both
  await expect.poll(async () => (await attributes(input)).map(({ colour }) => colour)).toEqual(['blue', undefined])
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(async () => (await attributes(input)).map(({ colour }) => colour)).toEqual(['green', 'green'])

  // one of them by mouse, and the list filtered by it
  await workspace.regions.first().click()
  await panel.getByRole('radio', { name: 'red' }).click()
  await panel.getByRole('textbox', { name: /note/ }).fill('scratched')
  await workspace.click(size.width * 0.9, size.height * 0.1) // leaving the field takes it over
  await expect
    .poll(() => attributes(input))
    .toEqual([
      { colour: 'green', damaged: false, doors: 4 },
      { colour: 'red', damaged: false, note: 'scratched' },
    ])
  await page.getByRole('button', { name: 'Filter and sort regions' }).click()
  await expectAccessible(page)
  await page.getByLabel('Attribute', { exact: true }).selectOption({ label: 'colour: red (1)' })
  await expect(workspace.regions).toHaveCount(1)
  await expect(page.getByRole('heading', { name: /Regions/ })).toContainText('1 of 2')
  await page.getByRole('button', { name: 'Show all' }).first().click()
  await page.keyboard.press('Escape')
  await expect(workspace.regions).toHaveCount(2)

  await page.reload()
  await workspace.ready()
  await workspace.regions.first().click()
  await expect(panel.getByRole('radio', { name: 'red' })).toBeChecked()
  await expect(panel.getByRole('textbox', { name: /note/ })).toHaveValue('scratched')
})

test('while required attributes are asked for, a digit is the next concept, and the next shape may begin under the form', async ({
  page,
}) => {
  await signIn(page, server)
  const concept = await define(page)
  const workspace = new Workspace(page)
  const input = await workspace.open(server, 1)
  const { width, height } = await workspace.size()
  await workspace.concept(concept)
  await workspace.tool('Box')
  await workspace.drag([width * 0.1, height * 0.1], [width * 0.3, height * 0.3])
  const form = page.getByRole('dialog', { name: 'Attributes of the region' })
  await expect(form).toBeVisible()
  await page.keyboard.press('9') // one of those without attributes
  const box = (await form.boundingBox())!
  await page.mouse.move(box.x + 4, box.y + 4)
  await page.mouse.down()
  await page.mouse.move(box.x + 64, box.y + 64, { steps: 4 })
  await page.mouse.up()
  await expect(workspace.regions).toHaveCount(2)
  await workspace.saved()
  const concepts = (await client().regions(input)).map(({ data }) => data?.regions[0]?.data?.concepts[0]?.id)
  expect(new Set(concepts).size).toBe(2)
  expect(await attributes(input)).toEqual([{ damaged: false }, {}])
})

test('attributes that nobody has defined here are kept and shown', async ({ page }) => {
  const inputs = await client().inputs()
  const input = inputs[4] ?? ''
  const field = (value: object) => ({ fields: value })
  await client().call('PostAnnotations', {
    annotations: [
      {
        input_id: input,
        data: {
          regions: [
            {
              region_info: { bounding_box: { left_col: 0.2, top_row: 0.2, right_col: 0.6, bottom_row: 0.6 } },
              data: {
                concepts: [{ id: 'person', value: 1 }],
                metadata: field({
                  attributes: { structValue: field({ source: { stringValue: 'import' }, lot: { numberValue: 7 } }) },
                }),
              },
            },
          ],
        },
      },
    ],
  })
  await signIn(page, server)
  const workspace = new Workspace(page)
  await workspace.openInput(server, input)
  await workspace.regions.first().click()
  const panel = page.getByRole('region', { name: 'Attributes' })
  await expect(panel).toContainText('source not defined here')
  await expect(panel).toContainText('import')
  await workspace.canvas.focus()
  await page.keyboard.press('ArrowRight') // moved, and still there
  await workspace.saved()
  expect(await attributes(input)).toEqual([{ source: 'import', lot: 7 }])
})
