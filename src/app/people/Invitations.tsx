import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { ConfirmButton } from '#ui/ConfirmButton.tsx'
import { failureToast } from '#ui/toast.tsx'
import { InviteDialog } from './InviteDialog.tsx'
import classes from './PeoplePage.module.css'
import { roleOf } from './roles.ts'
import { PEOPLE_EVERY_MS } from './usePeopleHere.ts'

/** Links that can still be used, and a new one. */
export function Invitations({ scope }: { scope: AppScope }) {
  const { clients } = useApp()
  const [making, setMaking] = useState(false)
  const address = { userId: scope.owner, appId: scope.app }
  const query = useQuery({
    queryKey: [...queryKeys.app(scope), 'invitations'],
    queryFn: async ({ signal }) => (await (await clients.office()).listInvitations(address, { signal })).invitations,
    refetchInterval: PEOPLE_EVERY_MS,
    staleTime: 0,
  })

  async function revoke(id: string) {
    try {
      await (await clients.office()).revokeInvitation({ ...address, id })
    } catch (error) {
      failureToast('Not withdrawn', messageOf(error))
    }
    await query.refetch()
  }

  return (
    <section className={classes.part} aria-label="Invitations">
      <h3>Invitation links</h3>
      <ul>
        {query.data?.map(({ id, scopes, createdBy, expiresAt }) => (
          <li key={id}>
            <span>
              {roleOf(scopes)?.label ?? 'Other rights'}
              <span className={classes.detail}>
                {' '}
                · by {createdBy} · until{' '}
                {new Date(Number(expiresAt?.seconds ?? 0n) * 1000).toLocaleString('en', {
                  dateStyle: 'medium',
                  timeStyle: 'short',
                })}
              </span>
            </span>
            <ConfirmButton
              label="Withdraw"
              subject="invitation"
              question="The link stops working at once."
              onConfirm={() => void revoke(id)}
            />
          </li>
        ))}
      </ul>
      <Button variant="default" mt={8} leftSection={<Link2 size={14} />} onClick={() => setMaking(true)}>
        Invite by a link
      </Button>
      <InviteDialog
        scope={scope}
        opened={making}
        onClose={() => setMaking(false)}
        onMade={() => void query.refetch()}
      />
    </section>
  )
}
