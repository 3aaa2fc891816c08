import { ActionIcon, Button, FileButton, Skeleton } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { getRouteApi } from '@tanstack/react-router'
import { Images, Search, SquareDashed, Trash2, Upload, UserCheck, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useRights } from '#app/apps/rights.ts'
import { count, messageOf } from '#app/messages.ts'
import type { Editing } from '#app/tasks/TasksPage.tsx'
import { newId } from '#model/ids.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { failureToast } from '#ui/toast.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { assignSources } from './assignSources.ts'
import { BulkActions } from './BulkActions.tsx'
import { FilterChips } from './FilterChips.tsx'
import { FilterPanel } from './FilterPanel.tsx'
import { GridFilters } from './GridFilters.tsx'
import { chipsOf, type GridSearch, gridSearchOf, queryOf } from './gridFilter.ts'
import { InputGrid } from './InputGrid.tsx'
import classes from './InputsPage.module.css'
import { searchKey } from './savedViews.ts'
import { useDeleteInputs } from './useDeleteInputs.ts'
import { useFileDrop } from './useFileDrop.ts'
import { useFilterNames } from './useFilterNames.ts'
import { type GridFilter, useInputPages } from './useInputPages.ts'
import { useSelection } from './useSelection.ts'
import { useUnlabelled } from './useUnlabelled.ts'
import { ViewsMenu } from './ViewsMenu.tsx'

const route = getRouteApi('/signed-in/apps/$user/$app/inputs')

const AssignDialog = lazy(() => import('./AssignDialog.tsx').then((module) => ({ default: module.AssignDialog })))

const TaskDialog = lazy(() => import('#app/tasks/TaskDialog.tsx').then((module) => ({ default: module.TaskDialog })))

/** A new task about these inputs, which the API knows as a dataset. */
const startOf = (ids: ReadonlySet<string>): Editing => ({
  given: { inputIds: [...ids], datasetId: `selection-${newId().slice(0, 12)}` },
})

