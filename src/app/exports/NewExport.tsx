import { Button, Checkbox, Group, Modal, MultiSelect, Radio, Select, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { startExport } from '#sync/exportActs.ts'
import type { ExportLabels } from '#sync/exportLabels.ts'
import {
  ALL_INPUTS,
  datasetsQuery,
  type ExportRequest,
  type ExportSource,
  exportFormats,
  exportsQuery,
  type FormatId,
} from '#sync/exports.ts'
import { conceptsQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import { LabelChoice } from './LabelChoice.tsx'

interface Props {
  scope: AppScope
  opened: boolean
  onClose: () => void
}

/** What to export, and how. */
export function NewExport({ scope, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="New export" size={480}>
      <Form scope={scope} onClose={onClose} />
    </Modal>
  )
}

type Kind = ExportSource['kind']

function Form({ scope, onClose }: Omit<Props, 'opened'>) {
  const { clients, queryClient } = useApp()
  const concepts = useQuery(conceptsQuery(clients, scope)).data ?? []
  const datasets = (useQuery(datasetsQuery(clients, scope)).data ?? []).filter(({ id }) => id !== ALL_INPUTS)
  const [kind, setKind] = useState<Kind>('all')
  const [dataset, setDataset] = useState<string | null>(null)
  const [chosen, setChosen] = useState<string[]>([])
  const [formats, setFormats] = useState<string[]>(['coco', 'json'])
  const [labels, setLabels] = useState<ExportLabels>()
  const [onlyLabelled, setOnlyLabelled] = useState(false)
  const [gathered, setGathered] = useState(0)
  const [problems, setProblems] = useState<Problems>({})
  const start = useMutation({
    mutationFn: (request: ExportRequest) => startExport(clients, scope, request, setGathered),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: exportsQuery(clients, scope).queryKey })
      onClose()
    },
    onError: (error) => setProblems({ form: messageOf(error) }),
  })
  const nameOf = (id: string): string => concepts.find((concept) => concept.id === id)?.name || id

  const source: ExportSource | undefined =
    kind === 'all'
      ? { kind }
      : kind === 'dataset'
        ? dataset
          ? { kind, id: dataset }
          : undefined
        : chosen.length > 0
          ? { kind, ids: chosen }
          : undefined

  function chooseLabels(of: ExportLabels | undefined) {
    setLabels(of)
    // the inputs of other tasks would be there with nothing on them
    if (of && !labels) setOnlyLabelled(true)
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    const found = check(kind, dataset, chosen, formats)
    setProblems(found)
    if (Object.keys(found).length > 0 || !source) return
    const what =
      kind === 'all'
        ? 'All inputs'
        : kind === 'dataset'
          ? `Dataset ${dataset}`
          : `Inputs with ${chosen.map(nameOf).join(' or ')}`
    const name = onlyLabelled && kind !== 'concepts' && !labels ? `${what}, labelled only` : what
    start.mutate({ source, labels, formats: formats as FormatId[], onlyLabelled, name })
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Radio.Group label="Export" value={kind} onChange={(value) => setKind(value as Kind)}>
          <Stack gap={8} mt={6}>
            <Radio size="xs" value="all" label="All inputs of the app" />
            <Radio size="xs" value="concepts" label="Inputs with certain concepts" disabled={concepts.length === 0} />
            <Radio size="xs" value="dataset" label="A dataset" disabled={datasets.length === 0} />
          </Stack>
        </Radio.Group>
        {kind === 'dataset' && (
          <Select
            label="Dataset"
            data={datasets.map(({ id }) => id)}
            value={dataset}
            onChange={setDataset}
            error={problems.dataset}
            searchable
          />
        )}
        {kind === 'concepts' && (
          <MultiSelect
            label="Concepts"
            description="Inputs that carry any of them, not only with these"
            data={concepts.map(({ id, name }) => ({ value: id, label: name || id }))}
            value={chosen}
            onChange={setChosen}
            error={problems.concepts}
            searchable
          />
        )}
        <LabelChoice scope={scope} source={source} value={labels} onChange={chooseLabels} />
        <Checkbox
          size="xs"
          label="Leave out inputs without labels"
          description="Inputs that were found to have nothing on them stay in"
          checked={onlyLabelled}
          onChange={(event) => setOnlyLabelled(event.currentTarget.checked)}
        />
        <Checkbox.Group label="Formats" value={formats} onChange={setFormats} error={problems.formats}>
          <Stack gap={8} mt={6} mb={problems.formats ? 6 : 0}>
            {exportFormats.map(({ id, label, description }) => (
              <Checkbox key={id} size="xs" value={id} label={label} description={description} />
            ))}
          </Stack>
        </Checkbox.Group>
        {problems.form && <div role="alert">{problems.form}</div>}
        <Group justify="space-between" gap="xs">
          <span aria-live="polite">
            {start.isPending && gathered > 0 ? `${count(gathered, 'input')} gathered…` : ''}
          </span>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={start.isPending}>
              Export
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}

interface Problems {
  dataset?: string
  concepts?: string
  formats?: string
  form?: string
}

const check = (
  kind: Kind,
  dataset: string | null,
  concepts: readonly string[],
  formats: readonly string[],
): Problems => ({
  ...(kind === 'dataset' && !dataset && { dataset: 'Choose a dataset.' }),
  ...(kind === 'concepts' && concepts.length === 0 && { concepts: 'Choose at least one concept.' }),
  ...(formats.length === 0 && { formats: 'Choose at least one format.' }),
})
