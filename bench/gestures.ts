import type { CDPSession, Page } from '@playwright/test'
import { type TraceReading, traced } from '#bench/trace.ts'
import { EMPTY_POINT, TARGET_BOX, TARGET_POLYGON } from '#bench/workload.ts'

/** Real input at 60 events a second, sent without waiting for the page: what a slow page misses, it misses. */

const TICK_MS = 1000 / 60

export interface Driven {
  readonly page: Page
  readonly session: CDPSession
}

/** A gesture whose effect did not happen does not count. */
export class NoEffect extends Error {}

export const expectEffect = (happened: boolean, what: string): void => {
  if (!happened) throw new NoEffect(what)
}

type MouseType = 'mouseMoved' | 'mousePressed' | 'mouseReleased' | 'mouseWheel'

export interface Mouse {
  readonly type: MouseType
  readonly x: number
  readonly y: number
  readonly button?: 'left' | 'middle' | 'none'
  readonly deltaY?: number
}

const BUTTONS = { left: 1, middle: 4, none: 0 } as const

export const send = ({ session }: Driven, { type, x, y, button = 'none', deltaY }: Mouse): Promise<unknown> =>
  session.send('Input.dispatchMouseEvent', {
    type,
    x,
    y,
    button,
    buttons: type === 'mouseReleased' ? 0 : BUTTONS[button],
    clickCount: type === 'mousePressed' || type === 'mouseReleased' ? 1 : 0,
    ...(deltaY === undefined ? {} : { deltaX: 0, deltaY }),
  })

/**
 * Sends one event a tick, on time, and waits until the page has taken the last. A hand keeps no step with the screen:
 * over the gesture the ticks drift through one whole frame, so that latencies are of every phase. In step, one page had
 * 7 ms and the same page 20 the next time, by where in the frame the first event fell.
 */
export const play = async (driven: Driven, events: readonly Mouse[]): Promise<void> => {
  const began = performance.now()
  const tick = TICK_MS * (1 + 1 / events.length)
  const sent: Promise<unknown>[] = []
  for (const [i, event] of events.entries()) {
    const wait = began + i * tick - performance.now()
    if (wait > 0) await new Promise((done) => setTimeout(done, wait))
    sent.push(send(driven, event))
  }
  await Promise.all(sent)
}

export const settle = (driven: Driven, ms = 150) => driven.page.waitForTimeout(ms)

export const toClient = ({ page }: Driven, x: number, y: number): Promise<{ x: number; y: number }> =>
  page.evaluate(([px, py]) => window.__bench!.toClient(px!, py!), [x, y])

const viewOf = ({ page }: Driven) => page.evaluate(() => ({ ...window.__bench!.getView() }))

/** Eight notches in, eight out, again and again, so that all regions come into view and leave it. */
export const zoom = async (driven: Driven, ticks: number): Promise<TraceReading> => {
  const at = await toClient(driven, EMPTY_POINT.x, EMPTY_POINT.y)
  await send(driven, { type: 'mouseMoved', ...at })
  const before = await viewOf(driven)
  const scales = new Set<number>()
  const events = Array.from(
    { length: ticks },
    (_, i): Mouse => ({ type: 'mouseWheel', ...at, deltaY: i % 16 < 8 ? -100 : 100 }),
  )
  const reading = await traced(driven.session, 'MOUSE_WHEEL', async () => {
    await play(driven, events.slice(0, 4))
    scales.add((await viewOf(driven)).scale)
    await play(driven, events.slice(4))
  })
  await settle(driven)
  expectEffect(!scales.has(before.scale), 'the wheel did not zoom')
  return reading
}

/** Circles of the hand with the button of the page's pan gesture held. */
export const pan = async (
  driven: Driven,
  ticks: number,
  caps: { pan: 'drag' | 'middle' | 'none' },
): Promise<TraceReading> => {
  const at = await toClient(driven, EMPTY_POINT.x, EMPTY_POINT.y)
  const button = caps.pan === 'middle' ? 'middle' : 'left'
  const before = await viewOf(driven)
  await send(driven, { type: 'mouseMoved', ...at })
  await send(driven, { type: 'mousePressed', ...at, button })
  const circle = (i: number): Mouse => ({
    type: 'mouseMoved',
    x: at.x + 120 * Math.sin(i / 9),
    y: at.y + 90 * (1 - Math.cos(i / 9)),
    button,
  })
  const reading = await traced(driven.session, 'MOUSE_DRAGGED', () =>
    play(
      driven,
      Array.from({ length: ticks }, (_, i) => circle(i)),
    ),
  )
  const after = await viewOf(driven)
  await send(driven, { ...circle(ticks - 1), type: 'mouseReleased', button })
  await settle(driven)
  expectEffect(before.x !== after.x || before.y !== after.y, 'the drag did not pan')
  return reading
}

