import { ActionIcon } from '@mantine/core'
import {
  CircleDot,
  Eraser,
  Expand,
  type LucideIcon,
  MousePointer2,
  Paintbrush,
  Pentagon,
  Square,
  Tag,
  ZoomIn,
  ZoomOut,
} from 'lucide-react'
import { memo, useRef } from 'react'
import { Hint } from '#app/workspace/Hint.tsx'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import type { ToolId } from '#editor/tools/tool.ts'
import { steady } from '#ui/steady.tsx'
import { ToolButton } from './ToolButton.tsx'
import classes from './Toolbar.module.css'

const tools: readonly { id: ToolId; name: string; icon: LucideIcon }[] = [
  { id: 'select', name: 'Select', icon: MousePointer2 },
  { id: 'box', name: 'Box', icon: Square },
  { id: 'polygon', name: 'Polygon', icon: Pentagon },
  { id: 'brush', name: 'Brush', icon: Paintbrush },
  { id: 'eraser', name: 'Eraser', icon: Eraser },
  { id: 'point', name: 'Point', icon: CircleDot },
  { id: 'classify', name: 'Classify', icon: Tag },
]

/** Tools without a button of their own: the knife is for what is selected, the others are ways to draw a box. */
const buttonOf: Partial<Record<ToolId, ToolId>> = {
  cut: 'select',
  ghost: 'select',
  extremes: 'box',
  rotated: 'box',
  bucket: 'brush',
  lasso: 'brush',
}

/** The tools, one of which is always in hand, and the view. */
export const Toolbar = memo(function Toolbar({ editor }: { editor: Editor }) {
  const tool = useEditorState(editor, (state) => state.tool)
  const bar = useRef<HTMLDivElement>(null)
  const shown = buttonOf[tool] ?? tool
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (step === undefined || !(event.target instanceof HTMLElement) || event.target.role !== 'radio') return
    event.preventDefault()
    const at = tools.findIndex(({ id }) => id === shown)
    const next = tools[(at + step + tools.length) % tools.length]
    if (!next) return
    editor.setTool(next.id)
    bar.current?.querySelector<HTMLElement>(`[data-tool-id="${next.id}"]`)?.focus()
  }
  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label="Tools"
      aria-orientation="vertical"
      className={classes.bar}
      onKeyDown={onKeyDown}
    >
      <div role="radiogroup" aria-label="Tool" className={classes.group}>
        {tools.map(({ id, name, icon }) => (
          <ToolButton
            key={id}
            id={id}
            name={name}
            icon={icon}
            inHand={tool}
            checked={shown === id}
            onTake={(taken) => editor.setTool(taken)}
          />
        ))}
      </div>
      <Inverted editor={editor} />
      <div className={classes.view}>
        <ViewButton command="view.zoomIn" name="Zoom in" icon={ZoomIn} onClick={() => editor.zoom(1.15)} />
        <Zoom editor={editor} />
        <ViewButton command="view.zoomOut" name="Zoom out" icon={ZoomOut} onClick={() => editor.zoom(1 / 1.15)} />
        <ViewButton command="view.fit" name="Fit" icon={Expand} onClick={() => editor.fit()} />
      </div>
    </div>
  )
})

/** Alt without holding it, for hands, pens and fingers: pressed, tools subtract, erase and touch. */
function Inverted({ editor }: { editor: Editor }) {
  const on = useEditorState(editor, (state) => state.inverted)
  return (
    <Hint command="tool.invert" label="Hold Alt for me: subtract, erase, delete points" position="right">
      <button
        type="button"
        aria-pressed={on}
        aria-label="Alt without holding it"
        className={classes.alt}
        onClick={() => editor.setInverted(!on)}
      >
        <kbd>Alt</kbd>
      </button>
    </Hint>
  )
}

interface ViewButtonProps {
  command: string
  name: string
  icon: LucideIcon
  onClick: () => void
}

const ViewButton = steady(function ViewButton({ command, name, icon: Icon, onClick }: ViewButtonProps) {
  return (
    <Hint command={command} position="right">
      <ActionIcon aria-label={name} size={36} onClick={onClick}>
        <Icon size={17} strokeWidth={1.75} aria-hidden />
      </ActionIcon>
    </Hint>
  )
})

/** How large the image is shown; pressing it shows it at one screen pixel a pixel. */
function Zoom({ editor }: { editor: Editor }) {
  const percent = useEditorState(editor, ({ view }) => Math.round(view.scale * 100))
  return (
    <Hint command="view.actualSize" position="right">
      <button
        type="button"
        className={classes.zoom}
        onClick={() => editor.actualSize()}
        aria-label={`Zoom ${percent} %: actual size`}
      >
        {percent}%
      </button>
    </Hint>
  )
}
