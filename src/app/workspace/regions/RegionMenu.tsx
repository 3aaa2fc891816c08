import { ActionIcon, Menu } from '@mantine/core'
import { Ellipsis } from 'lucide-react'
import { useStore } from 'zustand'
import { onMac, shownKeys } from '#app/keyStroke.ts'
import { keyStore, keysOf } from '#app/keys/keyStore.ts'
import { studioStore } from '#app/palette/studioStore.ts'
import { editorCommands } from '#editor/commands.ts'
import type { Editor } from '#editor/editor.ts'
import { suggestedAmong } from '#editor/suggestions.ts'
import { Kbd } from '#ui/Kbd.tsx'
import classes from './RegionMenu.module.css'

type Item = readonly [id: string, title: string, onlyWherePossible?: true]
/** One behind a name: the menu must fit a screen of 768 px without scrolling. */
interface Group {
  readonly name: string
  readonly items: readonly Item[]
}

/** What can be done to a selection, by command id, in the order of the menu; a text makes a line. */
const items: readonly (Item | Group | string)[] = [
  ['suggestion.accept', 'Accept the suggestion', true],
  ['suggestion.reject', 'Reject the suggestion', true],
  ['edit.relabel', 'Change concept'],
  ['edit.duplicate', 'Duplicate'],
  ['edit.propagate', 'Propagate to next images'],
  {
    name: 'Shape',
    items: [
      ['shape.simplify', 'Simplify', true],
      ['shape.fix', 'Split where it crosses itself', true],
      ['shape.cut', 'Cut with a line', true],
      ['shape.turnable', 'Make it turnable', true],
      ['shape.corners', 'Free its corners', true],
      ['mask.toPolygon', 'To polygon', true],
      ['mask.fromShape', 'To mask', true],
      ['mask.split', 'Split into pieces', true],
      ['mask.islands', 'Remove small islands', true],
      ['mask.fillHoles', 'Fill all holes', true],
    ],
  },
  {
    name: 'Combine',
    items: [
      ['shape.union', 'Unite', true],
      ['shape.subtract', 'Subtract the last selected, which goes', true],
      ['shape.intersect', 'Intersect', true],
    ],
  },
  {
    name: 'Order',
    items: [
      ['select.front', 'Bring to front'],
      ['select.forward', 'Bring forward'],
      ['select.backward', 'Send backward'],
      ['select.back', 'Send to back'],
    ],
  },
  'before what is seen',
  ['select.lock', 'Lock or unlock'],
  ['select.hide', 'Hide or show'],
  ['select.solo', 'Show only these'],
  ['view.selection', 'Zoom to it'],
  ['image.link', 'Copy a link to it'],
  'before what is lost',
  ['edit.delete', 'Delete'],
]

interface Props {
  editor: Editor
  name: string
  onRelabel: () => void
}

/** The one menu of the list: it belongs to the active row and acts on what is selected. */
export function RegionMenu({ editor, name, onRelabel }: Props) {
  return (
    <Menu position="bottom-end" width={280} middlewares={{ flip: false, shift: { crossAxis: true, padding: 8 } }}>
      <Menu.Target>
        <ActionIcon size={24} aria-label={`Actions for ${name}`}>
          <Ellipsis size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <RegionMenuItems editor={editor} onRelabel={onRelabel} />
      </Menu.Dropdown>
    </Menu>
  )
}

/** What changes a region; the rest only copies it, or shows it otherwise. */
const CHANGES = /^(edit\.relabel|edit\.delete|select\.(front|forward|backward|back)|shape\.|mask\.)/

/** Why nothing of what is selected may be changed; a suggestion becomes one's own by whatever is done with it. */
function whyNone({ state }: Editor): string | undefined {
  if (suggestedAmong(state, state.selected).length > 0) return undefined
  const reasons = [...state.selected].map((key) => {
    const region = state.regions.get(key)
    return region && state.whyNot(region)
  })
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined
}

export function RegionMenuItems({ editor, onRelabel }: Omit<Props, 'name'>) {
  const why = whyNone(editor)
  const usable = why === undefined ? items : items.filter((item) => !changes(item))
  const lines = usable.map((item) => {
    if (typeof item === 'string') return <Menu.Divider key={item} />
    if (!('name' in item)) return <Line key={item[0]} item={item} editor={editor} onRelabel={onRelabel} />
    const possible = item.items.filter((one) => isPossible(one, editor))
    // one alone needs no name to stand behind
    if (possible.length <= 1)
      return possible.map((one) => <Line key={one[0]} item={one} editor={editor} onRelabel={onRelabel} />)
    return (
      <Menu.Sub key={item.name} position="right-start" offset={2}>
        <Menu.Sub.Target>
          <Menu.Sub.Item>{item.name}</Menu.Sub.Item>
        </Menu.Sub.Target>
        <Menu.Sub.Dropdown>
          {possible.map((one) => (
            <Line key={one[0]} item={one} editor={editor} onRelabel={onRelabel} />
          ))}
        </Menu.Sub.Dropdown>
      </Menu.Sub>
    )
  })
  if (why === undefined) return lines
  return (
    <>
      <Menu.Label className={classes.why}>{why}</Menu.Label>
      {lines}
    </>
  )
}

const changes = (item: (typeof items)[number]): boolean => {
  if (typeof item === 'string') return item === 'before what is lost'
  return 'name' in item ? item.items.every(([id]) => CHANGES.test(id)) : CHANGES.test(item[0])
}

const isPossible = ([id, , onlyWherePossible]: Item, editor: Editor): boolean =>
  !onlyWherePossible || editorCommands.some((command) => command.id === id && !command.whyNot(editor.state))

function Line({ item, editor, onRelabel }: { item: Item } & Omit<Props, 'name'>) {
  const key = useStore(keyStore, (bound) => keysOf(item[0], bound)[0])
  const [id, title] = item
  if (!isPossible(item, editor)) return null
  return (
    <Menu.Item
      onClick={() => runOn(editor, id, onRelabel)}
      c={id === 'edit.delete' ? 'var(--danger)' : undefined}
      rightSection={key && <Kbd keys={shownKeys(key, onMac()).join(' ')} />}
    >
      {title}
    </Menu.Item>
  )
}

function runOn(editor: Editor, id: string, onRelabel: () => void): void {
  const { studio } = studioStore.getState()
  if (id === 'edit.relabel') onRelabel()
  else if (id === 'edit.propagate') studio?.propagate()
  else if (id === 'image.link') studio?.copyLink()
  else editorCommands.find((command) => command.id === id)?.run(editor)
}
