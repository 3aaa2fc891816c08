import { keepCopied } from '#app/workspace/copying/copiedText.ts'
import { isDrawing } from '#editor/drawing.ts'
import type { Command } from './command.ts'
import { ofStudio } from './studioCommand.ts'

/** Copying and pasting run on the browser's clipboard events (workspace/useClipboard.ts): these lines are for people. */
export const copyCommands: readonly Command[] = [
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
    // an Enter that was to close an outline that has closed itself asks nothing
    when: ({ editor }) => editor !== undefined && !isDrawing(editor) && !editor.hasJustClosed,
    run: (studio) => studio.relabel(),
  }),
]
