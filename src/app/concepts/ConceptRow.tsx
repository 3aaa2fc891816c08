import { ActionIcon, Menu, TextInput, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Ellipsis, FileText, Merge, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { Concept } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { definitionsOf } from '#model/attributes.ts'
import { conceptColor } from '#model/concept.ts'
import { conceptUseQuery } from '#sync/conceptOffice.ts'
import type { AppScope } from '#sync/scope.ts'
import { Kbd } from '#ui/Kbd.tsx'
import { Swatch } from '#ui/Swatch.tsx'
import { ColorPopover } from './ColorPopover.tsx'
import classes from './ConceptRow.module.css'
import { marqueeOf } from './conceptEdits.ts'
import { countOfUse, wordsOfUse } from './conceptUseWords.ts'
import type { Ending } from './EndConcept.tsx'

interface Props {
  scope: AppScope
  concept: Concept
  /** 1…10, if one of the digit keys ticks it. */
  slot: number | undefined
  /** Concept ids by slot. */
  slots: ReadonlyMap<number, string>
  nameOf: (id: string) => string
  canEdit: boolean
  canMoveUp: boolean
  canMoveDown: boolean
  onMove: (by: number) => void
  onRename: (name: string) => void
  onRecolour: (color: string) => void
  onKey: (slot: number | undefined) => void
  onAttributes: () => void
  onDescribe: () => void
  onEnd: ((how: Ending['how']) => void) | undefined
}

/** Key 0 is slot 10. */
const keyOf = (slot: number): string => String(slot % 10)

export function ConceptRow({ concept, slot, canEdit, canMoveUp, canMoveDown, onMove, ...props }: Props) {
  const name = concept.name || concept.id
  const color = conceptColor(concept)
  return (
    <>
      {canEdit ? (
        <KeyMenu concept={concept} slot={slot} slots={props.slots} nameOf={props.nameOf} onKey={props.onKey} />
      ) : (
        <span className={classes.key}>{slot !== undefined && <Kbd keys={keyOf(slot)} />}</span>
      )}
      {canEdit ? (
        <ColorPopover label={`Colour of ${name}`} color={color} onPick={props.onRecolour} />
      ) : (
        <span className={classes.swatch}>
          <Swatch color={color} size={14} />
        </span>
      )}
      <Name {...props} concept={concept} name={name} canEdit={canEdit} />
      <span className={classes.id} title={concept.id}>
        {concept.id}
      </span>
      <Attributes concept={concept} name={name} canEdit={canEdit} onOpen={props.onAttributes} />
      {canEdit && (
        <span className={classes.moves}>
          <ActionIcon size={26} disabled={!canMoveUp} aria-label={`Move ${name} up`} onClick={() => onMove(-1)}>
            <ArrowUp size={14} />
          </ActionIcon>
          <ActionIcon size={26} disabled={!canMoveDown} aria-label={`Move ${name} down`} onClick={() => onMove(1)}>
            <ArrowDown size={14} />
          </ActionIcon>
          <More name={name} concept={concept} onDescribe={props.onDescribe} onEnd={props.onEnd} />
        </span>
      )}
    </>
  )
}

/** How many attributes its regions have; opens them where they may be changed. */
function Attributes({
  concept,
  name,
  canEdit,
  onOpen,
}: {
  concept: Concept
  name: string
  canEdit: boolean
  onOpen: () => void
}) {
  const names = definitionsOf(concept).map((definition) => definition.name)
  const text = names.length === 0 ? 'none' : names.join(', ')
  if (!canEdit) return <span className={classes.id}>{text}</span>
  return (
    <UnstyledButton
      className={classes.attributes}
      data-none={names.length === 0 || undefined}
      aria-label={`Attributes of ${name}: ${names.length === 0 ? 'none' : names.join(', ')}`}
      title={names.join(', ')}
      onClick={onOpen}
    >
      {text}
    </UnstyledButton>
  )
}

/** What else can be done with a concept. */
function More({
  name,
  concept,
  onDescribe,
  onEnd,
}: { name: string } & Pick<Props, 'concept' | 'onDescribe' | 'onEnd'>) {
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <ActionIcon size={26} aria-label={`More for ${name}`}>
          <Ellipsis size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<FileText size={14} />} onClick={onDescribe}>
          {concept.definition.trim() === '' ? 'Add a description…' : 'Description…'}
        </Menu.Item>
        {onEnd && (
          <>
            <Menu.Item leftSection={<Merge size={14} />} onClick={() => onEnd('merge')}>
              Merge into…
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item leftSection={<Trash2 size={14} />} c="var(--danger)" onClick={() => onEnd('delete')}>
              Delete…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

interface NameProps extends Pick<Props, 'scope' | 'concept' | 'onEnd' | 'onRename'> {
  name: string
  canEdit: boolean
}

/** The name, which a click or Enter makes editable in place; Enter keeps, Esc leaves it as it was. */
function Name({ scope, concept, name, canEdit, onEnd, onRename }: NameProps) {
  const { clients } = useApp()
  const [draft, setDraft] = useState<string>()
  const use = useQuery({
    ...conceptUseQuery(clients, scope, concept.id),
    enabled: draft !== undefined && onEnd !== undefined,
  })
  const described = concept.definition.trim()
  if (!canEdit)
    return (
      <span className={classes.nameCell} title={described || undefined}>
        <span className={classes.name}>{name}</span>
        {described && <span className={classes.definition}>{described}</span>}
      </span>
    )
  if (draft === undefined)
    return (
      <span className={classes.nameCell} title={described || undefined}>
        <UnstyledButton
          className={classes.name}
          onClick={() => setDraft(name)}
          aria-label={`Rename ${name}`}
          title="Rename"
        >
          {name}
        </UnstyledButton>
        {described && <span className={classes.definition}>{described}</span>}
      </span>
    )
  function keep() {
    const next = draft?.trim() ?? ''
    setDraft(undefined)
    if (next !== '' && next !== name) onRename(next)
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') keep()
    if (event.key === 'Escape') setDraft(undefined)
  }
  return (
    <TextInput
      aria-label={`New name of ${name}`}
      value={draft}
      autoFocus
      title={use.data && `Changes the name on ${wordsOfUse(use.data)}`}
      rightSection={use.data && <span className={classes.uses}>{countOfUse(use.data)}</span>}
      rightSectionWidth={use.data ? 104 : undefined}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={onKeyDown}
    />
  )
}

function KeyMenu({
  concept,
  slot,
  slots,
  nameOf,
  onKey,
}: Pick<Props, 'concept' | 'slot' | 'slots' | 'nameOf' | 'onKey'>) {
  const name = concept.name || concept.id
  const chosen = marqueeOf(concept).hotkey !== undefined
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <UnstyledButton
          className={classes.key}
          aria-label={slot === undefined ? `Key of ${name}: none` : `Key of ${name}: ${keyOf(slot)}`}
        >
          {slot === undefined ? <span className={classes.noKey}>–</span> : <Kbd keys={keyOf(slot)} />}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Key that ticks it</Menu.Label>
        {Array.from({ length: 10 }, (_, n) => n + 1).map((n) => {
          const holder = slots.get(n)
          return (
            <Menu.Item
              key={n}
              leftSection={<Kbd keys={keyOf(n)} />}
              aria-current={n === slot || undefined}
              onClick={() => onKey(n)}
            >
              <span className={classes.holder} data-own={holder === concept.id || undefined}>
                {holder === undefined ? 'free' : nameOf(holder)}
              </span>
            </Menu.Item>
          )
        })}
        <Menu.Divider />
        <Menu.Item disabled={!chosen} onClick={() => onKey(undefined)}>
          By its place in the list
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
