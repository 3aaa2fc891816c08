import { stackAt, tolerances } from '#editor/hit.ts'
import type { Pointing, Scene } from '#editor/scene.ts'
import type { Effect } from './tool.ts'

/** The context menu about the selection, or about what lies under the pointer when nothing of that is selected. */
export function menuEffects(event: Pointing, scene: Scene): readonly Effect[] {
  const stack = stackAt(scene, event.at, tolerances[event.kind])
  const select = stack[0] !== undefined && !stack.some((key) => scene.selected.has(key))
  const ask: Effect = { do: 'ask', ask: { kind: 'menu', screen: event.screen, stack } }
  return select ? [{ do: 'select', keys: [stack[0]!] }, ask] : [ask]
}
