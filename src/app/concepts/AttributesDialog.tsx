import { ActionIcon, Button, Checkbox, Group, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { type AttributeDefinition, attributeKinds, type DefinitionProblem, definitionsOf } from '#model/attributes.ts'
import classes from './AttributesDialog.module.css'
import { type AttributeDraft, checkDrafts, draftOf, newDraft, optionsOf } from './attributeDraft.ts'

interface Props {
  /** undefined: closed */
  concept: Concept | undefined
  onClose: () => void
  onSave: (concept: Concept, definitions: readonly AttributeDefinition[]) => void
}

/** What can be said of the regions of a concept: made, changed, ordered, taken away. */
export function AttributesDialog({ concept, onClose, onSave }: Props) {
  return (
    <Modal
      opened={concept !== undefined}
      onClose={onClose}
      title={concept && `Attributes of ${concept.name || concept.id}`}
      size={640}
      closeOnClickOutside={false}
    >
      {concept && <Form key={concept.id} concept={concept} onClose={onClose} onSave={onSave} />}
    </Modal>
  )
}

function Form({ concept, onClose, onSave }: Props & { concept: Concept }) {
  const [drafts, setDrafts] = useState<readonly AttributeDraft[]>(() => definitionsOf(concept).map(draftOf))
  const [shown, setShown] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const { definitions, problems } = checkDrafts(drafts)
  const change = (at: number, patch: Partial<AttributeDraft>) =>
    setDrafts(drafts.map((draft, i) => (i === at ? { ...draft, ...patch } : draft)))
  const move = (at: number, by: number) => {
    const next = drafts.toSpliced(at, 1)
    setDrafts(next.toSpliced(at + by, 0, drafts[at]!))
  }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (problems.length > 0) {
          flushSync(() => setShown(true))
          form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
          return
        }
        onSave(concept, definitions)
        onClose()
      }}
    >
      <p className={classes.about}>
        Asked of every region with this concept. Values that regions have already stay when an attribute is changed or
        removed.
      </p>
      <ol className={classes.list} aria-label="Attributes">
        {drafts.map((draft, at) => (
          <li key={draft.id} className={classes.item}>
            <Fields
              draft={draft}
              problems={shown ? problems.filter((problem) => problem.at === at) : []}
              onChange={(patch) => change(at, patch)}
            />
            <span className={classes.acts}>
              <ActionIcon aria-label={`Move ${title(draft)} up`} disabled={at === 0} onClick={() => move(at, -1)}>
                <ArrowUp size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                aria-label={`Move ${title(draft)} down`}
                disabled={at === drafts.length - 1}
                onClick={() => move(at, 1)}
              >
                <ArrowDown size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon aria-label={`Remove ${title(draft)}`} onClick={() => setDrafts(drafts.toSpliced(at, 1))}>
                <Trash2 size={14} aria-hidden />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ol>
      <Button
        variant="default"
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => {
          flushSync(() => setDrafts([...drafts, newDraft()]))
          form.current?.querySelector<HTMLElement>('ol > li:last-child input')?.focus()
        }}
      >
        Add an attribute
      </Button>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Save</Button>
      </Group>
    </form>
  )
}

const title = ({ name }: AttributeDraft) => name.trim() || 'the attribute'

const kindNames: Readonly<Record<AttributeDraft['kind'], string>> = {
  choice: 'Choice',
  checkbox: 'Checkbox',
  number: 'Number',
  text: 'Text',
}

interface FieldsProps {
  draft: AttributeDraft
  problems: readonly DefinitionProblem[]
  onChange: (patch: Partial<AttributeDraft>) => void
}

function Fields({ draft, problems, onChange }: FieldsProps) {
  const problem = (field: DefinitionProblem['field']) => problems.find((one) => one.field === field)?.text
  const { kind } = draft
  return (
    <div className={classes.fields}>
      <TextInput
        label="Name"
        value={draft.name}
        data-autofocus={draft.name === '' || undefined}
        error={problem('name')}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Select
        label="Kind"
        data={attributeKinds.map((value) => ({ value, label: kindNames[value] }))}
        value={kind}
        allowDeselect={false}
        onChange={(value) => value && onChange({ kind: value as AttributeDraft['kind'], standard: '' })}
      />
      {kind === 'choice' && (
        <Textarea
          label="Options, one a line"
          className={classes.options}
          rows={Math.min(8, Math.max(3, optionsOf(draft).length + 1))}
          value={draft.options}
          error={problem('options')}
          onChange={(event) => onChange({ options: event.currentTarget.value })}
        />
      )}
      {kind === 'number' && (
        <>
          <TextInput
            label="Smallest"
            inputMode="decimal"
            value={draft.min}
            error={problem('min')}
            onChange={(event) => onChange({ min: event.currentTarget.value })}
          />
          <TextInput
            label="Largest"
            inputMode="decimal"
            value={draft.max}
            error={problem('max')}
            onChange={(event) => onChange({ max: event.currentTarget.value })}
          />
        </>
      )}
      <Standard draft={draft} error={problem('standard')} onChange={(standard) => onChange({ standard })} />
      <span className={classes.ticks}>
        <Checkbox
          size="xs"
          label="Required"
          checked={draft.required}
          onChange={(event) => onChange({ required: event.currentTarget.checked })}
        />
        <Checkbox
          size="xs"
          label="Show on label"
          checked={draft.onLabel}
          onChange={(event) => onChange({ onLabel: event.currentTarget.checked })}
        />
      </span>
    </div>
  )
}

/** What a new region is given. */
function Standard({
  draft,
  error,
  onChange,
}: {
  draft: AttributeDraft
  error: string | undefined
  onChange: (standard: string) => void
}) {
  if (draft.kind === 'choice' || draft.kind === 'checkbox') {
    const options = draft.kind === 'choice' ? [...new Set(optionsOf(draft))] : ['yes', 'no']
    return (
      <Select
        label="New regions get"
        placeholder="Nothing"
        data={options}
        value={options.includes(draft.standard) ? draft.standard : null}
        clearable
        error={error}
        onChange={(value) => onChange(value ?? '')}
      />
    )
  }
  return (
    <TextInput
      label="New regions get"
      placeholder="Nothing"
      inputMode={draft.kind === 'number' ? 'decimal' : 'text'}
      value={draft.standard}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
