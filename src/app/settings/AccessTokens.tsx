import { timestampDate } from '@bufbuild/protobuf/wkt'
import { Button, Skeleton } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { Key } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { ok } from '#sync/errors.ts'
import { keysQuery } from '#sync/queries.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import { ConfirmButton } from '#ui/ConfirmButton.tsx'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { failureToast, plainToast } from '#ui/toast.tsx'
import classes from './AccessTokens.module.css'
import { NewToken } from './NewToken.tsx'

/** The person's tokens: making one, and revoking what is no longer needed. Secrets are never shown again. */
export function AccessTokens() {
  const { clients, person } = useApp()
  const query = useQuery(keysQuery(clients, person.id))
  const [making, setMaking] = useState(false)
  const keys = query.data ?? []
  const make = (
    <Button variant="default" onClick={() => setMaking(true)}>
      New token
    </Button>
  )
  return (
    <>
      {query.isPending && <Skeleton height={52} />}
      {query.error && !query.data && (
        <ErrorState
          title="Your tokens could not be loaded"
          message={messageOf(query.error)}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      )}
      {query.data && keys.length === 0 && (
        <EmptyState icon={KeyRound} title="No tokens" action={make}>
          Make one to read and write labels from a program.
        </EmptyState>
      )}
      {keys.length > 0 && (
        <>
          <ul className={classes.list} aria-label="Personal access tokens">
            {keys.map((key) => (
              <TokenRow key={key.id} token={key} />
            ))}
          </ul>
          {make}
        </>
      )}
      <NewToken opened={making} onClose={() => setMaking(false)} />
    </>
  )
}

function TokenRow({ token }: { token: Key }) {
  const { clients, queryClient, person } = useApp()
  const revoke = useMutation({
    mutationFn: async () => ok(await clients.api.deleteKey({ userAppId: { userId: person.id }, keyId: token.id })),
    onSuccess: () => plainToast('Token revoked'),
    onError: (error) => failureToast('Not revoked', messageOf(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.keys(person.id) }),
  })
  const name = token.description || 'Without description'
  const expires = token.expiresAt && timestampDate(token.expiresAt)
  const expired = expires !== undefined && expires.getTime() < Date.now()
  return (
    <li className={classes.token}>
      <span className={classes.name}>{name}</span>
      <span className={classes.when}>
        {token.createdAt && `Made ${day(timestampDate(token.createdAt))}`}
        {expires ? (expired ? `, expired ${day(expires)}` : `, until ${day(expires)}`) : ', does not expire'}
      </span>
      <ConfirmButton
        label="Revoke"
        subject={name}
        question="Programs that use this token stop working at once. This cannot be undone."
        loading={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      />
    </li>
  )
}

const day = (date: Date): string => date.toLocaleDateString('en', { year: 'numeric', month: 'short', day: 'numeric' })
