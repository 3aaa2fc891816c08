import type { Editor } from '#editor/editor.ts'
import { canFinishMask } from '#editor/paintCommands.ts'
import { isPaintTool } from '#editor/painting.ts'
import { isBusy } from '#editor/state.ts'
import type { Command, Scope, Studio } from './command.ts'
import { keepCopied } from './workspace/copiedText.ts'
import { displayStore, setDisplay, usualDisplay } from './workspace/displaySettings.ts'

type OfStudio = Omit<Command, 'when' | 'run' | 'scope'> & {
  scope?: Scope
  run(studio: Studio): void
  when?(studio: Studio): boolean
}

const ofStudio = ({ run, when, scope = 'image', ...rest }: OfStudio): Command => ({
  ...rest,
  scope,
  when: ({ studio }) => studio !== undefined && inScope(scope, studio.editor) && (when?.(studio) ?? true),
  run: ({ studio }) => {
    if (studio) run(studio)
  },
})

/** Whether a command of this scope can be done now. */
export function inScope(scope: Scope | undefined, editor: Editor | undefined): boolean {
  if (scope === 'selected') return (editor?.state.selected.size ?? 0) > 0
  if (scope === 'unselected') return (editor?.state.selected.size ?? 0) === 0
  if (scope === 'painting') return isPainting(editor)
  if (scope === 'notPainting') return !isPainting(editor)
  if (scope === 'classify') return editor === undefined || editor.state.tool === 'classify'
  return true
}

const isPainting = (editor: Editor | undefined): boolean => editor !== undefined && isPaintTool(editor.state.tool)

/** Copying and pasting run on the browser's clipboard events (workspace/useClipboard.ts): these lines are for people. */
const clipboard: readonly Command[] = [
  ofStudio({
    id: 'edit.copy',
    title: 'Copy the selected regions',
    group: 'Edit',
    keys: ['Ctrl+C'],
    byBrowser: true,
    when: ({ editor }) => (editor?.state.selected.size ?? 0) > 0,
    run: ({ editor }) => {
      if (!editor) return
      const copied = editor.copy()
      keepCopied(copied)
      void navigator.clipboard?.writeText(copied)
    },
  }),
  ofStudio({
    id: 'edit.paste',
    title: 'Paste regions',
    group: 'Edit',
    keys: ['Ctrl+V'],
    byBrowser: true,
    when: ({ editor }) => editor !== undefined && editor.state.readOnly === undefined,
    run: ({ editor }) => editor && void navigator.clipboard?.readText().then((text) => editor.paste(text)),
  }),
  ofStudio({
    id: 'edit.pasteHere',
    title: 'Paste under the pointer: a click places',
    group: 'Edit',
    keys: ['Ctrl+Shift+V'],
    when: ({ editor }) => editor !== undefined && editor.state.readOnly === undefined,
    run: (studio) => studio.pasteHere(),
  }),
  ofStudio({
    id: 'edit.copyPrevious',
    title: 'Copy all regions of the previous image',
    group: 'Edit',
    keys: ['Shift+A'],
    when: ({ editor }) => editor !== undefined && editor.state.readOnly === undefined,
    run: (studio) => studio.copyPrevious(),
  }),
  ofStudio({
    id: 'edit.propagate',
    title: 'Propagate the selection to the next images',
    group: 'Edit',
    keys: ['Ctrl+B'],
    scope: 'selected',
    run: (studio) => studio.propagate(),
  }),
  ofStudio({
    id: 'attributes.focus',
    title: 'Fill in the attributes of the selection',
    group: 'Edit',
    keys: ['Q'],
    scope: 'selected',
    run: (studio) => studio.fillAttributes(),
  }),
  ofStudio({
    id: 'edit.relabel',
    title: 'Change the concept of the selection',
    group: 'Edit',
    keys: ['Enter'],
    scope: 'selected',
    when: ({ editor }) => editor !== undefined && !isDrawing(editor),
    run: (studio) => studio.relabel(),
  }),
]

/** Enter belongs to the shape, or the mask, that is being made. */
const isDrawing = ({ state }: Editor): boolean => isBusy(state.toolState) || canFinishMask(state)

