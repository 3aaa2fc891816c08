import type { Page } from '@playwright/test'

declare global {
  interface Window {
    /** components that React rendered, by commit of the page, since it was last emptied */
    renders?: number[]
    /** those until another image was on the screen */
    turned?: Promise<readonly number[]>
  }
}

/** Counts what React renders from the next page on; see {@link rendersOfTurn}. */
export const countRenders = (page: Page): Promise<unknown> => page.addInitScript(watchReact)

/** What a key that opens another image renders until that is on the screen: how many components in each commit. */
export async function rendersOfTurn(page: Page, key: string): Promise<readonly number[]> {
  await page.evaluate(() => {
    const from = location.pathname
    window.renders?.splice(0)
    window.turned = new Promise((done) => {
      const look = () => {
        const shown = document.querySelector<HTMLAnchorElement>('nav[aria-label=Images] a[aria-current=page]')
        const { ready } = document.querySelector<HTMLElement>('[role=application]')?.dataset ?? {}
        if (location.pathname === from || shown?.pathname !== location.pathname || ready !== 'true') return
        watch.disconnect()
        done([...(window.renders ?? [])])
      }
      const watch = new MutationObserver(look)
      watch.observe(document.body, { attributes: true, subtree: true, attributeFilter: ['data-ready', 'aria-current'] })
    })
  })
  await page.keyboard.press(key)
  return page.evaluate(() => window.turned ?? [])
}

/** The parts of React's fibers that its developer tools read, too. */
interface Fiber {
  readonly type: unknown
  readonly flags: number
  readonly child: Fiber | null
  readonly sibling: Fiber | null
  readonly alternate: Fiber | null
  readonly memoizedProps: unknown
  readonly memoizedState: unknown
}

/** Runs in the page, before React: stands where its developer tools would. */
function watchReact() {
  const renders: number[] = []
  window.renders = renders
  const PERFORMED_WORK = 1
  const rendered = ({ type, flags, alternate: before, memoizedProps, memoizedState }: Fiber): boolean =>
    typeof type !== 'string' &&
    type !== null &&
    (flags & PERFORMED_WORK) !== 0 &&
    (before?.memoizedProps !== memoizedProps || before?.memoizedState !== memoizedState)
  const count = (fiber: Fiber): number => {
    let sum = 0
    for (let child = fiber.child; child; child = child.sibling) {
      if (rendered(child)) sum++
      // what was not looked at is the same object as before
      if (!child.alternate || child.child !== child.alternate.child) sum += count(child)
    }
    return sum
  }
  Object.assign(window, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      renderers: new Map(),
      inject: () => 1,
      onCommitFiberUnmount() {},
      onPostCommitFiberRoot() {},
      onCommitFiberRoot: (_: number, { current }: { current: Fiber }) => {
        renders.push(count(current))
      },
    },
  })
}
