import { isBusy, isImmediate } from '#editor/state.ts'
import type { Command, Studio } from './command.ts'
import { ofStudio } from './studioCommand.ts'

/**
 * Whoever has moved something by the arrows on this image and loses the selection goes on pressing them: they must not
 * be thrown to another image by it (docs/decisions.md, 51).
 */
function turnsByArrow({ editor, say }: Studio): boolean {
  if (!editor?.movedByArrows) return true
  say('Nothing is selected, so the arrows move nothing. Other images: the buttons above, or their keys (A and D).')
  return false
}

/** Keys that are pressed by mistake in the middle of a shape must not tear the person away from it. */
function turns(studio: Studio): boolean {
  const { editor, say } = studio
  if (!editor) return true
  const { tool, toolState } = editor.state
  // a stroke of the brush is kept by leaving, and what is carried from image to image is not begun here
  if (!isBusy(toolState) || isImmediate(toolState) || tool === 'ghost') return true
  say('Something is half drawn: finish it with Enter or press Esc first, then change the image.')
  return false
}

/** From image to image, and what is said of one. */
export const imageCommands: readonly Command[] = [
  ofStudio({
    id: 'image.previous',
    title: 'Previous image',
    group: 'Images',
    keys: ['A'],
    repeats: true,
    run: (s) => turns(s) && s.previousImage(),
  }),
  ofStudio({
    id: 'image.next',
    title: 'Next image',
    group: 'Images',
    keys: ['D'],
    repeats: true,
    run: (s) => turns(s) && s.nextImage(),
  }),
  ofStudio({
    id: 'image.previousByArrow',
    title: 'Previous image, with nothing selected',
    group: 'Images',
    keys: ['ArrowLeft'],
    repeats: true,
    scope: 'unselected',
    run: (s) => turns(s) && turnsByArrow(s) && s.previousImage(),
  }),
  ofStudio({
    id: 'image.nextByArrow',
    title: 'Next image, with nothing selected',
    group: 'Images',
    keys: ['ArrowRight'],
    repeats: true,
    scope: 'unselected',
    run: (s) => turns(s) && turnsByArrow(s) && s.nextImage(),
  }),
  ofStudio({
    id: 'image.nextUnlabelled',
    title: 'Next unlabelled image',
    group: 'Images',
    keys: ['Shift+D'],
    run: (s) => turns(s) && s.nextUnlabelled(false),
  }),
  ofStudio({
    id: 'image.previousUnlabelled',
    title: 'Previous unlabelled image',
    group: 'Images',
    keys: [],
    run: (s) => turns(s) && s.nextUnlabelled(true),
  }),
  ofStudio({
    id: 'image.back10',
    title: '10 images back',
    group: 'Images',
    keys: [],
    repeats: true,
    run: (s) => turns(s) && s.turn(-10),
  }),
  ofStudio({
    id: 'image.forward10',
    title: '10 images on',
    group: 'Images',
    keys: [],
    repeats: true,
    run: (s) => turns(s) && s.turn(10),
  }),
  ofStudio({
    id: 'image.goTo',
    title: 'Go to image number or name',
    group: 'Images',
    keys: ['Ctrl+G'],
    run: (s) => s.goToImage(),
  }),
  ofStudio({
    id: 'image.empty',
    title: 'Mark as empty: looked at, nothing here',
    group: 'Images',
    keys: ['Shift+E'],
    run: (s) => s.toggleEmpty(),
  }),
  ofStudio({
    id: 'image.link',
    title: 'Copy a link to this image or region',
    group: 'Images',
    keys: [],
    run: (s) => s.copyLink(),
  }),
]
