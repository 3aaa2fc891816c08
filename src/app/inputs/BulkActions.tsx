import { Button, Group, Popover, Select, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ClipboardList, FolderPlus, Tag } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count } from '#app/messages.ts'
import { datasetsQuery } from '#sync/exports.ts'
import type { AppScope } from '#sync/scope.ts'
import type { Choice } from './FilterPanel.tsx'
import { useBulk } from './useBulk.ts'

interface Props {
  scope: AppScope
  ids: ReadonlySet<string>
  concepts: readonly Choice[]
  /** undefined: this person makes no tasks */
  onTask: (() => void) | undefined
}

/** What is done with the selected inputs at once: concepts, datasets, tasks. Each can be undone. */
export function BulkActions({ scope, ids, concepts, onTask }: Props) {
  return (
    <>
      <ConceptAction scope={scope} ids={ids} concepts={concepts} />
      <DatasetAction scope={scope} ids={ids} />
      {onTask && (
        <Button variant="default" leftSection={<ClipboardList size={14} />} onClick={onTask}>
          New task
        </Button>
      )}
    </>
  )
}

function ConceptAction({ scope, ids, concepts }: Omit<Props, 'onTask'>) {
  const [opened, setOpened] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const bulk = useBulk(scope)
  const concept = concepts.find(({ value }) => value === chosen)
  async function act(how: 'add' | 'remove') {
    if (!concept) return
    if (await bulk.concept([...ids], { id: concept.value, name: concept.label }, how)) setOpened(false)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<Tag size={14} />} onClick={() => setOpened(!opened)}>
          Concept
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Select
            label="Concept of the whole image"
            description={`On ${count(ids.size, 'selected input')}; regions keep theirs.`}
            placeholder={concepts.length === 0 ? 'The app has no concept yet' : 'Choose a concept'}
            searchable
            data-autofocus
            comboboxProps={{ withinPortal: false }}
            nothingFoundMessage="No concept has this in its name"
            data={[...concepts]}
            value={chosen}
            onChange={setChosen}
          />
          <Group gap="xs" justify="flex-end">
            <Button variant="default" disabled={!concept} loading={bulk.busy} onClick={() => void act('remove')}>
              Remove
            </Button>
            <Button disabled={!concept} loading={bulk.busy} onClick={() => void act('add')}>
              Add
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

const FRESH = ' new'

function DatasetAction({ scope, ids }: Pick<Props, 'scope' | 'ids'>) {
  const { clients } = useApp()
  const [opened, setOpened] = useState(false)
  const [chosen, setChosen] = useState<string>(FRESH)
  const [name, setName] = useState('')
  const bulk = useBulk(scope)
  const { data: datasets = [] } = useQuery({ ...datasetsQuery(clients, scope), enabled: opened })
  const fresh = chosen === FRESH
  const id = fresh ? name.trim() : chosen
  const taken = fresh && datasets.some((one) => one.id === id)
  const unfit = fresh && id !== '' && !/^[\w.-]{1,64}$/.test(id)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<FolderPlus size={14} />} onClick={() => setOpened(!opened)}>
          To dataset
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void bulk.dataset([...ids], { id, fresh }).then((done) => done && setOpened(false))
          }}
        >
          <Stack gap="sm">
            <Select
              label="Dataset"
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              data={[
                { value: FRESH, label: 'A new dataset' },
                ...datasets.map((one) => ({
                  value: one.id,
                  label: one.description ? `${one.description} (${one.id})` : one.id,
                })),
              ]}
              value={chosen}
              onChange={(value) => setChosen(value ?? FRESH)}
            />
            {fresh && (
              <TextInput
                label="Id of the new dataset"
                placeholder="night-drives"
                spellCheck={false}
                autoCapitalize="none"
                data-autofocus
                value={name}
                error={
                  taken
                    ? 'There is a dataset of this id.'
                    : unfit
                      ? 'Letters, digits, dots, - and _, up to 64.'
                      : undefined
                }
                onChange={(event) => setName(event.currentTarget.value)}
              />
            )}
            <Group justify="flex-end">
              <Button type="submit" disabled={id === '' || taken || unfit} loading={bulk.busy}>
                Put {count(ids.size, 'input')} into it
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
