import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { useRestoreApp } from '#app/apps/useRestoreApp.ts'
import { count, messageOf } from '#app/messages.ts'
import { deleteApp } from '#sync/apps.ts'
import { collaboratorsQuery, inputSummariesQuery } from '#sync/queries.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { undoToast } from '#ui/toast.tsx'

const UNDO_MS = 15_000

/** Deletes the app once its id has been typed. It can be had back for 30 days. */
export function DeleteApp({ scope }: { scope: AppScope }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="default" color="red.9" onClick={() => setAsking(true)}>
        Delete this app…
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={`Delete ${scope.app}`} size={460}>
        <Question scope={scope} onClose={() => setAsking(false)} />
      </Modal>
    </>
  )
}

function Question({ scope, onClose }: { scope: AppScope; onClose: () => void }) {
  const { clients, queryClient, person } = useApp()
  const router = useRouter()
  const restore = useRestoreApp()
  const [typed, setTyped] = useState('')
  const inputs = useQuery(inputSummariesQuery(clients, scope, { page: 1, perPage: 1 })).data?.total
  const people = useQuery(collaboratorsQuery(clients, scope)).data?.length
  const end = useMutation({
    mutationFn: () => deleteApp(clients, scope),
    onSuccess: async () => {
      await router.navigate({ to: '/apps' })
      queryClient.removeQueries({ queryKey: queryKeys.app(scope) })
      await queryClient.invalidateQueries({ queryKey: queryKeys.apps(person.id) })
      undoToast(`${scope.app} has been deleted`, () => void restore({ id: scope.app }), { forMs: UNDO_MS })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() === scope.app) end.mutate()
      }}
    >
      <Stack gap="md">
        <Text size="sm">
          {inputs === undefined ? 'All its inputs' : count(inputs, 'input')} with all labels, tasks and history go from
          sight at once{people ? `, and ${count(people, 'other person loses', 'other people lose')} access` : ''}. For
          30 days you can bring it all back from the page of apps; then it is gone for good.{' '}
          <Link
            to="/apps/$user/$app/exports"
            params={{ user: scope.owner, app: scope.app }}
            onClick={onClose}
            style={{ color: 'var(--accent-text)' }}
          >
            Export the labels first
          </Link>
        </Text>
        <TextInput
          label={
            <>
              Type <b>{scope.app}</b> to delete it
            </>
          }
          data-autofocus
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {end.error && (
          <Alert color="red" role="alert">
            {messageOf(end.error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Keep
          </Button>
          <Button type="submit" color="red.9" disabled={typed.trim() !== scope.app} loading={end.isPending}>
            Delete
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
