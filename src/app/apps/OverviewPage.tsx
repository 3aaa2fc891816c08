import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowRight, Images, Upload } from 'lucide-react'
import type { ReactNode } from 'react'
import { useApp } from '#app/appContext.tsx'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { Thumbnail } from '#app/inputs/Thumbnail.tsx'
import { messageOf } from '#app/messages.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import { ListInputSummariesRequest_Labelled as Labelled } from '#gen/marquee/v1/marquee_pb.ts'
import { appQuery, collaboratorsQuery, conceptsQuery, inputSummariesQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { Page } from '#ui/Page.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import classes from './OverviewPage.module.css'
import { useRights } from './rights.ts'

const route = getRouteApi('/signed-in/apps/$user/$app/')

/** How far the app is, and the one button that goes on with it. */
export function OverviewPage() {
  const { user, app } = route.useParams()
  const scope = { owner: user, app }
  usePageTitle(app)
  const { clients } = useApp()
  const details = useQuery(appQuery(clients, scope))
  const all = useQuery(inputSummariesQuery(clients, scope, { page: 1, perPage: 1 }))
  const open = useQuery(inputSummariesQuery(clients, scope, { page: 1, perPage: 12, labelled: Labelled.NO }))
  const failure = all.error ?? open.error
  const total = all.data?.total
  const labelled = total === undefined || open.data === undefined ? undefined : Math.max(0, total - open.data.total)
  return (
    <Page
      title={details.data?.name || app}
      hint={details.data?.description}
      actions={
        total ? <Continue scope={scope} input={(open.data?.inputs[0] ?? all.data?.inputs[0])?.inputId} /> : undefined
      }
    >
      {failure && !all.data ? (
        <ErrorState
          title="The overview could not be loaded"
          message={messageOf(failure)}
          onRetry={() => void Promise.all([all.refetch(), open.refetch()])}
          retrying={all.isFetching || open.isFetching}
        />
      ) : (
        <>
          <Counts scope={scope} total={total} labelled={labelled} />
          {total === 0 ? <Nothing scope={scope} /> : <NextUp scope={scope} inputs={open.data?.inputs} />}
        </>
      )}
    </Page>
  )
}

/** @param input the first without labels, else the first of all */
function Continue({ scope, input }: { scope: AppScope; input: string | undefined }) {
  const rights = useRights(scope)
  const params = { user: scope.owner, app: scope.app }
  return input === undefined ? (
    <ButtonLink to="/apps/$user/$app/inputs" params={params} variant="default">
      All inputs
    </ButtonLink>
  ) : (
    <ButtonLink
      to="/apps/$user/$app/inputs/$input"
      params={{ ...params, input }}
      rightSection={<ArrowRight size={14} />}
    >
      {rights.canLabel ? 'Continue labeling' : 'Look at the inputs'}
    </ButtonLink>
  )
}

function Counts({
  scope,
  total,
  labelled,
}: {
  scope: AppScope
  total: number | undefined
  labelled: number | undefined
}) {
  const { clients } = useApp()
  const concepts = useQuery(conceptsQuery(clients, scope))
  const people = useQuery(collaboratorsQuery(clients, scope))
  const params = { user: scope.owner, app: scope.app }
  const share = total && labelled !== undefined ? labelled / total : 0
  return (
    <dl className={classes.counts}>
      <Count label="Inputs" value={total}>
        <Link to="/apps/$user/$app/inputs" params={params} className={classes.cover} aria-label="Inputs" />
      </Count>
      <Count label={total ? `Labelled, ${Math.floor(share * 100)} %` : 'Labelled'} value={labelled}>
        <Link
          to="/apps/$user/$app/inputs"
          params={params}
          search={{ show: 'labelled' }}
          className={classes.cover}
          aria-label="Labelled inputs"
        />
        <span className={classes.bar} aria-hidden>
          <span style={{ width: `${share * 100}%` }} />
        </span>
      </Count>
      <Count label="Concepts" value={concepts.data?.length}>
        <Link to="/apps/$user/$app/concepts" params={params} className={classes.cover} aria-label="Concepts" />
      </Count>
      <Count label="People" value={people.data && people.data.length + 1}>
        <Link to="/apps/$user/$app/people" params={params} className={classes.cover} aria-label="People" />
      </Count>
    </dl>
  )
}

function Count({ label, value, children }: { label: string; value: number | undefined; children: ReactNode }) {
  return (
    <div className={classes.count}>
      <dt>{label}</dt>
      <dd>
        {value === undefined ? <Skeleton height={24} width={48} /> : value.toLocaleString('en')}
        {children}
      </dd>
    </div>
  )
}

function NextUp({ scope, inputs }: { scope: AppScope; inputs: readonly InputSummary[] | undefined }) {
  if (inputs?.length === 0)
    return (
      <EmptyState title="Everything is labelled">Every input of this app has labels or is marked as empty.</EmptyState>
    )
  return (
    <section aria-label="Next to label">
      <h2 className={classes.title}>Next to label</h2>
      <ul className={classes.strip}>
        {inputs
          ? inputs.map((input) => (
              <li key={input.inputId}>
                <Link
                  to="/apps/$user/$app/inputs/$input"
                  params={{ user: scope.owner, app: scope.app, input: input.inputId }}
                  className={classes.thumb}
                >
                  <span className={classes.picture}>
                    <Thumbnail input={input} />
                  </span>
                  <span className={classes.file}>{input.filename || input.inputId}</span>
                </Link>
              </li>
            ))
          : [0, 1, 2, 3].map((n) => (
              <li key={n}>
                <Skeleton height={138} />
              </li>
            ))}
      </ul>
    </section>
  )
}

function Nothing({ scope }: { scope: AppScope }) {
  const rights = useRights(scope)
  return (
    <EmptyState
      icon={Images}
      title="No inputs yet"
      action={
        rights.canUpload && (
          <ButtonLink
            to="/apps/$user/$app/inputs"
            params={{ user: scope.owner, app: scope.app }}
            leftSection={<Upload size={14} />}
          >
            Add images
          </ButtonLink>
        )
      }
    >
      {rights.canUpload
        ? 'Add images, then the concepts to label them with.'
        : 'The owner of this app has not added any images.'}
    </EmptyState>
  )
}
