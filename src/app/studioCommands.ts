import type { Command } from './command.ts'
import { conceptCommands, suggestionCommands } from './conceptCommands.ts'
import { copyCommands } from './copyCommands.ts'
import { displayCommands } from './displayCommands.ts'
import { imageCommands } from './imageCommands.ts'
import { ofStudio } from './studioCommand.ts'
import { workCommands } from './workCommands.ts'

const view: readonly Command[] = [
  ofStudio({
    id: 'panels',
    title: 'Hide or show the panels',
    group: 'View',
    keys: ['\\'],
    run: (s) => s.togglePanels(),
  }),
  ofStudio({
    id: 'save',
    title: 'Save now: everything is saved as you work',
    group: 'General',
    // else the browser would offer to save its page
    keys: ['Ctrl+S'],
    inFields: true,
    run: (s) => s.save(),
  }),
  ofStudio({
    id: 'saving',
    title: 'What is saved and what is not',
    group: 'General',
    keys: [],
    run: (s) => s.explainSaving(),
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
  ...displayCommands,
]
