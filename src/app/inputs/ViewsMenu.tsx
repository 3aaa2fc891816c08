import { Button, Group, Menu, Modal, TextInput } from '@mantine/core'
import { Bookmark, BookmarkPlus, Check, ChevronDown, Pencil, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { AppScope } from '#sync/scope.ts'
import type { GridSearch } from './gridFilter.ts'
import { type SavedView, viewAt, whyNoName } from './savedViews.ts'
import { type SavedViews, useSavedViews } from './useSavedViews.ts'

interface Props {
  scope: AppScope
  search: GridSearch
  onOpen: (search: GridSearch) => void
}

/** Saved filters: open one, save those at work, rename or delete the one that is open. */
export function ViewsMenu({ scope, search, onOpen }: Props) {
  const saved = useSavedViews(scope)
  const [naming, setNaming] = useState<'new' | 'rename'>()
  const open = viewAt(saved.views, search)
  const filtered = Object.keys(search).length > 0
  return (
    <>
      <Menu position="bottom-start" shadow="md" width={240}>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={14} />} rightSection={<ChevronDown size={12} />}>
            <span style={{ maxWidth: 140, overflow: 'hidden', textOverflow: 'ellipsis' }}>{open?.name ?? 'Views'}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {saved.views.length === 0 && <Menu.Label>Filters you save are listed here</Menu.Label>}
          {saved.views.map((view) => (
            <Menu.Item
              key={view.name}
              aria-current={view === open || undefined}
              rightSection={view === open && <Check size={14} aria-hidden />}
              onClick={() => onOpen(view.search)}
            >
              {view.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {open ? (
            <>
              <Menu.Item leftSection={<Pencil size={14} />} onClick={() => setNaming('rename')}>
                Rename this view…
              </Menu.Item>
              <Menu.Item leftSection={<Trash2 size={14} />} onClick={() => void saved.remove(open)}>
                Delete this view
              </Menu.Item>
            </>
          ) : (
            <Menu.Item leftSection={<BookmarkPlus size={14} />} disabled={!filtered} onClick={() => setNaming('new')}>
              Save these filters…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <NameDialog
          saved={saved}
          view={naming === 'rename' ? open : undefined}
          onClose={() => setNaming(undefined)}
          onName={(name) =>
            void (naming === 'rename' && open ? saved.rename(open, name) : saved.save({ name, search }))
          }
        />
      )}
    </>
  )
}

interface NameProps {
  saved: SavedViews
  view: SavedView | undefined
  onName: (name: string) => void
  onClose: () => void
}

function NameDialog({ saved, view, onName, onClose }: NameProps) {
  const [name, setName] = useState(view?.name ?? '')
  const [tried, setTried] = useState(false)
  const bad = whyNoName(name, saved.views, view)
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (bad) return
    onName(name.trim())
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={view ? 'Rename view' : 'Save view'} size="sm">
      <form onSubmit={submit}>
        <TextInput
          data-autofocus
          label="Name"
          value={name}
          error={tried && bad}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">{view ? 'Rename' : 'Save'}</Button>
        </Group>
      </form>
    </Modal>
  )
}
