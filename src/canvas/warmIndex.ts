import type { Editor } from '#editor/editor.ts'
import { hitAt, tolerances } from '#editor/hit.ts'
import { whenIdle, whenIdleAfter } from './idle.ts'

/** From so many regions on a hit is dear before its code is compiled: 60 µs each for the first 2,000 of 100,000. */
const MANY = 5000
/** Hits in one idle moment, 1 to 2 ms of them, and how many such moments. */
const PIECE = 60
const TIMES = 25
/** How long the first painting of image and regions is left alone. */
const PATIENCE_MS = 400
const patiently = (run: () => void) => whenIdleAfter(PATIENCE_MS, run)

let warm = false

/**
 * Has the index that finds regions by place built while nothing else is to be done, rather than under the first move of
 * the pointer: 100,000 regions take longer than a frame. `painted`: whether image and regions are on the screen, which
 * the page's idle moments before are needed for. Returns how to stop.
 */
export const warmIndex = (editor: Editor, painted: () => boolean): (() => void) => {
  let cancel: (() => void) | undefined
  const later = (run: () => void, wait = whenIdle) => {
    cancel ??= wait(() => {
      cancel = undefined
      run()
    })
  }
  const build = () => {
    editor.state.index.search({ kind: 'box', x: 0, y: 0, w: 0, h: 0 })
    if (warm || editor.state.regions.size < MANY) return
    warm = true
    later(() => hit(TIMES))
  }
  // as the pointer asks: at whole pixels and between them, with a box selected and without; what is compiled for some of
  // that alone is thrown away at the first that is other
  const hit = (times: number) => {
    const { state } = editor
    const { width, height } = state.size
    const [box] = state.regions.keys()
    const scenes = [state, box === undefined ? state : { ...state, selected: new Set([box]) }] as const
    for (let i = PIECE * times; i > PIECE * (times - 1); i--) {
      const between = i % 3 === 0 ? 0 : (i % 7) / 8
      hitAt(scenes[i % 2]!, [((i * 7919) % width) + between, ((i * 104_729) % height) + between], tolerances.mouse)
    }
    if (times > 1) later(() => hit(times - 1))
  }
  const buildSoon = () => later(() => (painted() ? build() : later(build, patiently)))
  buildSoon()
  const stop = editor.subscribe((state, previous) => {
    if (state.regions !== previous.regions) buildSoon()
  })
  return () => {
    stop()
    cancel?.()
  }
}
