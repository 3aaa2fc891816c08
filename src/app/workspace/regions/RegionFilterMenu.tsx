import { ActionIcon, Button, Popover } from '@mantine/core'
import { ListFilter } from 'lucide-react'
import { useId, useState } from 'react'
import parts from '#app/workspace/parts.module.css'
import type { Region, RegionKey } from '#model/region.ts'
import { statusLabel } from '#model/review.ts'
import classes from './RegionFilter.module.css'
import { everyRegion, type Facet, facetsOf, isFiltered, type RegionFilter, type RegionOrder } from './regionFilter.ts'
import { regionOrders } from './regionOrder.ts'

interface Props {
  regions: ReadonlyMap<RegionKey, Region>
  filter: RegionFilter
  onFilter: (filter: RegionFilter) => void
  conceptName: (id: string) => string
  authorName: (author: string) => string
}

/** Which regions the list shows and in which order. */
export function RegionFilterMenu(props: Props) {
  const [opened, setOpened] = useState(false)
  const filtered = isFiltered(props.filter)
  return (
    <Popover opened={opened} onChange={setOpened} position="left-start" width={250} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          size={24}
          variant={filtered ? 'light' : 'subtle'}
          color={filtered ? 'iris' : 'gray'}
          aria-label={filtered ? 'Filter and sort regions: filtered' : 'Filter and sort regions'}
          title="Filter and sort"
          onClick={() => setOpened(!opened)}
        >
          <ListFilter size={15} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filter and sort regions">{opened && <Fields {...props} />}</Popover.Dropdown>
    </Popover>
  )
}

function Fields({ regions, filter, onFilter, conceptName, authorName }: Props) {
  const facets = facetsOf(regions.values())
  const put = (patch: Partial<RegionFilter>) => onFilter({ ...filter, ...patch })
  return (
    <div className={classes.fields}>
      <input
        type="search"
        className={`${parts.input} ${classes.input}`}
        aria-label="Filter regions by text"
        placeholder="Concept, author or attribute"
        value={filter.text}
        data-autofocus
        onChange={(event) => put({ text: event.currentTarget.value })}
      />
      <FacetSelect
        label="Concept"
        facets={facets.concepts}
        value={filter.concept}
        nameOf={(id) => (id === '' ? 'Unlabelled' : conceptName(id))}
        onChange={(concept) => put({ concept })}
      />
      <FacetSelect
        label="Author"
        facets={facets.authors}
        value={filter.author}
        nameOf={authorName}
        onChange={(author) => put({ author })}
      />
      <FacetSelect
        label="Status"
        facets={facets.statuses}
        value={filter.status}
        nameOf={statusLabel}
        onChange={(status) => put({ status })}
      />
      <FacetSelect
        label="Attribute"
        facets={facets.attributes}
        value={filter.attribute}
        nameOf={(pair) => pair}
        onChange={(attribute) => put({ attribute })}
      />
      <label className={classes.field}>
        Sort by
        <select
          className={`${parts.input} ${classes.input}`}
          value={filter.order}
          onChange={(event) => put({ order: event.currentTarget.value as RegionOrder })}
        >
          {regionOrders.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <Button
        variant="default"
        disabled={!isFiltered(filter)}
        onClick={(event) => {
          // it cannot keep the focus when there is nothing left to show, and without focus Esc closes nothing
          event.currentTarget.parentElement?.querySelector('input')?.focus()
          onFilter({ ...everyRegion, order: filter.order })
        }}
      >
        Show all
      </Button>
    </div>
  )
}

interface FacetProps<T> {
  label: string
  facets: readonly Facet<T>[]
  value: T | undefined
  nameOf: (value: T) => string
  onChange: (value: T | undefined) => void
}

/** A value that is chosen stays on offer when no region has it any more. */
function FacetSelect<T>({ label, facets, value, nameOf, onChange }: FacetProps<T>) {
  const id = useId()
  const known = facets.some((facet) => facet.value === value)
  const all = value === undefined || known ? facets : [{ value, count: 0 }, ...facets]
  const at = all.findIndex((facet) => facet.value === value)
  return (
    <div className={classes.field}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={`${parts.input} ${classes.input}`}
        value={value === undefined ? '' : String(at)}
        disabled={all.length === 0}
        onChange={(event) =>
          onChange(event.currentTarget.value === '' ? undefined : all[Number(event.currentTarget.value)]?.value)
        }
      >
        <option value="">Any</option>
        {all.map((facet, i) => (
          <option key={String(facet.value)} value={String(i)}>
            {nameOf(facet.value)} ({facet.count})
          </option>
        ))}
      </select>
    </div>
  )
}
