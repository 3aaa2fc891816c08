import { displayAmounts, displayChoices, displaySwitches } from '#app/workspace/display/displayChoices.ts'
import {
  changeWindow,
  type DisplaySettings,
  displayStore,
  setDisplay,
  usualDisplay,
} from '#app/workspace/display/displaySettings.ts'
import type { Command, Studio } from './command.ts'
import { ofStudio } from './studioCommand.ts'

/** How things are shown (workspace/displaySettings.ts): no data changes. */
const ofDisplay = (
  command: Omit<Command, 'when' | 'scope' | 'run'> & { run(studio: Pick<Studio, 'say'>): void },
): Command => ofStudio({ ...command, when: ({ editor }) => editor !== undefined, run: (studio) => command.run(studio) })

const open = (): void => displayStore.setState({ open: true })

/** Keys and titles of their own; other switches have neither. */
const switches: Partial<Record<keyof typeof displaySwitches, { id: string; title: string; keys: readonly string[] }>> =
  {
    invert: { id: 'view.invertColors', title: 'Invert the picture', keys: ['I'] },
    equalise: { id: 'view.equalise', title: 'Equalise the picture', keys: [] },
    minimap: { id: 'view.minimap', title: 'Minimap when zoomed in: show or hide', keys: [] },
  }

/** Which values of the picture are seen: in steps, for keys of one's own. */
const windowing: readonly Command[] = (
  [
    ['Narrower', 'narrower: more contrast', { width: -1 / 16 }],
    ['Wider', 'wider: less contrast', { width: 1 / 16 }],
    ['Lower', 'lower: dark parts', { level: -1 / 32 }],
    ['Higher', 'higher: bright parts', { level: 1 / 32 }],
  ] as const
).map(([name, title, change]) =>
  ofDisplay({
    id: `view.window${name}`,
    title: `Window of values ${title}`,
    group: 'View',
    keys: [],
    run: () => changeWindow(change),
  }),
)

export const displayCommands: readonly Command[] = [
  ofDisplay({
    id: 'view.display',
    title: 'Display: picture, names, colours, outlines',
    group: 'View',
    keys: ['J'],
    run: () => displayStore.setState((state) => ({ open: !state.open })),
  }),
  ...(Object.keys(displaySwitches) as (keyof typeof displaySwitches)[]).map((name) =>
    ofDisplay({
      id: `display.${name}`,
      title: `${displaySwitches[name]}: on or off`,
      keys: [],
      ...switches[name],
      group: 'View',
      // some show only when zoomed in, or on the next region
      run: ({ say }) => {
        const on = !displayStore.getState().settings[name]
        setDisplay({ [name]: on })
        say(`${displaySwitches[name]}: ${on ? 'on' : 'off'}.`)
      },
    }),
  ),
  ...windowing,
  ofDisplay({
    id: 'view.resetDisplay',
    title: 'Show picture and regions as usual',
    group: 'View',
    keys: ['Shift+J'],
    run: () => setDisplay(usualDisplay),
  }),
  ...(Object.keys(displayChoices) as (keyof typeof displayChoices)[]).flatMap((name) =>
    displayChoices[name].options.map(([value, said]) =>
      ofDisplay({
        id: `display.${name}.${value}`,
        title: `${displayChoices[name].name}: ${said}`,
        group: 'Settings',
        keys: [],
        run: () => setDisplay({ [name]: value } as Partial<DisplaySettings>),
      }),
    ),
  ),
  ...Object.entries(displayAmounts).map(([name, said]) =>
    ofDisplay({ id: `display.${name}`, title: `${said}: set it`, group: 'Settings', keys: [], run: open }),
  ),
]