const images: readonly Command[] = [
  ofStudio({
    id: 'image.previous',
    title: 'Previous image',
    group: 'Images',
    keys: ['A'],
    run: (s) => s.previousImage(),
  }),
  ofStudio({
    id: 'image.next',
    title: 'Next image',
    group: 'Images',
    keys: ['D'],
    repeats: true,
    run: (s) => s.nextImage(),
  }),
  ofStudio({
    id: 'image.previousByArrow',
    title: 'Previous image, with nothing selected',
    group: 'Images',
    keys: ['ArrowLeft'],
    repeats: true,
    scope: 'unselected',
    run: (s) => s.previousImage(),
  }),
  ofStudio({
    id: 'image.nextByArrow',
    title: 'Next image, with nothing selected',
    group: 'Images',
    keys: ['ArrowRight'],
    repeats: true,
    scope: 'unselected',
    run: (s) => s.nextImage(),
  }),
  ofStudio({
    id: 'image.nextUnlabelled',
    title: 'Next unlabelled image',
    group: 'Images',
    keys: ['Shift+D'],
    run: (s) => s.nextUnlabelled(false),
  }),
  ofStudio({
    id: 'image.previousUnlabelled',
    title: 'Previous unlabelled image',
    group: 'Images',
    keys: [],
    run: (s) => s.nextUnlabelled(true),
  }),
  ofStudio({
    id: 'image.back10',
    title: '10 images back',
    group: 'Images',
    keys: [],
    repeats: true,
    run: (s) => s.turn(-10),
  }),
  ofStudio({
    id: 'image.forward10',
    title: '10 images on',
    group: 'Images',
    keys: [],
    repeats: true,
    run: (s) => s.turn(10),
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

const concepts: readonly Command[] = [
  ofStudio({
    id: 'concept.search',
    title: 'Search concepts',
    group: 'Concepts',
    keys: ['/'],
    run: (s) => s.searchConcepts(),
  }),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((slot) =>
    ofStudio({
      id: `concept.slot.${slot}`,
      title: `Use concept ${slot}`,
      group: 'Concepts',
      keys: [String(slot % 10)],
      run: (s) => s.useSlot(slot),
    }),
  ),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((slot) =>
    ofStudio({
      id: `concept.not.${slot}`,
      title: `Classify: the image does not show concept ${slot}`,
      group: 'Concepts',
      keys: [`Shift+${slot % 10}`],
      scope: 'classify',
      run: (s) => s.useSlot(slot, true),
    }),
  ),
  ofStudio({
    id: 'concept.none',
    title: 'No active concept: ask after each region',
    group: 'Concepts',
    keys: [],
    run: (s) => s.clearConcept(),
  }),
]

const view: readonly Command[] = [
  ofStudio({
    id: 'panels',
    title: 'Hide or show the panels',
    group: 'View',
    keys: ['\\'],
    run: (s) => s.togglePanels(),
  }),
  ofStudio({
    id: 'saving',
    title: 'What is saved and what is not',
    group: 'General',
    keys: [],
    run: (s) => s.explainSaving(),
  }),
]

/** How things are shown (workspace/displaySettings.ts): no data changes. */
const display: readonly Command[] = [
  ofStudio({
    id: 'view.display',
    title: 'Display: picture, names, colours, outlines',
    group: 'View',
    keys: ['J'],
    when: ({ editor }) => editor !== undefined,
    run: () => displayStore.setState(({ open }) => ({ open: !open })),
  }),
  ofStudio({
    id: 'view.invertColors',
    title: 'Invert the picture',
    group: 'View',
    keys: ['I'],
    when: ({ editor }) => editor !== undefined,
    run: () => setDisplay({ invert: !displayStore.getState().settings.invert }),
  }),
  ofStudio({
    id: 'view.minimap',
    title: 'Minimap when zoomed in: show or hide',
    group: 'View',
    keys: [],
    when: ({ editor }) => editor !== undefined,
    run: () => setDisplay({ minimap: !displayStore.getState().settings.minimap }),
  }),
  ofStudio({
    id: 'view.resetDisplay',
    title: 'Show picture and regions as usual',
    group: 'View',
    keys: ['Shift+J'],
    when: ({ editor }) => editor !== undefined,
    run: () => setDisplay(usualDisplay),
  }),
]

/** With the image open as assigned work. */
const work: readonly Command[] = [
  ofStudio({
    id: 'work.submit',
    title: 'Submit this image',
    group: 'Work',
    keys: ['Ctrl+Enter'],
    inFields: true,
    when: ({ work }) => work !== undefined,
    run: ({ work }) => work?.submit(),
  }),
  ofStudio({
    id: 'work.skip',
    title: 'Skip this image, with a reason',
    group: 'Work',
    keys: ['Ctrl+Shift+Enter'],
    when: ({ work }) => work !== undefined,
    run: ({ work }) => work?.skip(),
  }),
  ofStudio({
    id: 'work.unsubmit',
    title: 'Unsubmit this image, while nobody has reviewed it',
    group: 'Work',
    keys: [],
    when: ({ work }) => work !== undefined,
    run: ({ work }) => work?.unsubmit(),
  }),
  ofStudio({
    id: 'work.next',
    title: 'Next item of the queue',
    group: 'Work',
    keys: [],
    when: ({ work }) => work !== undefined,
    run: ({ work }) => work?.goOn(),
  }),
  ofStudio({
    id: 'work.instructions',
    title: 'Instructions of the task',
    group: 'Work',
    keys: [],
    when: ({ work }) => work?.instructions !== undefined,
    run: ({ work }) => work?.instructions?.(),
  }),
]

/** What can be done with an image open, besides what the editor does. */
export const studioCommands: readonly Command[] = [...clipboard, ...images, ...concepts, ...work, ...view, ...display]
