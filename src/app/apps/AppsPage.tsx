import { Button, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Boxes, Plus, Search } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { App } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { appsQuery } from '#sync/queries.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { Page } from '#ui/Page.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import classes from './AppsPage.module.css'
import { DeletedApps } from './DeletedApps.tsx'
import { Departures } from './Departures.tsx'
import { NewApp } from './NewApp.tsx'

/** The apps one owns and those shared with one. */
export function AppsPage() {
  usePageTitle('Apps')
  const { clients, person } = useApp()
  const query = useQuery(appsQuery(clients, person.id))
  const [text, setText] = useState('')
  const [making, setMaking] = useState(false)
  const apps = query.data ?? []
  const found = apps.filter((app) => matches(app, text))
  const own = found.filter((app) => app.userId === person.id)
  const shared = found.filter((app) => app.userId !== person.id)
  return (
    <Page
      title="Apps"
      hint="An app holds inputs, the concepts to label them with, and the people who do."
      actions={
        <>
          <TextInput
            aria-label="Search apps"
            placeholder="Search"
            leftSection={<Search size={14} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            w={200}
          />
          <Button leftSection={<Plus size={14} />} onClick={() => setMaking(true)}>
            New app
          </Button>
        </>
      }
    >
      {query.isPending && <LoadingApps />}
      {query.error && !query.data && (
        <ErrorState
          title="Your apps could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.data && apps.length === 0 && (
        <EmptyState
          icon={Boxes}
          title="No apps yet"
          action={
            <Button leftSection={<Plus size={14} />} onClick={() => setMaking(true)}>
              Make the first
            </Button>
          }
        >
          Make one and drop images into it, or ask a colleague to share theirs with “{person.id}”.
        </EmptyState>
      )}
      {apps.length > 0 && found.length === 0 && (
        <EmptyState
          title={`No app matches “${text}”`}
          action={
            <Button variant="default" onClick={() => setText('')}>
              Clear the search
            </Button>
          }
        />
      )}
      {own.length > 0 && <AppList title="Mine" apps={own} />}
      {shared.length > 0 && <AppList title="Shared with me" apps={shared} showOwner />}
      <Departures />
      <DeletedApps />
      <NewApp
        opened={making}
        onClose={() => setMaking(false)}
        taken={new Set(apps.filter((app) => app.userId === person.id).map((app) => app.id))}
      />
    </Page>
  )
}

function matches(app: App, text: string): boolean {
  const wanted = text.trim().toLowerCase()
  return [app.id, app.name, app.description, app.userId].some((field) => field.toLowerCase().includes(wanted))
}

function AppList({ title, apps, showOwner = false }: { title: string; apps: readonly App[]; showOwner?: boolean }) {
  return (
    <section className={classes.group} aria-label={title}>
      <h2 className={classes.groupTitle}>{title}</h2>
      <ul className={classes.list}>
        {apps.map((app) => (
          <li key={`${app.userId}/${app.id}`}>
            <Link to="/apps/$user/$app" params={{ user: app.userId, app: app.id }} className={classes.app}>
              <span className={classes.name}>{app.name || app.id}</span>
              <span className={classes.description}>{app.description}</span>
              <span className={classes.id}>{showOwner ? `${app.userId}/${app.id}` : app.id}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function LoadingApps() {
  return (
    <div role="presentation" aria-busy="true" className={classes.loading}>
      {[0, 1, 2].map((row) => (
        <Skeleton key={row} height={44} />
      ))}
    </div>
  )
}
