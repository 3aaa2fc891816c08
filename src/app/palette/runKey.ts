import type { Command, CommandContext } from '#app/command.ts'
import { isTyping, matchesStroke } from '#app/keyStroke.ts'
import { keyStore } from '#app/keys/keyStore.ts'
import { sheetStore } from './studioStore.ts'

/** Where keys belong to what is open, or to a control of its own kind. */
const OVERLAYS = '[role="dialog"], [role="menu"], [role="alertdialog"]'
const PRESSABLE =
  'button, a[href], summary, [role="button"], [role="menuitem"], [role="radio"], [role="checkbox"], [role="tab"]'

/**
 * Runs the command a key press stands for, and keeps the browser from answering it too. Nothing happens where keys
 * mean something else: in fields and dialogs, and where a button is about to be pressed.
 * @returns the command that ran
 */
export function runKey(
  event: KeyboardEvent,
  context: CommandContext,
  among: readonly Command[] = keyStore.getState().commands,
): Command | undefined {
  if (event.defaultPrevented) return undefined
  const typing = isTyping(event)
  const target = event.target instanceof Element ? event.target : undefined
  // a sheet is open before it has the focus: what is typed meanwhile is not meant for the image
  const inOverlay = target?.closest(OVERLAYS) != null || sheetStore.getState().open !== undefined
  const pressing = (event.key === 'Enter' || event.key === ' ') && target?.matches(PRESSABLE)
  for (const command of among) {
    if ((typing || inOverlay) && !command.inFields) continue
    const at = command.held || pressing ? -1 : command.keys.findIndex((key) => matchesStroke(key, event))
    if (at < 0) continue
    if ((command.byBrowser && at === 0) || (event.repeat && !command.repeats)) return undefined
    if (command.onCanvas && event.key === 'Tab' && !context.studio?.onCanvas()) continue
    if (!command.when(context)) continue
    event.preventDefault()
    command.run(context)
    return command
  }
  return undefined
}
