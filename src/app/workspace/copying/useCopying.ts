import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import type { Images } from '#app/workspace/filmstrip/useImages.ts'
import { readMasks } from '#app/workspace/masks/maskReader.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { cutOff } from '#editor/clipboard.ts'
import type { InputScope } from '#sync/scope.ts'
import { failureToast } from '#ui/toast.tsx'
import { readCopied } from './copiedText.ts'
import { regionsFrom } from './copyPrevious.ts'

interface Options {
  session: InputSession
  images: Images
  scope: InputScope
  say: (text: string, undo?: () => void) => void
}

/** Pasting under the pointer, and taking over what the previous image has. */
export function useCopying({ session, images, scope, say }: Options) {
  const { clients, queryClient, sync, person } = useApp()
  const { editor } = session
  const copyPrevious = async () => {
    if (images.place === undefined || images.place < 2) return say('This is the first image.')
    const [previous] = await images.range(images.place - 1, 1)
    if (!previous) return say('The previous image could not be found.')
    const reach = { clients, queryClient, sync, me: person.id, work: session.work }
    const { width, height } = previous
    const from = { scope: { ...scope, input: previous.inputId }, size: { width, height } }
    const here = { scope, size: editor.state.size }
    const { items, known, left, outside, cut } = await regionsFrom(reach, from, here, readMasks)
    if (items.length > 0) editor.addAll(items)
    const parts = [
      items.length > 0 ? `${count(items.length, 'region')} copied from the previous image.` : undefined,
      known > 0 ? `${count(known, 'is', 'are')} here already.` : undefined,
      left > 0 ? `${left} cannot be copied.` : undefined,
      outside > 0 ? `${count(outside, 'lies', 'lie')} outside this image, which is smaller.` : undefined,
      cut > 0 ? cutOff(cut) : undefined,
    ].filter((part) => part !== undefined)
    say(
      parts.join(' ') || 'The previous image has no regions.',
      items.length > 0 ? () => void editor.undo() : undefined,
    )
  }
  return {
    copyPrevious: () =>
      void copyPrevious().catch((error: unknown) => failureToast('Nothing was copied', messageOf(error))),
    pasteHere: () =>
      void readCopied().then((text) => {
        editor.carry(text ?? '')
        if (editor.state.tool !== 'ghost') say('There are no copied regions to paste.')
      }),
  }
}
