import { isDrawing } from '#editor/drawing.ts'
import type { Command } from './command.ts'
import { ofStudio } from './studioCommand.ts'
import { enterSubmits } from './work/enterSubmits.ts'

/** With the image open as assigned work. */
export const workCommands: readonly Command[] = [
  ofStudio({
    id: 'work.submit',
    title: 'Submit this image',
    group: 'Work',
    keys: ['Ctrl+Enter'],
    inFields: true,
    when: ({ work }) => work !== undefined,
    run: ({ work }) => work?.submit(),
  }),
  // with something selected Enter chooses its concept, and a shape that is being drawn it finishes
  ofStudio({
    id: 'work.submitByEnter',
    title: 'Submit this image, where “Enter submits” is on',
    group: 'Work',
    keys: ['Enter'],
    scope: 'unselected',
    when: ({ work, editor }) => work !== undefined && enterSubmits.getState().on && !(editor && isDrawing(editor)),
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
