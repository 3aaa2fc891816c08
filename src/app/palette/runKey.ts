import type { Command, CommandContext } from '#app/command.ts'
import { isTyping } from '#app/keyStroke.ts'
import { keyStore } from '#app/keys/keyStore.ts'
import { beginChord, beginningOf, chordStore, completes, endChord, isBetween } from './chord.ts'
import { sheetStore } from './studioStore.ts'

/** Where keys belong to what is open, or to a control of its own kind. */
const OVERLAYS = '[role="dialog"], [role="menu"], [role="alertdialog"]'
const PRESSABLE =
  'button, a[href], summary, [role="button"], [role="menuitem"], [role="radio"], [role="checkbox"], [role="tab"]'

/**
 * Runs the command a key press stands for, and keeps the browser from answering it too. Nothing happens where keys
 * mean something else: in fields and dialogs, and where a button is about to be pressed. The first of two keys in a row
 * is remembered for a while; when another comes than one that follows it, that one means what it always does.
 * @returns the command that ran
 */
export function runKey(
  event: KeyboardEvent,
  context: CommandContext,
  among: readonly Command[] = keyStore.getState().commands,
): Command | undefined {
  if (event.defaultPrevented) return undefined
  const hears = heard(event, among)
  const { begun } = chordStore.getState()
  if (begun !== undefined) {
    if (isBetween(event, begun)) {
      event.preventDefault()
      return undefined
    }
    endChord()
    const command = runFirst(event, context, hears, begun)
    if (command) return command
  }
  return runFirst(event, context, hears) ?? begin(event, context, hears)
}

/** The commands whose keys mean something where this press was made. */
function heard(event: KeyboardEvent, among: readonly Command[]): readonly Command[] {
  const target = event.target instanceof Element ? event.target : undefined
  // a sheet is open before it has the focus: what is typed meanwhile is not meant for the image
  const overlay = target?.closest<HTMLElement>(OVERLAYS)
  const inOverlay = (overlay != null && !passesOn(overlay, event)) || sheetStore.getState().open !== undefined
  const typing = isTyping(event)
  const onlyFields = typing || inOverlay
  // what opened an overlay closes it again from inside
  const own = typing ? undefined : overlay?.dataset?.keysOf?.split(' ')
  const pressing = (event.key === 'Enter' || event.key === ' ') && target?.matches(PRESSABLE)
  if (pressing) return []
  return among.filter(({ id, held, inFields }) => !held && (inFields || !onlyFields || own?.includes(id)))
}

/** What floats over the image and asks something leaves it all keys but those by which one moves and chooses in it. */
const passesOn = (overlay: HTMLElement, { key }: KeyboardEvent): boolean =>
  overlay.dataset.keys === 'image' && key.length === 1 && key !== ' '

function runFirst(
  event: KeyboardEvent,
  context: CommandContext,
  among: readonly Command[],
  begun?: string,
): Command | undefined {
  for (const command of among) {
    const at = command.keys.findIndex((key) => completes(key, event, begun))
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

/** Remembers the first of two keys, if one of these commands goes on from it now. */
function begin(event: KeyboardEvent, context: CommandContext, among: readonly Command[]): undefined {
  for (const command of among) {
    for (const key of command.keys) {
      const first = beginningOf(key, event)
      if (first === undefined || !command.when(context)) continue
      event.preventDefault()
      beginChord(first)
      return undefined
    }
  }
  return undefined
}
