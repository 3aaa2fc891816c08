import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { PackageOpen, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useRights } from '#app/apps/rights.ts'
import { count, messageOf } from '#app/messages.ts'
import { deleteExport, makeArchives } from '#sync/exportActs.ts'
import { tasksQuery } from '#sync/tasks.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { Page } from '#ui/Page.tsx'
import { failureToast, plainToast } from '#ui/toast.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { ExportRow } from './ExportRow.tsx'
import classes from './ExportsPage.module.css'
import { NewExport } from './NewExport.tsx'
import { useExports } from './useExports.ts'

const route = getRouteApi('/signed-in/apps/$user/$app/exports')

/** The labels of the app as files: what was exported, and when; to download, and to make anew. */
export function ExportsPage() {
  const { user, app } = route.useParams()
  const scope = useMemo(() => ({ owner: user, app }), [user, app])
  usePageTitle('Exports', app)
  const { clients } = useApp()
  const { canExport, canDeleteExports } = useRights(scope)
  const query = useExports(scope, canExport)
  const [making, setMaking] = useState(false)

  const tasks = useQuery({ ...tasksQuery(clients, scope), enabled: query.data?.some(({ labels }) => labels) ?? false })
  const taskName = (id: string): string => {
    const task = tasks.data?.find((one) => one.id === id)
    return task ? task.name || id : tasks.data ? `deleted task ${id}` : '…'
  }

  async function act(work: Promise<void>, failed: string, done?: string) {
    try {
      await work
      if (done) plainToast(done)
    } catch (error) {
      failureToast(failed, messageOf(error))
    }
    await query.refetch()
  }

  if (!canExport)
    return (
      <Page title="Exports">
        <EmptyState icon={PackageOpen} title="Exports are not yours to see">
          They hold what others answered. Those who may make exports of this app find them here.
        </EmptyState>
      </Page>
    )
  const fresh = (
    <Button leftSection={<Plus size={14} />} onClick={() => setMaking(true)}>
      New export
    </Button>
  )
  return (
    <Page title="Exports" hint={query.data && count(query.data.length, 'export')} actions={fresh}>
      {query.error && !query.data && (
        <ErrorState
          title="The exports could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.isPending && <Skeleton height={56} />}
      {query.data?.length === 0 && (
        <EmptyState icon={PackageOpen} title="Nothing has been exported yet" action={fresh}>
          An export keeps what is finished and approved now, and stays as it is whatever is labelled later.
        </EmptyState>
      )}
      {query.data && query.data.length > 0 && (
        <ul className={classes.list} aria-label="Exports">
          {query.data.map((one) => (
            <ExportRow
              key={`${one.dataset}/${one.version}`}
              one={one}
              taskName={taskName}
              canExport={canExport}
              canDelete={canDeleteExports}
              onMake={(formats) => void act(makeArchives(clients, scope, one, formats), 'The archive was not begun')}
              onDelete={() => void act(deleteExport(clients, scope, one), 'Not deleted', 'Export deleted')}
            />
          ))}
        </ul>
      )}
      <NewExport scope={scope} opened={making} onClose={() => setMaking(false)} />
    </Page>
  )
}