/** The inputs of an app as thumbnails; files dropped anywhere on it are uploaded. */
export function InputsPage() {
  const { user, app } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { q: text = '', show = 'all' } = search
  const filter: GridFilter = { text, show, query: queryOf(search) }
  const filtered = Object.keys(search).length > 0
  const scope = { owner: user, app }
  usePageTitle('Inputs', app)
  const { uploads, session } = useApp()
  const rights = useRights(scope)
  const [outlined, setOutlined] = useLocalStorage({
    key: 'marquee-thumbnail-regions',
    defaultValue: true,
    getInitialValueInEffect: false,
  })
  const pages = useInputPages(scope, filter, outlined && !session.noRestore)
  const names = useFilterNames(scope)
  const selection = useSelection()
  const deleteInputs = useDeleteInputs(scope)
  const [assigning, setAssigning] = useState(false)
  const [tasking, setTasking] = useState<Editing>()
  const assigns = rights.isOwner && (pages.total ?? 0) > 0
  const pending = useUnlabelled(scope, assigns && !filtered).total ?? 0
  const assignsPending = !filtered && selection.ids.size === 0 && pending > 0
  const [size, setSize] = useLocalStorage({
    key: 'marquee-thumbnail-size',
    defaultValue: 176,
    getInitialValueInEffect: false,
  })

  function change(changes: { [K in keyof GridSearch]?: GridSearch[K] | undefined }) {
    void navigate({ search: (old) => gridSearchOf({ ...old, ...changes }), replace: true })
  }

  function upload(files: File[]) {
    if (files.length === 0) return
    if (rights.canUpload) uploads.add(scope, files)
    else failureToast('Not added', 'You may not add inputs to this app. Its owner can give you the right to.')
  }
  const dragging = useFileDrop(upload)
  const onDelete = rights.canDeleteInputs
    ? () => {
        const ids = [...selection.ids]
        selection.clear()
        void deleteInputs(ids)
      }
    : undefined

  return (
    <div className={classes.page}>
      <h1 className="visually-hidden">Inputs</h1>
      <div className={classes.toolbar}>
        {selection.ids.size > 0 ? (
          <>
            <Button variant="subtle" color="gray" leftSection={<X size={14} />} onClick={selection.clear}>
              {count(selection.ids.size, 'input')} selected
            </Button>
            {assigns && (
              <Button variant="default" leftSection={<UserCheck size={14} />} onClick={() => setAssigning(true)}>
                Assign {selection.ids.size}…
              </Button>
            )}
            {rights.isOwner && (
              <BulkActions
                scope={scope}
                ids={selection.ids}
                concepts={names.concepts}
                onTask={() => setTasking(startOf(selection.ids))}
              />
            )}
            {onDelete && (
              <Button variant="default" leftSection={<Trash2 size={14} />} onClick={onDelete}>
                Delete
              </Button>
            )}
          </>
        ) : (
          <>
            <GridFilters search={search} onChange={change} />
            {!session.noRestore && (
              <>
                <FilterPanel search={search} onChange={change} people={names.people} concepts={names.concepts} />
                <ViewsMenu
                  scope={scope}
                  search={search}
                  onOpen={(view) => void navigate({ search: view })}
                  onTask={rights.isOwner ? (searchId) => setTasking({ searchId }) : undefined}
                />
              </>
            )}
            {assigns && (
              <Button
                variant="default"
                leftSection={<UserCheck size={14} />}
                title={assignsPending ? 'What nobody has labelled yet' : undefined}
                onClick={() => setAssigning(true)}
              >
                {assignsPending ? `Assign ${pending} pending…` : `Assign ${pages.total}…`}
              </Button>
            )}
          </>
        )}
        <span className={classes.total} aria-live="polite">
          {pages.total !== undefined && count(pages.total, 'input')}
        </span>
        {!session.noRestore && (
          <ActionIcon
            variant={outlined ? 'light' : 'default'}
            aria-label="Regions on thumbnails"
            title="Regions on thumbnails"
            aria-pressed={outlined}
            onClick={() => setOutlined(!outlined)}
          >
            <SquareDashed size={16} />
          </ActionIcon>
        )}
        <input
          type="range"
          className={classes.size}
          aria-label="Thumbnail size"
          title="Thumbnail size"
          min={96}
          max={360}
          step={8}
          value={size}
          onChange={(event) => setSize(Number(event.currentTarget.value))}
        />
        {rights.canUpload && <AddButton onFiles={upload} />}
      </div>
      <FilterChips
        chips={chipsOf(search, names.nameOf)}
        onRemove={(keys) => change(Object.fromEntries(keys.map((key) => [key, undefined])))}
      />
      <div className={classes.content}>
        {pages.error && pages.total === undefined ? (
          <ErrorState
            title="The inputs could not be loaded"
            message={messageOf(pages.error)}
            onRetry={pages.refetch}
            retrying={pages.fetching}
          />
        ) : pages.total === undefined ? (
          <LoadingGrid size={size} />
        ) : pages.total === 0 ? (
          <NoInputs filtered={filtered} canUpload={rights.canUpload} onFiles={upload} />
        ) : (
          <InputGrid
            key={`${user}/${app}?${searchKey(search)}`}
            scope={scope}
            pages={pages}
            total={pages.total}
            selection={selection}
            size={size}
            placeKey={`${user}/${app}?${searchKey(search)}`}
            colorOf={names.colorOf}
            onDelete={onDelete}
          />
        )}
      </div>
      {assigning && (
        <Suspense fallback={null}>
          <AssignDialog
            scope={scope}
            opened
            onClose={(assigned) => {
              setAssigning(false)
              if (assigned) selection.clear()
            }}
            sources={assignSources(pages, selection.ids, filter)}
            pending={assignsPending}
          />
        </Suspense>
      )}
      {tasking && (
        <Suspense fallback={null}>
          <TaskDialog scope={scope} editing={tasking} onClose={() => setTasking(undefined)} />
        </Suspense>
      )}
      {dragging && (
        <div className={classes.drop} data-refused={!rights.canUpload || undefined}>
          {rights.canUpload ? `Drop images or folders to add them to ${app}` : 'You may not add inputs to this app'}
        </div>
      )}
    </div>
  )
}

function AddButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  return (
    <FileButton multiple accept="image/*" onChange={onFiles}>
      {(props) => (
        <Button {...props} leftSection={<Upload size={14} />}>
          Add images
        </Button>
      )}
    </FileButton>
  )
}

function NoInputs(props: { filtered: boolean; canUpload: boolean; onFiles: (files: File[]) => void }) {
  const navigate = route.useNavigate()
  if (props.filtered)
    return (
      <EmptyState
        icon={Search}
        title="No input matches"
        action={
          <Button variant="default" onClick={() => void navigate({ search: {} })}>
            Show all inputs
          </Button>
        }
      />
    )
  return (
    <EmptyState icon={Images} title="No inputs yet" action={props.canUpload && <AddButton onFiles={props.onFiles} />}>
      {props.canUpload
        ? 'Drop images or whole folders anywhere on this page, or choose files.'
        : 'The owner of this app has not added any images.'}
    </EmptyState>
  )
}

function LoadingGrid({ size }: { size: number }) {
  return (
    <div
      className={classes.loading}
      style={{ gridTemplateColumns: `repeat(auto-fill, minmax(${size}px, 1fr))` }}
      aria-busy="true"
    >
      {Array.from({ length: 12 }, (_, n) => `cell ${n}`).map((cell) => (
        <Skeleton key={cell} height={Math.round(size * 0.75) + 26} />
      ))}
    </div>
  )
}
