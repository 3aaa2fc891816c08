import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApp } from '#app/appContext.tsx'
import { savedSearchesQuery } from '#sync/datasets.ts'
import { datasetsQuery } from '#sync/exports.ts'
import type { AppScope } from '#sync/scope.ts'
import classes from './TaskForm.module.css'
import type { FieldProps } from './TaskForm.tsx'

/** Which inputs a task is about. */
export function SourceFields({ scope, draft, set, problems }: Omit<FieldProps, 'people'> & { scope: AppScope }) {
  const { source } = draft
  return (
    <div className={classes.pair}>
      <Select
        label="Inputs"
        allowDeselect={false}
        value={source}
        onChange={(value) => value && set({ source: value as typeof source, sourceId: '' })}
        data={[
          { value: 'all', label: 'All inputs of the app' },
          { value: 'dataset', label: 'A dataset' },
          { value: 'search', label: 'A saved search' },
          { value: 'input', label: 'One input' },
        ]}
      />
      {source === 'all' && <span className={classes.beside}>Those that are there when it is made.</span>}
      {source === 'input' && (
        <TextInput
          label="Input id"
          spellCheck={false}
          autoCapitalize="none"
          value={draft.sourceId}
          error={problems.sourceId}
          onChange={(event) => set({ sourceId: event.currentTarget.value })}
        />
      )}
      {source === 'dataset' && <DatasetField scope={scope} draft={draft} set={set} problems={problems} />}
      {source === 'search' && <SearchField scope={scope} draft={draft} set={set} problems={problems} />}
    </div>
  )
}

type ListProps = Parameters<typeof SourceFields>[0]

function DatasetField({ scope, ...field }: ListProps) {
  const { clients } = useApp()
  const { data } = useQuery(datasetsQuery(clients, scope))
  const options = data?.map(({ id, description }) => ({
    value: id,
    label: description ? `${description} (${id})` : id,
  }))
  return (
    <ListField
      {...field}
      label="Dataset"
      options={options}
      none="No dataset yet: choose inputs in the grid and press “To dataset”."
    />
  )
}

function SearchField({ scope, ...field }: ListProps) {
  const { clients } = useApp()
  const { data } = useQuery(savedSearchesQuery(clients, scope))
  const options = data?.map(({ id, name }) => ({ value: id, label: name || id }))
  return (
    <ListField
      {...field}
      label="Saved search"
      options={options}
      none="No saved search yet: set filters in the grid of inputs and save them as a view of the team."
    />
  )
}

interface ListFieldProps extends Omit<FieldProps, 'people'> {
  readonly label: string
  /** undefined: not known yet */
  readonly options: readonly { readonly value: string; readonly label: string }[] | undefined
  readonly none: string
}

function ListField({ draft, set, problems, label, options, none }: ListFieldProps) {
  const gone = draft.sourceId !== '' && !options?.some(({ value }) => value === draft.sourceId)
  return (
    <Select
      label={label}
      searchable
      allowDeselect={false}
      placeholder={options?.length === 0 ? 'None' : 'Choose'}
      description={options?.length === 0 ? none : undefined}
      nothingFoundMessage="None has this in its name"
      value={draft.sourceId || null}
      data={[...(options ?? []), ...(gone ? [{ value: draft.sourceId, label: draft.sourceId }] : [])]}
      error={problems.sourceId}
      onChange={(id) => id && set({ sourceId: id })}
    />
  )
}
