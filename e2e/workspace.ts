import { type Browser, expect, type Locator, type Page } from '@playwright/test'
import type { TestServer, Who } from '#e2e/server.ts'

export async function signIn(page: Page, server: TestServer, who: Who = 'owner'): Promise<void> {
  await page.goto(`${server.url}/sign-in`)
  await page.getByLabel('User', { exact: false }).first().fill(who)
  await page.getByLabel('Password', { exact: false }).first().fill(server.credentials(who).password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/apps/)
}

/** One of several people at work, in a browser window of their own. */
export async function enter(browser: Browser, server: TestServer, who: Who): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await signIn(page, server, who)
  return page
}

/** They close their windows, which would go on looking for their server beside all tests that follow. */
export async function leave(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()))
}

/** An image pixel of the workspace, driven with a real mouse and keyboard and read as assistive technology reads it. */
export class Workspace {
  readonly page: Page
  readonly canvas: Locator
  readonly regions: Locator
  readonly status: Locator

  constructor(page: Page) {
    this.page = page
    this.canvas = page.getByRole('application', { name: 'Canvas' })
    this.regions = page.getByRole('listbox', { name: 'Regions' }).getByRole('option')
    this.status = page.locator('[role=status][data-save]')
  }

  /** Opens the n-th input of the demo's grid (from 0) and waits until picture and regions are painted. */
  async open(server: TestServer, n = 0): Promise<string> {
    await this.page.goto(`${server.url}/apps/owner/demo/inputs`)
    const link = this.page.locator('a[href*="/apps/owner/demo/inputs/"]').nth(n)
    const href = await link.getAttribute('href')
    const id = href?.split('/inputs/')[1]?.split(/[?#]/)[0]
    if (!id) throw new Error(`no input in ${href}`)
    await this.openInput(server, id)
    return id
  }

  async openInput(server: TestServer, id: string): Promise<void> {
    await this.page.goto(`${server.url}/apps/owner/demo/inputs/${id}`)
    await this.ready()
  }

  async ready(): Promise<void> {
    await expect(this.canvas).toHaveAttribute('data-ready', 'true')
  }

  async size(): Promise<{ width: number; height: number }> {
    const read = async (name: string) => Number(await this.canvas.getAttribute(name))
    return { width: await read('data-image-width'), height: await read('data-image-height') }
  }

  /** Image pixel → page pixel, in the view as it is now. */
  async toPage(x: number, y: number): Promise<{ x: number; y: number }> {
    const frame = await this.canvas.boundingBox()
    if (!frame) throw new Error('the canvas is not there')
    const read = async (name: string) => Number(await this.canvas.getAttribute(name))
    const scale = await read('data-scale')
    return { x: frame.x + x * scale + (await read('data-x')), y: frame.y + y * scale + (await read('data-y')) }
  }

  /** Page pixel → image pixel; what a box drawn from here must be. */
  async toImage(x: number, y: number): Promise<{ x: number; y: number }> {
    const origin = await this.toPage(0, 0)
    const scale = Number(await this.canvas.getAttribute('data-scale'))
    return { x: (x - origin.x) / scale, y: (y - origin.y) / scale }
  }

  /** Takes the tool, unless it is in hand: pressed again, some offer other ways to draw. */
  async tool(name: string): Promise<void> {
    if ((await this.canvas.getAttribute('data-tool')) === name.toLowerCase()) return
    await this.page.getByRole('toolbar', { name: 'Tools' }).getByRole('radio', { name }).click()
    await expect(this.canvas).toHaveAttribute('data-tool', name.toLowerCase())
  }

  async concept(name: string): Promise<void> {
    const list = this.page.getByRole('listbox', { name: 'Concepts' })
    await list.getByRole('option', { name: new RegExp(`^${name}\\b`) }).click()
  }

  /** Drags with the mouse between two image pixels, at whole screen pixels; returns the exact image pixels used. */
  async drag(from: readonly [number, number], to: readonly [number, number]): Promise<DraggedBox> {
    const a = whole(await this.toPage(...from))
    const b = whole(await this.toPage(...to))
    await this.page.mouse.move(a.x, a.y)
    await this.page.mouse.down()
    await this.page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2, { steps: 3 })
    await this.page.mouse.move(b.x, b.y, { steps: 3 })
    await this.page.mouse.up()
    const start = await this.toImage(a.x, a.y)
    const end = await this.toImage(b.x, b.y)
    return { left: start.x, top: start.y, right: end.x, bottom: end.y }
  }

  async click(x: number, y: number): Promise<void> {
    const at = whole(await this.toPage(x, y))
    await this.page.mouse.click(at.x, at.y)
  }

  /** Everything is on the server; the status hears of an edit a moment after it was made. */
  async saved(): Promise<void> {
    await this.page.waitForTimeout(50)
    await expect(this.status).toHaveAttribute('data-save', 'saved')
  }
}

export interface DraggedBox {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const whole = ({ x, y }: { x: number; y: number }) => ({ x: Math.round(x), y: Math.round(y) })