/** Straight across the targets and the regions beside them. */
export const hover = async (driven: Driven, ticks: number): Promise<TraceReading> => {
  const from = await toClient(driven, 1500, 1500)
  const to = await toClient(driven, 2500, 1500)
  const seen = new Set<string | null>()
  const path = Array.from({ length: ticks }, (_, i): Mouse => {
    const along = (1 - Math.cos((i / ticks) * Math.PI * 4)) / 2
    return { type: 'mouseMoved', x: from.x + (to.x - from.x) * along, y: from.y + (to.y - from.y) * along }
  })
  const reading = await traced(driven.session, 'MOUSE_MOVED', () => play(driven, path))
  const box = await toClient(driven, TARGET_BOX.x + 100, TARGET_BOX.y + 100)
  const empty = await toClient(driven, EMPTY_POINT.x, EMPTY_POINT.y)
  for (const at of [box, empty]) {
    await send(driven, { type: 'mouseMoved', ...at })
    await settle(driven)
    seen.add(await driven.page.evaluate(() => window.__bench!.hovered()))
  }
  expectEffect(seen.has(TARGET_BOX.id), 'nothing was hovered')
  return reading
}

/** Clicks the target; the latency is that of the button's release. */
export const select = async (driven: Driven): Promise<TraceReading> => {
  const at = await toClient(driven, TARGET_BOX.x + 100, TARGET_BOX.y + 100)
  await send(driven, { type: 'mouseMoved', ...at })
  await settle(driven, 400)
  const reading = await traced(driven.session, 'MOUSE_RELEASED', async () => {
    await send(driven, { type: 'mousePressed', ...at, button: 'left' })
    await settle(driven, 60)
    await send(driven, { type: 'mouseReleased', ...at, button: 'left' })
    await settle(driven, 300)
  })
  const selected = await driven.page.evaluate(() => window.__bench!.selected())
  expectEffect(selected.includes(TARGET_BOX.id), 'the click did not select')
  return reading
}

/** Drags the bottom right corner of the selected target about. */
export const dragCorner = async (driven: Driven, ticks: number): Promise<TraceReading> => {
  const { x, y, w, h } = TARGET_BOX
  const reading = await dragHandle(driven, TARGET_BOX.id, [x + w, y + h], ticks)
  const geometry = await driven.page.evaluate((id) => window.__bench!.geometry(id), TARGET_BOX.id)
  expectEffect(geometry !== undefined && 'w' in geometry && Math.abs(geometry.w - w) > 20, 'the corner did not move')
  return reading
}

/** Selects a polygon by a click at `inside`, and drags its first vertex about. */
export const dragVertex = async (
  driven: Driven,
  ticks: number,
  { id, points } = TARGET_POLYGON as { id: string; points: readonly number[] },
  inside: readonly [number, number] = [2180, 1500],
): Promise<TraceReading> => {
  const at = await toClient(driven, ...inside)
  await send(driven, { type: 'mouseMoved', ...at })
  await send(driven, { type: 'mousePressed', ...at, button: 'left' })
  await settle(driven, 60)
  await send(driven, { type: 'mouseReleased', ...at, button: 'left' })
  await settle(driven, 500)
  const first = [points[0]!, points[1]!] as const
  const reading = await dragHandle(driven, id, first, ticks)
  const geometry = await driven.page.evaluate((key) => window.__bench!.geometry(key), id)
  const moved =
    geometry !== undefined &&
    'points' in geometry &&
    geometry.points.length === points.length &&
    Math.hypot(geometry.points[0]! - first[0], geometry.points[1]! - first[1]) > 20
  expectEffect(moved, 'the vertex did not move')
  return reading
}

/** Drags the handle of a corner or vertex about and lets it go elsewhere. */
const dragHandle = async (
  driven: Driven,
  id: string,
  corner: readonly [number, number],
  ticks: number,
): Promise<TraceReading> => {
  const [x, y] = await driven.page.evaluate(([key, p]) => window.__bench!.handle?.(key, p) ?? p, [id, corner] as const)
  const at = await toClient(driven, x, y)
  await send(driven, { type: 'mouseMoved', ...at })
  await settle(driven)
  await send(driven, { type: 'mousePressed', ...at, button: 'left' })
  const place = (i: number): Mouse => ({
    type: 'mouseMoved',
    x: at.x + 30 + 28 * Math.sin(i / 7),
    y: at.y + 22 * Math.sin(i / 5),
    button: 'left',
  })
  const reading = await traced(driven.session, 'MOUSE_DRAGGED', () =>
    play(
      driven,
      Array.from({ length: ticks }, (_, i) => place(i)),
    ),
  )
  await send(driven, { ...place(ticks - 1), type: 'mouseReleased' })
  await settle(driven)
  return reading
}
