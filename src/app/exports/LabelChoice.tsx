import { Alert, Select } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { type ExportLabels, labelSourcesQuery } from '#sync/exportLabels.ts'
import type { ExportSource } from '#sync/exports.ts'
import type { AppScope } from '#sync/scope.ts'
import { sharedWarning } from './exportWords.ts'

interface Props {
  scope: AppScope
  /** The inputs; undefined: not chosen yet. */
  source: ExportSource | undefined
  /** undefined: all of them */
  value: ExportLabels | undefined
  onChange: (labels: ExportLabels | undefined) => void
}

const [ALL, OUTSIDE] = ['all', 'outside'] as const
const task = (id: string) => `task:${id}`

/** All finished labels of the inputs, or those of one task: what two tasks drew on one input would be there twice. */
export function LabelChoice({ scope, source, value, onChange }: Props) {
  const { clients } = useApp()
  const { data, error } = useQuery({ ...labelSourcesQuery(clients, scope, source), placeholderData: keepPreviousData })
  const on = (inputs: number | undefined) => (inputs === undefined ? '' : ` · ${count(inputs, 'input')}`)
  const options = [
    { value: ALL, label: 'All finished labels' },
    ...(data?.tasks ?? []).map(({ id, name, inputs }) => ({ value: task(id), label: `Of ${name}${on(inputs)}` })),
    ...(data?.outside && data.tasks.length > 0
      ? [{ value: OUTSIDE, label: `Outside of tasks${on(data.outside.inputs)}` }]
      : []),
  ]
  const chosen = value?.kind === 'task' ? task(value.id) : (value?.kind ?? ALL)
  // chosen before other inputs were
  if (value && data && !options.some((one) => one.value === chosen))
    options.push({ value: chosen, label: `${value.kind === 'task' ? value.id : 'Outside of tasks'} · 0 inputs` })

  function choose(key: string | null) {
    if (key === OUTSIDE) onChange({ kind: 'outside', of: [] })
    else if (key === null || key === ALL) onChange(undefined)
    else onChange({ kind: 'task', id: key.slice(task('').length) })
  }

  const warning = value === undefined && data ? sharedWarning(data) : undefined
  return (
    <>
      <Select
        label="Labels"
        data={options}
        value={chosen}
        onChange={choose}
        disabled={!data}
        error={error && messageOf(error)}
        allowDeselect={false}
        searchable={options.length > 8}
      />
      {warning && (
        <Alert color="yellow" variant="light" role="status" py={8} icon={<TriangleAlert size={16} />}>
          {warning}
        </Alert>
      )}
    </>
  )
}
