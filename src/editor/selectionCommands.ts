import type { EditorCommand } from './command.ts'
import { all, always, any, editable, needs, regions, selection, selectionEdit } from './enabled.ts'
import { isBusy } from './state.ts'
import { suggestedAmong } from './suggestions.ts'

const drawing = needs(({ toolState }) => isBusy(toolState), 'nothing is being drawn')

/** What is selected, and in which order, locked or hidden it stands. */
export const selectionCommands: readonly EditorCommand[] = [
  {
    id: 'select.all',
    title: 'Select all',
    group: 'Selection',
    keys: ['Ctrl+A'],
    whyNot: always,
    run: (e) => e.selectAll(),
  },
  {
    id: 'select.none',
    title: 'Select nothing',
    group: 'Selection',
    keys: [],
    whyNot: selection,
    run: (e) => e.select([]),
  },
  {
    id: 'select.next',
    title: 'Next region; while drawing, the other of two ways',
    group: 'Selection',
    keys: ['Tab'],
    repeats: true,
    whyNot: any(regions, drawing),
    // while something is drawn Tab never leaves it, be there another way or not
    run: (e) => (isBusy(e.state.toolState) ? e.flip() : e.selectNext(1)),
  },
  {
    id: 'select.previous',
    title: 'Previous region; while drawing, the other of two ways',
    group: 'Selection',
    keys: ['Shift+Tab'],
    repeats: true,
    whyNot: any(regions, drawing),
    // Shift is still held from the stroke that redraws a part
    run: (e) => (isBusy(e.state.toolState) ? e.flip() : e.selectNext(-1)),
  },
  {
    id: 'select.forward',
    title: 'Bring forward',
    group: 'Selection',
    keys: [']'],
    scope: 'notPainting',
    whyNot: selectionEdit,
    run: (e) => e.reorder('forward'),
  },
  {
    id: 'select.backward',
    title: 'Send backward',
    group: 'Selection',
    keys: ['['],
    scope: 'notPainting',
    whyNot: selectionEdit,
    run: (e) => e.reorder('backward'),
  },
  {
    id: 'select.front',
    title: 'Bring to front',
    group: 'Selection',
    keys: ['}'],
    scope: 'notPainting',
    whyNot: selectionEdit,
    run: (e) => e.reorder('front'),
  },
  {
    id: 'select.back',
    title: 'Send to back',
    group: 'Selection',
    keys: ['{'],
    scope: 'notPainting',
    whyNot: selectionEdit,
    run: (e) => e.reorder('back'),
  },
  {
    id: 'select.lock',
    title: 'Lock or unlock',
    group: 'Selection',
    keys: ['L'],
    scope: 'notPainting',
    whyNot: selection,
    run: (e) => e.setLocked(e.state.selected, ![...e.state.selected].every((key) => e.state.locked.has(key))),
  },
  {
    id: 'select.hide',
    title: 'Hide or show',
    group: 'Selection',
    keys: ['H'],
    scope: 'notPainting',
    whyNot: selection,
    run: (e) => e.setHidden(e.state.selected, ![...e.state.selected].every((key) => e.state.hidden.has(key))),
  },
  {
    id: 'select.solo',
    title: 'Show only the selection, or everything again',
    group: 'Selection',
    keys: ['Shift+H'],
    whyNot: any(
      selection,
      needs(({ hidden }) => hidden.size > 0, 'nothing is hidden'),
    ),
    run: (e) => e.solo(),
  },
  {
    id: 'select.allHidden',
    title: 'Hide all regions, or show all again',
    group: 'Selection',
    keys: [],
    whyNot: regions,
    run: (e) => e.setHidden(e.state.regions.keys(), e.state.hidden.size < e.state.regions.size),
  },
  {
    id: 'select.allLocked',
    title: 'Lock all regions, or unlock all again',
    group: 'Selection',
    keys: [],
    whyNot: regions,
    run: (e) => e.setLocked(e.state.regions.keys(), e.state.locked.size < e.state.regions.size),
  },
]

const suggested = all(
  editable,
  needs((state) => suggestedAmong(state, state.selected).length > 0, 'select a suggestion first'),
)

/** What a model suggests, where it is selected (decisions §13). */
export const suggestionCommands: readonly EditorCommand[] = [
  {
    id: 'suggestion.accept',
    title: 'Accept the selected suggestions',
    group: 'Suggestions',
    keys: [],
    whyNot: suggested,
    run: (e) => e.acceptSuggestions(e.state.selected),
  },
  {
    id: 'suggestion.reject',
    title: 'Reject the selected suggestions',
    group: 'Suggestions',
    keys: [],
    whyNot: suggested,
    run: (e) => e.rejectSuggestions(e.state.selected),
  },
]
