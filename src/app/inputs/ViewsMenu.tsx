import { Button, Menu } from '@mantine/core'
import { Bookmark, BookmarkPlus, Check, ChevronDown, ClipboardList, Pencil, Trash2, Users } from 'lucide-react'
import { useState } from 'react'
import { useRights } from '#app/apps/rights.ts'
import type { AppScope } from '#sync/scope.ts'
import type { GridSearch } from './gridFilter.ts'
import { type SavedView, viewAt } from './savedViews.ts'
import { useSavedViews } from './useSavedViews.ts'
import { ViewNameDialog } from './ViewNameDialog.tsx'

interface Props {
  scope: AppScope
  search: GridSearch
  onOpen: (search: GridSearch) => void
  /** A new task about the inputs of a view of the team, by its saved search; undefined: this person makes none. */
  onTask: ((searchId: string) => void) | undefined
}

/** Saved filters: open one, save those at work; rename, share, delete the one that is open, or make a task of it. */
export function ViewsMenu({ scope, search, onOpen, onTask }: Props) {
  const saved = useSavedViews(scope)
  const { canSaveSearches } = useRights(scope)
  const [naming, setNaming] = useState<'new' | 'rename'>()
  const open = viewAt(saved.views, search)
  const filtered = Object.keys(search).length > 0
  const own = saved.views.filter(({ id }) => id === undefined)
  const team = saved.views.filter(({ id }) => id !== undefined)
  const lines = (views: readonly SavedView[]) =>
    views.map((view) => (
      <Menu.Item
        key={view.id ?? view.name}
        aria-current={view === open || undefined}
        rightSection={view === open && <Check size={14} aria-hidden />}
        onClick={() => onOpen(view.search)}
      >
        {view.name}
      </Menu.Item>
    ))
  return (
    <>
      <Menu position="bottom-start" shadow="md" width={260}>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={14} />} rightSection={<ChevronDown size={12} />}>
            <span style={{ maxWidth: 140, overflow: 'hidden', textOverflow: 'ellipsis' }}>{open?.name ?? 'Views'}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={460} style={{ overflowY: 'auto' }}>
          {saved.views.length === 0 && <Menu.Label>Filters you save are listed here</Menu.Label>}
          {team.length > 0 && <Menu.Label>Team</Menu.Label>}
          {lines(team)}
          {own.length > 0 && <Menu.Label>Only you</Menu.Label>}
          {lines(own)}
          <Menu.Divider />
          {open === undefined && (
            <Menu.Item leftSection={<BookmarkPlus size={14} />} disabled={!filtered} onClick={() => setNaming('new')}>
              Save these filters…
            </Menu.Item>
          )}
          {open && onTask && open.id !== undefined && (
            <Menu.Item leftSection={<ClipboardList size={14} />} onClick={() => onTask(open.id!)}>
              New task from this view…
            </Menu.Item>
          )}
          {open && open.id === undefined && canSaveSearches && (
            <Menu.Item leftSection={<Users size={14} />} onClick={() => void saved.share(open)}>
              Share with the team
            </Menu.Item>
          )}
          {open && (open.id === undefined || canSaveSearches) && (
            <>
              <Menu.Item leftSection={<Pencil size={14} />} onClick={() => setNaming('rename')}>
                Rename this view…
              </Menu.Item>
              <Menu.Item leftSection={<Trash2 size={14} />} onClick={() => void saved.remove(open)}>
                Delete this view
              </Menu.Item>
            </>
          )}
          {open && open.id !== undefined && !canSaveSearches && <Menu.Label>The owner shared this view</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <ViewNameDialog
          views={saved.views}
          view={naming === 'rename' ? open : undefined}
          canShare={naming === 'new' && canSaveSearches}
          onClose={() => setNaming(undefined)}
          onName={(name, shared) =>
            void (naming === 'rename' && open ? saved.rename(open, name) : saved.save({ name, search }, shared))
          }
        />
      )}
    </>
  )
}
