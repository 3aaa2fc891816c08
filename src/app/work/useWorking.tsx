import { type ReactNode, useEffect, useRef } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { StudioWork } from '#app/command.ts'
import type { Notes } from '#app/notes/useNotes.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import type { NoticeAction } from '#app/workspace/NoticeBar.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import type { ToolId } from '#editor/tools/tool.ts'
import { Task_TaskType as Type } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { InputScope } from '#sync/scope.ts'
import { useAddedWords } from './addedInReview.ts'
import { InstructionsDialog } from './InstructionsDialog.tsx'
import { isOpen } from './queue.ts'
import { SkipDialog } from './SkipDialog.tsx'
import { useActiveTime } from './useActiveTime.ts'
import { useInstructions } from './useInstructions.ts'
import { useLease } from './useLease.ts'
import { usePins } from './usePins.tsx'
import type { WorkMode } from './useWork.ts'
import { useWorkActs } from './useWorkActs.ts'
import { WorkBar } from './WorkBar.tsx'
import { isSubmit } from './workBadges.ts'
import { workName } from './workWords.ts'

interface Options {
  readonly scope: InputScope
  readonly session: InputSession
  readonly concepts: Concepts
  readonly mode: WorkMode | undefined
  /** undefined: the input is not open as work */
  readonly task: string | undefined
  readonly title: string
  readonly notes: Notes
  readonly say: (text: string, offer?: NoticeAction | (() => void)) => void
}

export interface Working {
  readonly studio: StudioWork
  readonly bar: ReactNode
  readonly dialogs: ReactNode
  /** why the item is no longer this person's */
  readonly lost: string | undefined
  /** ids of threads of notes that have to be answered or dealt with */
  readonly waiting: ReadonlySet<string>
}

/** All that is different while an input is open as a piece of assigned work; undefined until its queue is known. */
export function useWorking(options: Options): Working | undefined {
  const { scope, session, mode, task } = options
  const { sync, person } = useApp()
  const nameOf = useNameOf(scope)
  const { lost, ended } = useLease(session, mode)
  const item = mode?.item
  const added = useAddedWords(session, task, item?.decidedBy ?? '', person.id, nameOf)
  useActiveTime(item && task !== undefined ? { scope, task, item: item.id, input: scope.input } : undefined)
  const text = mode?.work?.instructions
  const instructions = useInstructions({ owner: scope.owner, app: scope.app, task: task ?? '', text })
  const pins = usePins({ scope, session, item, notes: options.notes, say: options.say })
  const acts = useWorkActs({ ...options, lost, ended, stopsAtPin: pins.stops })
  useReadOnly(session, whyReadOnly(mode, lost))
  useFirstTool(session, mode)
  if (!mode || !acts) return undefined
  const open = text !== undefined && text.trim() !== '' ? instructions.open : undefined
  return {
    lost,
    waiting: pins.waiting,
    studio: {
      submit: acts.submitByKey,
      unsubmit: acts.unsubmit,
      skip: () => acts.askSkip?.(),
      goOn: acts.goOn,
      instructions: open,
    },
    bar: (
      <WorkBar
        scope={scope}
        session={session}
        mode={mode}
        acts={acts}
        lost={lost}
        added={added}
        onInstructions={open}
        pins={pins.button}
        onRetry={(id) => sync.commands.retry(id)}
      />
    ),
    dialogs: (
      <>
        <SkipDialog
          opened={acts.skipping}
          shared={mode.work?.unclaimed !== undefined && mode.work.unclaimed > 0}
          onSkip={acts.skip}
          onClose={acts.stopSkipping}
        />
        <InstructionsDialog
          name={mode.work && workName(mode.work)}
          text={instructions.opened ? text : undefined}
          changed={instructions.changed}
          onClose={instructions.close}
        />
      </>
    ),
  }
}

/** Why nothing can be drawn on the open input now, as the editor says it. */
function whyReadOnly(mode: WorkMode | undefined, lost: string | undefined): string | undefined {
  if (lost) return lost
  if (!mode) return undefined
  const { item } = mode
  if (!item) return mode.foreign ? 'This image is not in your queue.' : undefined
  const pending = mode.pendingOf(item)
  if (isSubmit(pending)) return 'It is submitted. Press Unsubmit to change it.'
  return isOpen(item) || pending?.body.is === 'unsubmit' ? undefined : 'It is submitted. Press Unsubmit to change it.'
}

function useReadOnly({ editor }: InputSession, reason: string | undefined): void {
  useEffect(() => editor.setReadOnly(reason), [editor, reason])
}

const toolOf: Partial<Record<number, ToolId>> = {
  [Type.CONCEPTS_CLASSIFICATION]: 'classify',
  [Type.BOUNDING_BOX_DETECTION]: 'box',
  [Type.POLYGON_DETECTION]: 'polygon',
}

/** The tool that a task is for is in hand when one comes to it; from then on it is the person's choice. */
function useFirstTool({ editor }: InputSession, mode: WorkMode | undefined): void {
  const given = useRef<string>(undefined)
  const task = mode?.work?.taskId
  const tool = toolOf[mode?.work?.type ?? 0]
  useEffect(() => {
    if (task === undefined || given.current === task) return
    given.current = task
    if (tool && editor.state.tool === 'select') editor.setTool(tool)
  }, [editor, task, tool])
}
