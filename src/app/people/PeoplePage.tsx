import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useRights } from '#app/apps/rights.ts'
import { Initials } from '#app/frame/Initials.tsx'
import { count, messageOf } from '#app/messages.ts'
import type { Collaborator } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { collaboratorsQuery } from '#sync/queries.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { Page } from '#ui/Page.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { AddPerson } from './AddPerson.tsx'
import classes from './PeoplePage.module.css'
import { roleOf } from './roles.ts'

const route = getRouteApi('/signed-in/apps/$user/$app/people')

/** Who works in this app, and what each may do. */
export function PeoplePage() {
  const { user, app } = route.useParams()
  const scope = { owner: user, app }
  usePageTitle('People', app)
  const { clients, person } = useApp()
  const rights = useRights(scope)
  const query = useQuery(collaboratorsQuery(clients, scope))
  const [adding, setAdding] = useState(false)
  const others = query.data ?? []
  const add = rights.canInvite && (
    <Button leftSection={<UserPlus size={14} />} onClick={() => setAdding(true)}>
      Add a person
    </Button>
  )
  return (
    <Page title="People" hint={query.data && `The owner and ${count(others.length, 'collaborator')}`} actions={add}>
      {query.error && !query.data ? (
        <ErrorState
          title="The people could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      ) : (
        <ul className={classes.list} aria-label="People">
          <Row
            id={user}
            name={user === person.id ? nameOf(person) : ''}
            me={user === person.id}
            may="Owner"
            detail="Everything, settings and people included"
          />
          {query.isPending && <LoadingRows />}
          {others.map((one) => (
            <CollaboratorRow key={one.user?.id ?? one.id} collaborator={one} me={one.user?.id === person.id} />
          ))}
        </ul>
      )}
      {query.data?.length === 0 && (
        <EmptyState title="Nobody else yet" action={add}>
          People you add see this app under “Shared with me”, and can do what you allow.
        </EmptyState>
      )}
      <AddPerson
        scope={scope}
        opened={adding}
        onClose={() => setAdding(false)}
        members={[user, ...others.flatMap((one) => (one.user ? [one.user.id] : []))]}
      />
    </Page>
  )
}

function CollaboratorRow({ collaborator, me }: { collaborator: Collaborator; me: boolean }) {
  const role = roleOf(collaborator.scopes)
  return (
    <Row
      id={collaborator.user?.id ?? collaborator.id}
      name={collaborator.user ? nameOf(collaborator.user) : ''}
      me={me}
      may={role?.label ?? 'Other rights'}
      detail={role?.description ?? collaborator.scopes.join(', ')}
    />
  )
}

const nameOf = ({ firstName, lastName }: { firstName: string; lastName: string }): string =>
  [firstName, lastName].filter(Boolean).join(' ')

function Row({ id, name, me, may, detail }: { id: string; name: string; me: boolean; may: string; detail: string }) {
  return (
    <li className={classes.person}>
      <Initials name={name || id} size={28} />
      <span className={classes.who}>
        <span>
          {name || id}
          {me && <span className={classes.me}> (you)</span>}
        </span>
        {name && <span className={classes.id}>{id}</span>}
      </span>
      <span className={classes.may}>
        <span>{may}</span>
        <span className={classes.detail} title={detail}>
          {detail}
        </span>
      </span>
    </li>
  )
}

function LoadingRows() {
  return [0, 1].map((row) => (
    <li key={row} className={classes.person} aria-busy="true">
      <Skeleton height={28} circle />
      <Skeleton height={14} width={160} />
    </li>
  ))
}
