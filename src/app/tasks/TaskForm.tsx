import { Alert, Button, Group } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import { appQuery, collaboratorsQuery, conceptsQuery, inputSummariesQuery } from '#sync/queries.ts'
import type { AppScope } from '#sync/scope.ts'
import { patchTask, postTask } from '#sync/tasks.ts'
import { plainToast } from '#ui/toast.tsx'
import { keepDraft, keptDraft } from './keptDraft.ts'
import { ReviewFields } from './ReviewFields.tsx'
import { Shares } from './Shares.tsx'
import classes from './TaskForm.module.css'
import type { Editing } from './TasksPage.tsx'
import { type DraftProblems, draftOf, marqueeOf, problemsOf, type TaskDraft, taskOf } from './taskDraft.ts'
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

interface Props {
  scope: AppScope
  editing: Editing
  onClose: () => void
}

export function TaskForm({ scope, editing, onClose }: Props) {
  const { clients } = useApp()
  const writes = useTaskWrites(scope)
  const before = editing.copy ? undefined : editing.task
  const fresh = editing.task === undefined
  const [draft, setDraft] = useState<TaskDraft>(() => startOf(scope, editing))
  const [tried, setTried] = useState(false)
  const people = usePeople(scope)
  const { data: concepts = [] } = useQuery(conceptsQuery(clients, scope))
  const { data: app } = useQuery(appQuery(clients, scope))
  const { data: inputs } = useQuery(inputSummariesQuery(clients, scope, { perPage: 1 }))
  const problems = problemsOf(draft, scope.owner, marqueeOf(app?.metadata).reviewsOwnWork === true)
  const form = useRef<HTMLFormElement>(null)

  function set(changed: Partial<TaskDraft>) {
    const next = { ...draft, ...changed }
    setDraft(next)
    if (fresh) keepDraft(scope, next)
  }

  const send = useMutation({
    mutationFn: () =>
      before ? patchTask(clients, scope, taskOf(draft, before)) : postTask(clients, scope, taskOf(draft)),
    onSuccess: async (task) => {
      if (fresh) keepDraft(scope, undefined)
      await writes.refresh()
      plainToast(before ? `“${task.name}” has been changed` : `“${task.name}” has been handed out`)
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
      <div className={classes.columns}>
        <div className={classes.column}>
          <WhatFields {...fields} concepts={concepts} />
        </div>
        <div className={classes.column}>
          <WhoFields {...fields} />
          <Shares draft={draft} people={people} inputs={draft.source === 'all' ? inputs?.total : undefined} />
          <ReviewFields {...fields} />
        </div>
      </div>
      {send.error && (
        <Alert color="red" title={before ? 'Not changed' : 'Not made'} role="alert">
          {messageOf(send.error)}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs" className={classes.foot}>
        {fresh && <span className={classes.kept}>What you fill in is kept on this device.</span>}
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

function startOf(scope: AppScope, { task, copy }: Editing): TaskDraft {
  if (!task) return keptDraft(scope)
  const draft = draftOf(task)
  return copy ? { ...draft, name: `${draft.name} (copy)` } : draft
}

function usePeople(scope: AppScope): FieldProps['people'] {
  const { clients } = useApp()
  const { data = [] } = useQuery(collaboratorsQuery(clients, scope))
  const others = data.flatMap(({ user }) => {
    const name = [user?.firstName, user?.lastName].filter(Boolean).join(' ')
    return user ? [{ value: user.id, label: name ? `${name} (${user.id})` : user.id }] : []
  })
  return [{ value: scope.owner, label: `${scope.owner} (owner)` }, ...others]
}
