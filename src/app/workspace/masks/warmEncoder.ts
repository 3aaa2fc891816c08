import { Spans } from '#geometry/mask.ts'
import { maskToPng } from '#model/maskPng.ts'

let warm = false

/** Rows and spans of a mask like those that are painted; image px. */
const SIDE = 150
const TIMES = 16

/**
 * Encodes small masks while nothing else is to be done, one of some 2 ms an idle moment (it must not come in the way of
 * a stroke), so that the code is compiled when the first stroke ends: the first mask of 12 MP then takes as long as any
 * other (2 ms) rather than 20.
 */
export const warmEncoder = (): void => {
  if (warm) return
  warm = true
  const idle = window.requestIdleCallback ?? ((run: () => void) => window.setTimeout(run, 100))
  const encode = (times: number) => {
    const spans = new Spans()
    for (let y = 0; y < SIDE; y++) for (let x = y % 40; x < SIDE; x += 60) spans.add(y, x, x + 1 + ((x * y) % 50))
    maskToPng(spans.toMask(), { width: SIDE, height: 2 * SIDE })
    if (times > 1) idle(() => encode(times - 1))
  }
  idle(() => encode(TIMES))
}
