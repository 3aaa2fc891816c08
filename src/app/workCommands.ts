import type { Command } from './command.ts'
import { ofStudio } from './studioCommand.ts'

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
