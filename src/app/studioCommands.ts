import type { Command } from './command.ts'
import { conceptCommands, suggestionCommands } from './conceptCommands.ts'
import { copyCommands } from './copyCommands.ts'
import { imageCommands } from './imageCommands.ts'
import { ofStudio } from './studioCommand.ts'
import { workCommands } from './workCommands.ts'
import { displayStore, setDisplay, usualDisplay } from './workspace/displaySettings.ts'

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

/** What can be done with an image open, besides what the editor does. */
export const studioCommands: readonly Command[] = [
  ...copyCommands,
  ...suggestionCommands,
  ...imageCommands,
  ...conceptCommands,
  ...workCommands,
  ...view,
  ...display,
]
