import type { AnnotationSlot } from './ledger.ts'
import { type AppScope, addressOf, appKey } from './scope.ts'
import { isIdle } from './slot.ts'

/** What an input's unacknowledged edits amount to, the most urgent first. */
export type InputState = 'conflict' | 'refused' | 'waiting'

/** The inputs of an app with edits that the server does not have. */
export function inputStates(
  slots: ReadonlyMap<string, AnnotationSlot>,
  app: AppScope,
): ReadonlyMap<string, InputState> {
  const key = appKey(app)
  const inputs = new Map<string, InputState>()
  for (const [address, slot] of slots) {
    const { input, ...scope } = addressOf(address)
    if (isIdle(slot) || appKey(scope) !== key) continue
    inputs.set(input, moreUrgent(inputs.get(input), slot.rejected?.kind ?? 'waiting'))
  }
  return inputs
}

const moreUrgent = (a: InputState | undefined, b: InputState): InputState =>
  (['conflict', 'refused', 'waiting'] as const).find((state) => state === a || state === b) ?? b
