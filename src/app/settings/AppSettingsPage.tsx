import { timestampDate } from '@bufbuild/protobuf/wkt'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useApp } from '#app/appContext.tsx'
import { appQuery } from '#sync/queries.ts'
import { CopyField } from '#ui/CopyField.tsx'
import { Page, Section } from '#ui/Page.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import classes from './AccountPage.module.css'
import { AppIdentity } from './AppIdentity.tsx'
import { DeleteApp } from './DeleteApp.tsx'
import { EditingSettings } from './EditingSettings.tsx'
import { ReviewSettings } from './ReviewSettings.tsx'

const route = getRouteApi('/signed-in/apps/$user/$app/settings')

/** What the app is, and how programs reach it. */
export function AppSettingsPage() {
  const { user, app } = route.useParams()
  usePageTitle('Settings', app)
  const { clients, person, session } = useApp()
  const isOwner = person.id === user
  const scope = { owner: user, app }
  const { data } = useQuery(appQuery(clients, scope))
  return (
    <Page title="Settings">
      <Section title="App">
        {isOwner && data && (
          <AppIdentity key={`${user}/${app}`} scope={scope} name={data.name || app} description={data.description} />
        )}
        <dl className={classes.facts}>
          {!isOwner && (
            <>
              <dt>Name</dt>
              <dd>{data?.name || app}</dd>
            </>
          )}
          <dt>Id</dt>
          <dd>
            <code>{app}</code>
          </dd>
          <dt>Owner</dt>
          <dd>
            <code>{user}</code>
          </dd>
          {!isOwner && (
            <>
              <dt>Description</dt>
              <dd>{data?.description || '–'}</dd>
            </>
          )}
          <dt>Made</dt>
          <dd>{data?.createdAt ? timestampDate(data.createdAt).toLocaleString('en', { dateStyle: 'long' }) : '–'}</dd>
        </dl>
      </Section>
      <ReviewSettings scope={scope} app={data} />
      <EditingSettings scope={scope} app={data} />
      <Section
        title="For programs"
        hint="The Clarifai API answers at the address of this server: gRPC, gRPC-web and REST. Make a token under Account."
      >
        <div style={{ display: 'grid', gap: 12, maxWidth: 640 }}>
          <CopyField
            label="Annotations over REST"
            value={`${window.location.origin}/v2/users/${user}/apps/${app}/annotations`}
          />
          <CopyField label="gRPC address" value={window.location.host} />
        </div>
      </Section>
      {isOwner && !session.noRestore && (
        <Section title="Delete" hint="Asks for its id first. It can be brought back for 30 days.">
          <DeleteApp scope={scope} />
        </Section>
      )}
    </Page>
  )
}
