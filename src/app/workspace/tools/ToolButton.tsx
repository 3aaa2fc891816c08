import { Menu } from '@mantine/core'
import { Diamond, type LucideIcon, Move, Square } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { onMac, shownKeys } from '#app/keyStroke.ts'
import { keyStore, keysOf } from '#app/keys/keyStore.ts'
import { Hint } from '#app/workspace/Hint.tsx'
import type { ToolId } from '#editor/tools/tool.ts'
import { Kbd } from '#ui/Kbd.tsx'
import { steady } from '#ui/steady.tsx'
import classes from './Toolbar.module.css'

/** Other ways to draw the same, behind one button; the first is what the button is named for. */
const ways: Partial<
  Record<ToolId, readonly { readonly id: ToolId; readonly name: string; readonly icon: LucideIcon }[]>
> = {
  box: [
    { id: 'box', name: 'Box', icon: Square },
    { id: 'extremes', name: 'Box by its four outermost points', icon: Move },
    { id: 'rotated', name: 'Rotated box by three points', icon: Diamond },
  ],
}

interface Props {
  id: ToolId
  name: string
  icon: LucideIcon
  inHand: ToolId
  checked: boolean
  onTake: (id: ToolId) => void
}

/** A tool; where there are more ways to draw the same, a second press, the right button or a long press offers them. */
export const ToolButton = steady(function ToolButton({ id, name, icon, inHand, checked, onTake }: Props) {
  const [opened, setOpened] = useState(false)
  const bound = useStore(keyStore)
  const others = ways[id]
  const Icon = (checked && others?.find((way) => way.id === inHand)?.icon) || icon
  const button = (
    // biome-ignore lint/a11y/useSemanticElements: a tool is a button that stays down; the group is one of radios
    <button
      type="button"
      role="radio"
      aria-checked={checked}
      aria-label={name}
      aria-description={others && 'Press again for other ways to draw it'}
      tabIndex={checked ? 0 : -1}
      data-tool-id={id}
      data-ways={others && true}
      className={classes.tool}
      onClick={() => (checked && others ? setOpened(!opened) : onTake(id))}
      onContextMenu={(event) => {
        event.preventDefault()
        if (others) setOpened(true)
      }}
    >
      <Icon size={18} strokeWidth={1.75} aria-hidden />
    </button>
  )
  const hinted = (
    <Hint command={`tool.${id}`} position="right" disabled={opened}>
      {button}
    </Hint>
  )
  if (!others) return hinted
  return (
    <div className={classes.ways}>
      {hinted}
      <Menu opened={opened} onChange={setOpened} position="right-start" width={310}>
        {/* beside the button, which takes the tool first and opens the menu when it is pressed again */}
        <Menu.Target>
          <span aria-hidden className={classes.beside} />
        </Menu.Target>
        <Menu.Dropdown>
          {others.map(({ id: way, name: said, icon: Sign }) => {
            const [key] = keysOf(`tool.${way}`, bound)
            return (
              <Menu.Item
                key={way}
                leftSection={<Sign size={15} aria-hidden />}
                rightSection={key && <Kbd keys={shownKeys(key, onMac()).join(' ')} />}
                aria-current={inHand === way || undefined}
                onClick={() => onTake(way)}
              >
                {said}
              </Menu.Item>
            )
          })}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
})
