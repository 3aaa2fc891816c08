import { ActionIcon, Menu } from '@mantine/core'
import { Ellipsis } from 'lucide-react'
import { useStore } from 'zustand'
import { onMac, shownKeys } from '#app/keyStroke.ts'
import { keyStore, keysOf } from '#app/keys/keyStore.ts'
import { studioStore } from '#app/palette/studioStore.ts'
import { editorCommands } from '#editor/commands.ts'
import type { Editor } from '#editor/editor.ts'
import { Kbd } from '#ui/Kbd.tsx'

/** What can be done to a selection, by command id, in the order of the menu; a blank makes a line. */
const items: readonly (readonly [id: string, title: string, onlyWherePossible?: true] | undefined)[] = [
  ['suggestion.accept', 'Accept the suggestion', true],
  ['suggestion.reject', 'Reject the suggestion', true],
  ['edit.relabel', 'Change concept'],
  ['edit.duplicate', 'Duplicate'],
  ['edit.propagate', 'Propagate to the next images'],
  ['image.link', 'Copy a link to it'],
  undefined,
  ['shape.union', 'Unite', true],
  ['shape.subtract', 'Subtract the last selected, which goes', true],
  ['shape.intersect', 'Intersect', true],
  ['shape.cut', 'Cut with a line', true],
  ['shape.simplify', 'Simplify', true],
  ['shape.turnable', 'Make it turnable', true],
  ['shape.corners', 'Free its corners', true],
  ['mask.toPolygon', 'To polygon', true],
  ['mask.fromShape', 'To mask', true],
  ['mask.split', 'Split into pieces', true],
  ['mask.islands', 'Remove small islands', true],
  ['mask.fillHoles', 'Fill all holes', true],
  undefined,
  ['select.front', 'Bring to front'],
  ['select.back', 'Send to back'],
  undefined,
  ['select.lock', 'Lock or unlock'],
  ['select.hide', 'Hide or show'],
  ['select.solo', 'Show only these'],
  ['view.selection', 'Zoom to it'],
  undefined,
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

export function RegionMenuItems({ editor, onRelabel }: Omit<Props, 'name'>) {
  const bound = useStore(keyStore)
  return items.map((item, i) => {
    if (!item) return <Menu.Divider key={`after ${items[i - 1]?.[0]}`} />
    const [id, title, onlyWherePossible] = item
    if (onlyWherePossible && !editorCommands.find((command) => command.id === id)?.enabled(editor.state)) return null
    const key = keysOf(id, bound)[0]
    return (
      <Menu.Item
        key={id}
        onClick={() => runOn(editor, id, onRelabel)}
        c={id === 'edit.delete' ? 'var(--danger)' : undefined}
        rightSection={key && <Kbd keys={shownKeys(key, onMac()).join(' ')} />}
      >
        {title}
      </Menu.Item>
    )
  })
}

function runOn(editor: Editor, id: string, onRelabel: () => void): void {
  const { studio } = studioStore.getState()
  if (id === 'edit.relabel') onRelabel()
  else if (id === 'edit.propagate') studio?.propagate()
  else if (id === 'image.link') studio?.copyLink()
  else editorCommands.find((command) => command.id === id)?.run(editor)
}
