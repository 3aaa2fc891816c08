import type { Command } from '#app/command.ts'
import { matchesStroke } from '#app/keyStroke.ts'
import type { HeldKeys } from '#editor/heldKeys.ts'

/** Which held keys these commands mean. Select's own key, held, is a visit to Select. */
export function heldBy(commands: readonly Command[]): HeldKeys {
  const holds = commands.flatMap(({ id, held, keys, scope }) => {
    const does = id === 'tool.select' ? 'select' : held
    return does ? keys.map((key) => ({ does, key, scope })) : []
  })
  return ({ key, code, shift, alt, ctrl, meta }, painting) => {
    const press = { key, code, shiftKey: shift, altKey: alt, ctrlKey: ctrl, metaKey: meta }
    return holds.find(
      ({ does, key: stroke, scope }) =>
        (painting || scope !== 'painting') &&
        // Shift squares the box that is moved meanwhile
        matchesStroke(stroke, does === 'pan' ? { ...press, shiftKey: false } : press),
    )?.does
  }
}
