import { Alert, Button, Group } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { peopleHereQuery } from '#sync/people.ts'
import { appQuery, conceptsQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import { plainToast, undoToast } from '#ui/toast.tsx'
import { ReviewFields } from './ReviewFields.tsx'
import { Shares } from './Shares.tsx'
import classes from './TaskForm.module.css'
import type { Editing } from './TasksPage.tsx'
import { ChangedMeanwhile } from './taskChange.ts'
import { type DraftProblems, problemsOf, type TaskDraft } from './taskDraft.ts'
import { marqueeOf } from './taskWire.ts'
import { changedWords } from './taskWords.ts'
import { useNewTask } from './useNewTask.ts'
import { useTaskEdit } from './useTaskEdit.ts'
import { useTaskWrites } from './useTaskWrites.tsx'
import { WhatFields } from './WhatFields.tsx'
import { WhoFields } from './WhoFields.tsx'

/** What the parts of the form share. */
export interface FieldProps {
  readonly draft: TaskDraft
  readonly set: (changed: Partial<TaskDraft>) => void
  /** shown at their fields once the person has tried to send it */
  readonly problems: DraftProblems
  /** everybody who could be named; the owner first */
  readonly people: readonly { readonly value: string; readonly label: string }[]
}

/** A draft that somebody fills in, and what becomes of it. */
export interface Sheet {
  readonly draft: TaskDraft
  readonly set: (changed: Partial<TaskDraft>) => void
  /** It goes on from an earlier one that was not sent; undefined: it does not. */
  readonly discard: (() => void) | undefined
  /** What is filled in stays on this device when the form is closed. */
  readonly kept: boolean
  /** How many inputs it is about, where those are given and not chosen here. */
  readonly given?: number
  /** @throws ChangedMeanwhile, ApiFailure */
  readonly save: () => Promise<Task>
}

interface Props {
  scope: AppScope
  editing: Editing
  onClose: () => void
}

export function TaskForm({ scope, editing, onClose }: Props) {
  const { task, copy } = editing
  return task && !copy ? (
    <EditTask scope={scope} task={task} onClose={onClose} />
  ) : (
    <NewTask scope={scope} editing={editing} onClose={onClose} />
  )
}

function EditTask({ scope, task, onClose }: { scope: AppScope; task: Task; onClose: () => void }) {
  return <TaskSheet scope={scope} before={task} sheet={useTaskEdit(scope, task)} onClose={onClose} />
}

function NewTask({ scope, editing, onClose }: Props) {
  return <TaskSheet scope={scope} before={undefined} sheet={useNewTask(scope, editing)} onClose={onClose} />
}

interface SheetProps {
  scope: AppScope
  /** the task that is changed; undefined: a new one */
  before: Task | undefined
  sheet: Sheet
  onClose: () => void
}

function TaskSheet({ scope, before, sheet, onClose }: SheetProps) {
  const { clients } = useApp()
  const { draft, set } = sheet
  const writes = useTaskWrites(scope)
  const [tried, setTried] = useState(false)
  const people = usePeople(scope)
  const { data: concepts = [] } = useQuery(conceptsQuery(clients, scope))
  const { data: app } = useQuery(appQuery(clients, scope))
  const ownWork = marqueeOf(app?.metadata).reviewsOwnWork === true
  const problems = problemsOf(draft, scope.owner, ownWork, before && before.concepts.length > 0)
  const form = useRef<HTMLFormElement>(null)

  const send = useMutation({
    mutationFn: sheet.save,
    onSuccess: async (task) => {
      await writes.refresh()
      if (before) plainToast(`“${task.name}” has been changed`)
      else undoToast(`“${task.name}” has been handed out`, () => void writes.remove(task))
      onClose()
    },
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (Object.keys(problems).length === 0) send.mutate()
    else
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-error]')?.focus(),
      )
  }

  const fields: FieldProps = { draft, set, problems: tried ? problems : {}, people }
  return (
    <form ref={form} onSubmit={submit} noValidate className={classes.form}>
      {sheet.discard && (
        <Alert color="blue" role="status" className={classes.resumed}>
          What you had filled in and not {before ? 'saved' : 'sent'} is here again.{' '}
          <Button size="compact-xs" variant="subtle" onClick={sheet.discard}>
            {before ? 'Show the task as it is' : 'Start anew'}
          </Button>
        </Alert>
      )}
      <div className={classes.columns}>
        <div className={classes.column}>
          <WhatFields {...fields} scope={scope} concepts={concepts} given={sheet.given} />
        </div>
        <div className={classes.column}>
          <WhoFields {...fields} />
          <Shares
            scope={scope}
            draft={draft}
            people={people}
            given={sheet.given}
            before={before}
            incomplete={Object.keys(problems).some((field) => field !== 'name')}
          />
          <ReviewFields {...fields} />
        </div>
      </div>
      {send.error && (
        <Alert color="red" title={before ? 'Not changed' : 'Not made'} role="alert">
          {send.error instanceof ChangedMeanwhile
            ? `Somebody else has changed ${changedWords(send.error.fields)} of this task since you began. Yours is still here: save again to replace theirs.`
            : messageOf(send.error)}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs" className={classes.foot}>
        {sheet.kept && (
          <span className={classes.kept}>What you {before ? 'change' : 'fill in'} is kept on this device.</span>
        )}
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={send.isPending}>
          {before ? 'Save changes' : 'Create task'}
        </Button>
      </Group>
    </form>
  )
}

function usePeople(scope: AppScope): FieldProps['people'] {
  const { clients } = useApp()
  const { data = [{ id: scope.owner, name: '' }] } = useQuery(peopleHereQuery(clients, scope))
  return data.map(({ id, name }) => {
    const label = name ? `${name} (${id})` : id
    return { value: id, label: id === scope.owner ? `${label}, owner` : label }
  })
}
