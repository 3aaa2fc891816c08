import { Button, NativeSelect, Skeleton, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { History } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { fullName } from '#app/people/fullName.ts'
import { shownName, useKnownPeople, useNameOf } from '#app/people/useNameOf.ts'
import { activityQuery } from '#sync/activity.ts'
import { conceptsQuery } from '#sync/queries.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { Page } from '#ui/Page.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { ActivityGroupItem } from './ActivityGroupItem.tsx'
import classes from './ActivityPage.module.css'
import { grouped, kindChoices } from './activityWords.ts'
import { useRestore } from './useRestore.ts'

const route = getRouteApi('/signed-in/apps/$user/$app/activity')

/** Who did what when in an app, what it was before, and the way back for what was deleted. */
export function ActivityPage() {
  const { user, app } = route.useParams()
  const { kind = '', person = '', input = '', from = '', to = '' } = route.useSearch()
  const scope = useMemo(() => ({ owner: user, app }), [user, app])
  usePageTitle('Activity', app)
  const { clients, person: me } = useApp()
  const filter = { kind, person, input, since: dayOf(from), until: dayOf(to, 1) }
  const query = useInfiniteQuery(activityQuery(clients, scope, filter))
  const concepts = useQuery(conceptsQuery(clients, scope)).data
  const names = new Map(concepts?.map(({ id, name }) => [id, name || id]))
  const others = useNameOf(scope)
  const personName = (id: string) => (id === me.id && fullName(me)) || others(id)
  const restore = useRestore(scope)
  const groups = grouped(query.data?.pages.flatMap(({ changes }) => changes) ?? [])
  return (
    <Page title="Activity" hint="Everything that was written in this app, newest first">
      <Filters />
      {query.error && !query.data && (
        <ErrorState
          title="The activity could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.isPending && <Skeleton height={120} />}
      {query.data && groups.length === 0 && (
        <EmptyState icon={History} title="Nothing here">
          {kind || person || input || from || to
            ? 'Nothing was written that matches these filters.'
            : 'What people draw, upload and change will be listed here.'}
        </EmptyState>
      )}
      <ol className={classes.groups} aria-label="Activity">
        {groups.map((group) => (
          <ActivityGroupItem
            key={String(group.changes[0]?.rev)}
            scope={scope}
            group={group}
            person={group.person ? personName(group.person) : 'The server'}
            nameOf={(id) => names.get(id) ?? id}
            personOf={personName}
            restore={restore}
          />
        ))}
      </ol>
      {query.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older
          </Button>
        </div>
      )}
    </Page>
  )
}

/** Local midnight at which a day of an address begins. @param later days later */
function dayOf(text: string, later = 0): Date | undefined {
  const [year, month, day] = text.split('-').map(Number)
  return year && month && day ? new Date(year, month - 1, day + later) : undefined
}

/** What is listed; it stands in the address, so that it can be sent to somebody. */
function Filters() {
  const { user, app } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const people = useKnownPeople({ owner: user, app })
  const [input, setInput] = useState(search.input ?? '')
  const set = (name: 'kind' | 'person' | 'input' | 'from' | 'to', value: string) =>
    void navigate({ search: (before) => ({ ...before, [name]: value || undefined }), replace: true })
  return (
    <form
      className={classes.filters}
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault()
        set('input', input.trim())
      }}
    >
      <NativeSelect
        size="sm"
        label="Person"
        data={[{ value: '', label: 'Everybody' }, ...people.map((one) => ({ value: one.id, label: shownName(one) }))]}
        value={search.person ?? ''}
        onChange={(event) => set('person', event.currentTarget.value)}
      />
      <NativeSelect
        size="sm"
        label="What"
        data={[{ value: '', label: 'Everything' }, ...kindChoices]}
        value={search.kind ?? ''}
        onChange={(event) => set('kind', event.currentTarget.value)}
      />
      <TextInput
        label="From"
        type="date"
        value={search.from ?? ''}
        onChange={(event) => set('from', event.currentTarget.value)}
      />
      <TextInput
        label="To"
        type="date"
        value={search.to ?? ''}
        onChange={(event) => set('to', event.currentTarget.value)}
      />
      <TextInput
        label="Input id"
        placeholder="Any"
        value={input}
        onChange={(event) => setInput(event.currentTarget.value)}
        onBlur={() => set('input', input.trim())}
      />
    </form>
  )
}
