import { SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { Search } from 'lucide-react'
import { useState } from 'react'
import type { GridSearch } from './gridFilter.ts'
import classes from './InputsPage.module.css'

const filters = [
  { value: 'all', label: 'All' },
  { value: 'unlabelled', label: 'Unlabelled' },
  { value: 'labelled', label: 'Labelled' },
]

interface Props {
  search: GridSearch
  onChange: (change: { q?: string | undefined; show?: GridSearch['show'] | undefined }) => void
}

/** The filters used most: a text, and labelled or not. */
export function GridFilters({ search, onChange }: Props) {
  const { q = '', show = 'all' } = search
  const [typed, setTyped] = useState(q)
  const [told, setTold] = useState(q)
  // a view was opened, or the way back taken: the field shows what the address says
  if (told !== q) {
    setTold(q)
    if (typed.trim() !== q) setTyped(q)
  }
  const look = useDebouncedCallback((text: string) => onChange({ q: text || undefined }), 200)
  return (
    <>
      <TextInput
        aria-label="Search inputs by filename"
        placeholder="Filename"
        leftSection={<Search size={14} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          look(event.currentTarget.value.trim())
        }}
        className={classes.search}
      />
      <SegmentedControl
        aria-label="Show"
        data={filters}
        value={show}
        onChange={(value) => onChange({ show: value === 'unlabelled' || value === 'labelled' ? value : undefined })}
      />
    </>
  )
}
