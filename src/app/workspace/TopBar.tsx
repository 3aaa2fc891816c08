import { ActionIcon } from '@mantine/core'
import { ChevronLeft, ChevronRight, CircleHelp, type LucideIcon, Redo2, SkipForward, Undo2 } from 'lucide-react'
import { type ReactNode, useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'
import { UserMenu } from '#app/frame/UserMenu.tsx'
import { AwayNotice } from '#app/session/AwayNotice.tsx'
import { DisplayButton } from '#app/workspace/display/DisplayPanel.tsx'
import type { Images } from '#app/workspace/filmstrip/useImages.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import { Path } from '#app/workspace/tools/PathBar.tsx'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import type { InputScope } from '#sync/scope.ts'
import { steady } from '#ui/steady.tsx'
import { Hint } from './Hint.tsx'
import classes from './TopBar.module.css'

interface Props {
  scope: InputScope
  /** file name, or the id where there is none */
  title: string
  images: Images
  editor: Editor | undefined
  saving: ReactNode
  onHelp: () => void
}

/** Where one is, how far, what is saved. */
export const TopBar = steady(function TopBar({ scope, title, images, editor, saving, onHelp }: Props) {
  return (
    <div className={classes.bar}>
      <Path scope={scope} title={title} />
      <div className={classes.turn}>
        <BarButton
          command="image.previous"
          name="Previous image"
          icon={ChevronLeft}
          onClick={images.previous}
          disabled={!images.hasPrevious}
        />
        <Hint command="image.goTo">
          <button type="button" className={classes.place} onClick={images.askGoTo} aria-label={placeName(images)}>
            {images.place ?? '–'} <span className={classes.of}>/ {images.total ?? '–'}</span>
          </button>
        </Hint>
        <BarButton
          command="image.next"
          name="Next image"
          icon={ChevronRight}
          onClick={images.next}
          disabled={!images.hasNext}
        />
        <BarButton
          command="image.nextUnlabelled"
          name="Next unlabelled image"
          icon={SkipForward}
          onClick={() => images.nextUnlabelled(false)}
        />
      </div>
      <div className={classes.right}>
        {editor && <UndoRedo editor={editor} />}
        {saving}
        {editor && <DisplayButton />}
        <Hint command="help" label="Shortcuts">
          <ActionIcon aria-label="Shortcuts" onClick={onHelp}>
            <CircleHelp size={16} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </Hint>
        <Away />
        <UserMenu />
      </div>
    </div>
  )
})

/** What is saved stands beside it, and says itself when changes wait for a server that is away. */
function Away() {
  const { sync } = useApp()
  const told = useSyncExternalStore(
    (listener) => sync.subscribe(listener),
    () => sync.status().state === 'offline',
  )
  return <AwayNotice shown={!told} />
}

const placeName = ({ place, total }: Images) =>
  place === undefined || total === undefined ? 'Go to image' : `${place} / ${total}, go to image`

/** While an earlier visit's history is still being read a press waits for it (editor/held.ts). */
const possible = (can: boolean, { historyComing }: EditorState) => can || (historyComing && 'coming')

function UndoRedo({ editor }: { editor: Editor }) {
  const undo = useEditorState(editor, (state) => possible(state.canUndo, state))
  const redo = useEditorState(editor, (state) => possible(state.canRedo, state))
  return (
    <div className={classes.pair}>
      <BarButton
        command="edit.undo"
        name="Undo"
        icon={Undo2}
        onClick={() => editor.undo()}
        disabled={!undo}
        coming={undo === 'coming'}
      />
      <BarButton
        command="edit.redo"
        name="Redo"
        icon={Redo2}
        onClick={() => editor.redo()}
        disabled={!redo}
        coming={redo === 'coming'}
      />
    </div>
  )
}

interface BarButtonProps {
  command: string
  name: string
  icon: LucideIcon
  onClick: () => void
  disabled?: boolean
  /** it can be pressed, though it is not known yet whether there is anything to do */
  coming?: boolean
}

const BarButton = steady(function BarButton({
  command,
  name,
  icon: Icon,
  onClick,
  disabled = false,
  coming = false,
}: BarButtonProps) {
  return (
    <Hint command={command}>
      <ActionIcon aria-label={name} onClick={onClick} disabled={disabled} data-coming={coming || undefined}>
        <Icon size={17} strokeWidth={1.75} aria-hidden />
      </ActionIcon>
    </Hint>
  )
})
