import { MultiSelect, SegmentedControl, Tabs, Textarea, TextInput } from '@mantine/core'
import { count } from '#app/messages.ts'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { AppScope } from '#sync/scope.ts'
import { Markdown } from '#ui/Markdown.tsx'
import { SourceFields } from './SourceFields.tsx'
import classes from './TaskForm.module.css'
import type { FieldProps } from './TaskForm.tsx'

interface Props extends FieldProps {
  scope: AppScope
  concepts: readonly Concept[]
  /** how many inputs it is about, where those are not chosen here */
  given: number | undefined
}

/** What is to be labelled, and how. */
export function WhatFields({ draft, set, problems, scope, concepts, given }: Props) {
  const known = concepts.map(({ id, name }) => ({ value: id, label: name || id }))
  const gone = draft.concepts.filter((id) => !concepts.some((concept) => concept.id === id))
  return (
    <>
      <TextInput
        label="Name"
        placeholder="Boats, first batch"
        data-autofocus
        value={draft.name}
        error={problems.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <div>
        <div className={classes.label} id="task-type">
          What is drawn
        </div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby="task-type"
          value={draft.type}
          onChange={(type) => set({ type: type as typeof draft.type })}
          data={[
            { value: 'boxes', label: 'Boxes' },
            { value: 'polygons', label: 'Polygons' },
            { value: 'classify', label: 'Whole image' },
          ]}
        />
      </div>
      {given === undefined ? (
        <SourceFields draft={draft} set={set} problems={problems} scope={scope} />
      ) : (
        <TextInput
          label="Inputs"
          readOnly
          value={given === 1 ? 'The selected input' : `The ${count(given, 'selected input')}`}
        />
      )}
      <MultiSelect
        label="Concepts"
        description="Offered first to those who label. None: all of the app."
        searchable
        clearable
        hidePickedOptions
        nothingFoundMessage="No concept has this in its name"
        value={[...draft.concepts]}
        data={[...known, ...gone.map((id) => ({ value: id, label: `${id} (deleted)` }))]}
        error={problems.concepts}
        onChange={(chosen) => set({ concepts: chosen })}
      />
      <Tabs defaultValue="write" keepMounted={false}>
        <Tabs.List>
          <span className={classes.tabLabel}>Instructions</span>
          <Tabs.Tab value="write">Write</Tabs.Tab>
          <Tabs.Tab value="preview">Preview</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="write" pt={6}>
          <Textarea
            aria-label="Instructions"
            placeholder={
              'Markdown: **bold**, lists, links.\nShown to everybody before they begin, and again when it changes.'
            }
            minRows={6}
            maxRows={12}
            autosize
            value={draft.instructions}
            onChange={(event) => set({ instructions: event.currentTarget.value })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="preview" pt={6} className={classes.preview}>
          {draft.instructions.trim() === '' ? (
            <span className={classes.dim}>Nothing written yet.</span>
          ) : (
            <Markdown>{draft.instructions}</Markdown>
          )}
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
