import { Button, NumberInput, Popover, Select, TextInput } from '@mantine/core'
import { ListFilter } from 'lucide-react'
import classes from './FilterPanel.module.css'
import {
  type Comparator,
  comparisonOf,
  countsOf,
  daysOf,
  type GridSearch,
  rangeText,
  workLabels,
} from './gridFilter.ts'

export interface Choice {
  readonly value: string
  readonly label: string
}

interface Props {
  search: GridSearch
  /** Takes these over into the address; undefined removes one. */
  onChange: (change: { [K in keyof GridSearch]?: GridSearch[K] | undefined }) => void
  people: readonly Choice[]
  concepts: readonly Choice[]
}

const comparators = [
  { value: 'atLeast', label: 'at least' },
  { value: 'atMost', label: 'at most' },
  { value: 'exactly', label: 'exactly' },
]

/** The filters that need more than a click, each at work as soon as it is set. */
export function FilterPanel({ search, onChange, people, concepts }: Props) {
  return (
    <Popover position="bottom-start" shadow="md" trapFocus returnFocus width={340}>
      <Popover.Target>
        <Button variant="default" leftSection={<ListFilter size={14} />}>
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filters" className={classes.panel}>
        <Choose
          label="Work"
          placeholder="Any state"
          data={Object.entries(workLabels).map(([value, label]) => ({ value, label }))}
          value={search.work}
          onChange={(work) =>
            onChange({ work: work as GridSearch['work'], ...(work === 'none' && { assignee: undefined }) })
          }
        />
        <Choose
          label="Assigned to"
          placeholder="Anybody"
          data={people}
          value={search.assignee}
          disabled={search.work === 'none'}
          onChange={(assignee) => onChange({ assignee })}
        />
        <Choose
          label="Labelled by"
          placeholder="Anybody"
          data={people}
          value={search.author}
          onChange={(author) => onChange({ author })}
        />
        <Choose
          label="Concept"
          placeholder="Any"
          data={concepts}
          value={search.concept}
          onChange={(concept) => onChange({ concept, ...(!concept && { n: undefined }) })}
        />
        {search.concept && <Compare label="How often" text={search.n} least={1} onChange={(n) => onChange({ n })} />}
        <Compare label="Regions" text={search.regions} least={0} onChange={(regions) => onChange({ regions })} />
        <Compare
          label="Model score, %"
          text={search.score}
          least={0}
          most={100}
          onChange={(score) => onChange({ score })}
        />
        <Days label="Added" text={search.created} onChange={(created) => onChange({ created })} />
        <Days label="Labels changed" text={search.changed} onChange={(changed) => onChange({ changed })} />
      </Popover.Dropdown>
    </Popover>
  )
}

interface ChooseProps {
  label: string
  placeholder: string
  data: readonly Choice[]
  value: string | undefined
  disabled?: boolean
  onChange: (value: string | undefined) => void
}

function Choose({ value, onChange, data, ...rest }: ChooseProps) {
  // somebody who left, or a concept that is gone, is still what the address says
  const all =
    value === undefined || data.some((choice) => choice.value === value) ? data : [...data, { value, label: value }]
  return (
    <Select
      {...rest}
      size="xs"
      clearable
      searchable={data.length > 8}
      data={[...all]}
      limit={200}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      comboboxProps={{ withinPortal: false }}
    />
  )
}

function Compare(props: {
  label: string
  text: string | undefined
  least: number
  most?: number
  onChange: (text: string | undefined) => void
}) {
  const { comparator, number } = comparisonOf(countsOf(props.text))
  const set = (next: Comparator, value: number | undefined) =>
    props.onChange(value === undefined ? undefined : rangeText(next, value))
  return (
    <fieldset className={classes.pair}>
      <legend className={classes.label}>{props.label}</legend>
      <Select
        size="xs"
        aria-label={`${props.label}: comparison`}
        data={comparators}
        value={comparator}
        allowDeselect={false}
        onChange={(next) => set(next as Comparator, number ?? props.least)}
        comboboxProps={{ withinPortal: false }}
      />
      <NumberInput
        size="xs"
        aria-label={`${props.label}: number`}
        placeholder="any"
        min={0}
        max={props.most ?? 9_999_999}
        allowDecimal={false}
        value={number ?? ''}
        onChange={(value) => set(comparator, value === '' ? undefined : Number(value))}
      />
    </fieldset>
  )
}

function Days(props: { label: string; text: string | undefined; onChange: (text: string | undefined) => void }) {
  const { from = '', to = '' } = daysOf(props.text) ?? {}
  const set = (first: string, last: string) => props.onChange(first || last ? `${first}..${last}` : undefined)
  return (
    <fieldset className={classes.pair}>
      <legend className={classes.label}>{props.label}</legend>
      <TextInput
        type="date"
        size="xs"
        aria-label={`${props.label} from`}
        value={from}
        max={to || undefined}
        onChange={(event) => set(event.currentTarget.value, to)}
      />
      <TextInput
        type="date"
        size="xs"
        aria-label={`${props.label} to`}
        value={to}
        min={from || undefined}
        onChange={(event) => set(from, event.currentTarget.value)}
      />
    </fieldset>
  )
}
