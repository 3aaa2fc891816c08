import { Alert, Button, Group, Modal, Select, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { conceptColor, conceptOrder } from '#model/concept.ts'
import { conceptUseQuery } from '#sync/conceptOffice.ts'
import type { AppScope } from '#sync/scope.ts'
import { Swatch } from '#ui/Swatch.tsx'
import classes from './ConceptsPage.module.css'
import { isUsed, wordsOfUse } from './conceptUseWords.ts'

/** Which concept is to go, and whether another was meant to take its place from the start. */
export interface Ending {
  readonly concept: Concept
  readonly how: 'merge' | 'delete'
  /** Id of the one that is offered in its place: somebody wanted its name. */
  readonly into?: string
}

interface Props {
  scope: AppScope
  ending: Ending
  concepts: readonly Concept[]
  /** `into` empty: it is deleted. Answers whether it was done. */
  onEnd: (concept: Concept, into: string) => Promise<boolean>
  onClose: () => void
}

/** Merges a concept into another, or deletes it; what is in use keeps a concept. Says what it will change first. */
export function EndConcept({ scope, ending: { concept, how, into: offered = '' }, concepts, onEnd, onClose }: Props) {
  const { clients } = useApp()
  const use = useQuery(conceptUseQuery(clients, scope, concept.id))
  const [into, setInto] = useState(offered)
  const [busy, setBusy] = useState(false)
  const name = concept.name || concept.id
  const others = concepts.filter(({ id }) => id !== concept.id).toSorted(conceptOrder)
  const used = use.data !== undefined && isUsed(use.data)
  const needs = how === 'merge' || used
  const target = others.find(({ id }) => id === into)
  async function end() {
    setBusy(true)
    const done = await onEnd(concept, needs ? into : '')
    setBusy(false)
    if (done) onClose()
  }
  return (
    <Modal opened onClose={onClose} title={how === 'merge' ? `Merge “${name}”` : `Delete “${name}”`} size={460}>
      {offered !== '' && (
        <Text size="sm" mb="xs">
          There is a concept of that name already. Two of one name cannot be told apart: merge them, or choose another
          name.
        </Text>
      )}
      {use.error ? (
        <Alert color="red" role="alert" mb="md">
          {messageOf(use.error)}
        </Alert>
      ) : use.data ? (
        <Text size="sm" mb="md" role="status">
          {used ? `Used by ${wordsOfUse(use.data)}.` : 'Nothing uses it.'}
        </Text>
      ) : (
        <Skeleton height={20} mb="md" />
      )}
      {(needs || use.data === undefined) && (
        <Select
          label={how === 'merge' ? 'Merge into' : 'What takes its place'}
          description={
            how === 'merge'
              ? undefined
              : 'A concept that is used goes only when another takes its place: no label is lost.'
          }
          searchable
          data-autofocus
          openOnFocus={false} // the list would lie over the buttons before anybody asked for it
          placeholder={others.length === 0 ? 'There is no other concept' : 'Choose a concept'}
          nothingFoundMessage="No concept has this in its name"
          value={into || null}
          data={others.map((one) => ({ value: one.id, label: one.name || one.id }))}
          leftSection={target && <Swatch color={conceptColor(target)} size={12} />}
          onChange={(id) => setInto(id ?? '')}
        />
      )}
      <p className={classes.after}>
        {target
          ? `All of it becomes “${target.name || target.id}”, and so does what somebody is drawing with “${name}” at this moment. `
          : ''}
        For 30 days you can take this back, here under the list; what is drawn or changed meanwhile stays as it is then.
      </p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Keep
        </Button>
        <Button
          color={how === 'delete' ? 'red.9' : undefined}
          disabled={use.data === undefined || (needs && into === '')}
          loading={busy}
          onClick={() => void end()}
        >
          {how === 'merge' ? 'Merge' : 'Delete'}
        </Button>
      </Group>
    </Modal>
  )
}
