import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { messageOf } from '#app/messages.ts'
import { roleOf } from '#app/people/roles.ts'
import { useConnection } from '#app/providers.tsx'
import { InvitationState, type LookAtInvitationResponse } from '#gen/marquee/v1/office_pb.ts'
import { invitationQuery, sessionQuery } from '#sync/queries.ts'
import { Brand } from '#ui/Brand.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { AcceptInvitation } from './AcceptInvitation.tsx'
import classes from './SignInPage.module.css'

const route = getRouteApi('/invite/$token')

/** Where a link to an app leads: who invites to what, and the way in; or why it leads nowhere any more. */
export function InvitePage() {
  usePageTitle('Invitation')
  const { token } = route.useParams()
  const { clients } = useConnection()
  const { data: session } = useQuery(sessionQuery(clients))
  const { data: found, error } = useQuery(invitationQuery(clients, token))
  const me = session?.person?.id
  return (
    <main className={classes.page}>
      <div className={classes.card} data-wide>
        <div className={classes.brand}>
          <Brand size={28} />
          <h1 className={classes.title}>{found ? titleOf(found) : error ? 'This link leads nowhere' : 'Invitation'}</h1>
        </div>
        {error && <Ended me={me}>{missingWords(messageOf(error))}</Ended>}
        {!error && (!found || !session) && <Skeleton height={120} aria-busy />}
        {found && session && (found.isMember || found.state !== InvitationState.OPEN) && <Over found={found} me={me} />}
        {found && session && !found.isMember && found.state === InvitationState.OPEN && (
          <>
            <Offer found={found} />
            <AcceptInvitation token={token} me={me} />
            {me === undefined && (
              <p className={classes.help}>
                You have an account here?{' '}
                <ButtonLink
                  to="/sign-in"
                  search={{ return: `/invite/${encodeURIComponent(token)}` }}
                  variant="subtle"
                  size="compact-xs"
                >
                  Sign in and join with it
                </ButtonLink>
              </p>
            )}
          </>
        )}
      </div>
    </main>
  )
}

const appName = ({ appName: name, appId }: LookAtInvitationResponse): string => name || appId

const titleOf = (found: LookAtInvitationResponse): string => {
  if (found.isMember) return `You are in ${appName(found)} already`
  switch (found.state) {
    case InvitationState.OPEN:
      return `Join ${appName(found)}`
    case InvitationState.USED:
      return 'This link has been used'
    case InvitationState.EXPIRED:
      return 'This link has ended'
    default:
      return 'This link was withdrawn'
  }
}

const missingWords = (said: string): string =>
  /token/.test(said) || /does not exist/.test(said)
    ? 'No invitation has this address. Check that the whole link was copied, or ask whoever sent it for a new one.'
    : said

/** Who invites to what, what one may do there, and until when. */
function Offer({ found }: { found: LookAtInvitationResponse }) {
  const { inviterName, invitedBy, appDescription, scopes, expiresAt, userId } = found
  const role = roleOf(scopes)
  const until = new Date(Number(expiresAt?.seconds ?? 0n) * 1000)
  return (
    <div className={classes.offer}>
      <p>
        <strong>{inviterName || invitedBy}</strong>
        {inviterName && <span className={classes.dim}> ({invitedBy})</span>} invites you to the app{' '}
        <strong>{appName(found)}</strong>
        {userId !== invitedBy && <> of {userId}</>}.
      </p>
      {appDescription && <p className={classes.dim}>{appDescription}</p>}
      <p>
        {role ? `You will be able to ${role.offer}.` : 'You will be able to do what has been chosen for you.'}{' '}
        <span className={classes.dim}>
          For one person, until {until.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}.
        </span>
      </p>
    </div>
  )
}

const overWords: Partial<Record<InvitationState, string>> = {
  [InvitationState.USED]:
    'A link lets one person in, once. If that was you, sign in with the account you made; otherwise ask whoever sent it for another.',
  [InvitationState.EXPIRED]: 'It was good for a limited time. Ask whoever sent it for a new one.',
  [InvitationState.WITHDRAWN]: 'Whoever sent it has taken it back, or may no longer invite. Ask them for a new one.',
}

/** A link that lets nobody in any more: what happened, and the way on. */
function Over({ found, me }: { found: LookAtInvitationResponse; me: string | undefined }) {
  if (found.isMember)
    return (
      <>
        <p className={classes.words}>You need no link any more: the app is yours to open as {me}.</p>
        <ButtonLink to="/apps/$user/$app" params={{ user: found.userId, app: found.appId }} fullWidth>
          Open {appName(found)}
        </ButtonLink>
      </>
    )
  return <Ended me={me}>{overWords[found.state] ?? overWords[InvitationState.WITHDRAWN]}</Ended>
}

function Ended({ me, children }: { me: string | undefined; children: React.ReactNode }) {
  return (
    <>
      <p className={classes.words}>{children}</p>
      <ButtonLink to={me === undefined ? '/sign-in' : '/apps'} fullWidth>
        {me === undefined ? 'Sign in' : `Go to my apps as ${me}`}
      </ButtonLink>
    </>
  )
}
