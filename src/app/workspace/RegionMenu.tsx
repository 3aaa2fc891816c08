import { ActionIcon, Menu } from '@mantine/core'
import { Ellipsis } from 'lucide-react'
import { commandOf } from '#app/commands.ts'
import { onMac, shownKeys } from '#app/keyStroke.ts'
import { editorCommands } from '#editor/commands.ts'
import type { Editor } from '#editor/editor.ts'
import { Kbd } from '#ui/Kbd.tsx'

/** Ids of what can be done to a selection, in the order of the menu; a blank makes a line. */
const items = [
  'edit.relabel',
  'edit.duplicate',
  '',
  'select.front',
  'select.back',
  '',
  'select.lock',
  'select.hide',
  'select.solo',
  'view.selection',
  '',
  'edit.delete',
]

interface Props {
  editor: Editor
  name: string
  onRelabel: () => void
}

/** The one menu of the list: it belongs to the active row and acts on what is selected. */
export function RegionMenu({ editor, name, onRelabel }: Props) {
  return (
    <Menu position="bottom-end" width={250}>
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
  return items.map((id, i) => {
    if (id === '') return <Menu.Divider key={`line${items[i - 1]}`} />
    const command = commandOf(id)
    const run = () => runOn(editor, id, onRelabel)
    return (
      <Menu.Item
        key={id}
        onClick={run}
        color={id === 'edit.delete' ? 'red' : undefined}
        rightSection={command.keys[0] && <Kbd keys={shownKeys(command.keys[0], onMac()).join(' ')} />}
      >
        {command.title}
      </Menu.Item>
    )
  })
}

function runOn(editor: Editor, id: string, onRelabel: () => void): void {
  if (id === 'edit.relabel') onRelabel()
  else editorCommands.find((command) => command.id === id)?.run(editor)
}
