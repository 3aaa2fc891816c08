import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import { focusAttributes } from '#app/workspace/attributes/AttributePanel.tsx'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import type { NoticeAction } from '#app/workspace/NoticeBar.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import type { WorkItem } from '#gen/marquee/v1/team_pb.ts'
import { settingsOf } from '#sync/appSettings.ts'
import type { CommandBody, Commands } from '#sync/commands.ts'
import { appQuery } from '#sync/queries.ts'
import type { InputScope } from '#sync/scope.ts'
import { painted } from '#ui/painted.ts'
import { actToast, failureToast, plainToast } from '#ui/toast.tsx'
import { othersRegions } from './addedInReview.ts'
import { isNothing } from './nothingSaid.ts'
import { isOpen } from './queue.ts'
import type { WorkMode } from './useWork.ts'
import { incompleteRegions } from './whatLacks.ts'
import { isDenied, isSubmit } from './workBadges.ts'
import { workSearch } from './workLink.ts'
import { type SubmitWords, submitWords, workName } from './workWords.ts'

/** How long a skipped image can be taken back before the server is told, ms. */
const SKIP_UNDO_MS = 7000
/** Two presses that come this fast are one too many for the image before, not a word about this one, ms. */
const MEANT_AFTER_MS = 400
/** How long a submit to the other labelers can be taken back before the server is told, as long as its Undo is shown, ms. */
const OTHERS_UNDO_MS = 8000
/** A submit is kept at once and sent when the next image is on the screen: sending, and the answer, cost it a frame each. */
const SUBMIT_AFTER_MS = 150
/** How long it is said what became of the image before, ms. */
const SAID_MS = 8000

/** One at a time: fast work would pile them up. */
const said = (message: string, name: string, run: () => void, forMs = SAID_MS): void =>
  actToast({ message, actions: [{ name, run }], failed: false }, forMs, 'work')

interface Options {
  readonly mode: WorkMode | undefined
  readonly session: InputSession
  readonly concepts: Concepts
  readonly scope: InputScope
  readonly title: string
  /** why the item is no longer this person's */
  readonly lost: string | undefined
  /** its task was deleted: nothing else of it is to do */
  readonly ended: boolean
  readonly say: (text: string, offer?: NoticeAction | (() => void)) => void
  /** A pin that was neither answered nor touched keeps the work from being submitted: true if there is one, and it is shown. */
  readonly stopsAtPin: () => boolean
}

export interface WorkActs {
  readonly words: SubmitWords
  readonly submit: () => void
  /** By a key: an image with nothing on it has to be meant, by a second press. */
  readonly submitByKey: () => void
  readonly unsubmit: () => void
  /** undefined where the server keeps no skips */
  readonly askSkip: (() => void) | undefined
  readonly skipping: boolean
  readonly skip: (reason: string) => void
  readonly stopSkipping: () => void
  /** where it leads, as it is written on it */
  readonly goesOnTo: string
  readonly goOn: () => void
}

/** What a person does with a piece of work, as commands behind its edits; undefined where the input is not open as work. */
export function useWorkActs(options: Options): WorkActs | undefined {
  const { mode, session, concepts, scope, title, lost, ended, say, stopsAtPin } = options
  const { clients, sync, person, session: signedIn } = useApp()
  const router = useRouter()
  const nameOf = useNameOf(scope)
  const [skipping, setSkipping] = useState(false)
  const meant = useRef({ item: '', from: 0 })
  const { data: app } = useQuery({ ...appQuery(clients, scope), enabled: mode?.task === '', staleTime: 60_000 })
  if (!mode) return undefined
  const { item, task } = mode
  const { editor } = session
  const settings = settingsOf(app)
  const goesOnTo = ended ? 'My work' : 'Next item'
  const words = submitWords({
    task: task === '' ? undefined : mode.details,
    ...settings,
    round: item?.round ?? 0,
    denied: item !== undefined && isDenied(item),
    nameOf,
  })

  const open = (input: string) =>
    router.navigate({
      to: '/apps/$user/$app/inputs/$input',
      params: { user: scope.owner, app: scope.app, input },
      search: workSearch(task),
    })
  const toWork = () =>
    router.navigate({ to: '/apps/$user/$app/work', params: { user: scope.owner, app: scope.app }, search: {} })
  /** The next of the queue; where it is shared, the next that is free; else the page that says what comes then. */
  const goOn = async (except?: string) => {
    if (ended) return toWork()
    const { next } = mode
    if (next?.input && next.id !== except) return open(next.input.inputId)
    try {
      // new ones are given only once the last is there
      const shared = Boolean(mode.work?.unclaimed)
      if (shared && !(await drained(sync.commands, task))) {
        plainToast('The next images are taken as soon as what you submitted has reached the server.')
        return toWork()
      }
      if (shared && (await mode.queue.takeMore())) {
        const fresh = mode.queue.state.queue?.items.find((other) => isOpen(other) && other.id !== except)
        if (fresh?.input) return open(fresh.input.inputId)
      }
    } catch (error) {
      failureToast('The next images could not be taken', messageOf(error))
    }
    plainToast(`That was the last one${mode.work ? ` in “${workName(mode.work)}”` : ''}.`)
    return toWork()
  }
  const send = (body: CommandBody, notBefore = 0): string => {
    const id = crypto.randomUUID()
    void sync.commands.add({ id, scope, name: title, body, notBefore })
    return id
  }
  /** Takes a command back if it has not left; else asks the server to. */
  const takeBack = (id: string, { id: itemId }: WorkItem) => {
    if (!sync.commands.cancel(id)) {
      if (words.to === 'consensus') return plainToast('It waits for the others already: a reviewer can send it back.')
      send({ is: 'unsubmit', task, item: itemId })
    }
    void open(scope.input)
  }

  /** `empty`: the person has been told whose the regions are that they see. */
  const submit = (empty = false, goesOn = false) => {
    if (!item) return
    if (lost) return say(lost, { name: goesOnTo, run: () => void goOn(item.id) })
    const asked = mode.pendingOf(item)
    if (!isOpen(item) || isSubmit(asked)) return say('It is submitted already.')
    if (mode.work?.paused && !goesOn) {
      // it may go on since it was last looked at
      void mode.queue.refresh().then(() => {
        if (!mode.queue.state.work?.paused) return submit(empty, true)
        say('The task is paused. Your work is saved; submit it when the task goes on.')
      })
      return
    }
    // a stroke or an unfinished edit is part of the work
    session.input.blur()
    const [lacking] = incompleteRegions(editor.state.regions.values(), person.id, concepts.attributesOf)
    if (lacking) {
      editor.select([lacking.key])
      editor.reveal(lacking.key)
      setTimeout(() => focusAttributes())
      return say(`“${concepts.labelOf(lacking)}” lacks a required attribute: fill it in before you submit.`)
    }
    if (stopsAtPin()) return
    session.flush()
    const refused = sync.problems(scope)
    if (refused.size > 0) {
      editor.select(
        [...editor.state.regions.values()].filter(({ annotation }) => refused.has(annotation)).map(({ key }) => key),
      )
      return say(
        `${count(refused.size, 'change')} to this image ${refused.size === 1 ? 'was' : 'were'} refused: retry or discard ${refused.size === 1 ? 'it' : 'them'} before you submit.`,
      )
    }
    const nothing = isNothing(session, task, person.id)
    const others = nothing && !empty ? othersRegions(editor.state.regions.values(), session, task, person.id) : []
    if (others.length > 0)
      return say(
        `${count(others.length, 'region')} here ${others.length === 1 ? 'is' : 'are'} not yours and no part of your work. Ctrl+A and Ctrl+D make copies that are.`,
        { name: 'Submit: nothing here', run: () => submit(true) },
      )
    if (nothing) session.setEmpty(true)
    session.flush()
    const name = nothing ? `${title}: nothing here` : title
    const text = navigator.onLine
      ? `${name} submitted → ${words.text}`
      : `${name}: kept here, submitted when you are online again`
    // the next image first, where it is known: what else there is to do is done when it is on the screen
    const ahead = mode.next?.input && mode.next.id !== item.id ? open(mode.next.input.inputId) : undefined
    // the new one is in its place
    if (asked?.refused) sync.commands.cancel(asked.id)
    // once it waits for the others it stays with them: who has submitted may see what they made
    const undoMs = words.to === 'consensus' ? OTHERS_UNDO_MS : undefined
    const waits = undoMs ?? (ahead ? SUBMIT_AFTER_MS : 0)
    const id = send({ is: 'submit', task, item: item.id, to: words.to }, waits > 0 ? Date.now() + waits : 0)
    void (ahead ?? goOn(item.id)).then(painted).then(() => said(text, 'Undo submit', () => takeBack(id, item), undoMs))
  }
  const submitByKey = () => {
    const asks = item && isOpen(item) && !lost && !isSubmit(mode.pendingOf(item)) && !mode.work?.paused
    if (!asks || !isNothing(session, task, person.id)) return submit()
    const { item: before, from } = meant.current
    if (before === item.id && Date.now() >= from) return submit()
    if (before !== item.id) meant.current = { item: item.id, from: Date.now() + MEANT_AFTER_MS }
    say('Nothing is drawn here. Submit once more to say that there is nothing.', {
      name: 'Submit: nothing here',
      run: () => submit(),
    })
  }
  const skip = (reason: string) => {
    setSkipping(false)
    if (!item) return
    session.input.blur()
    session.flush()
    const id = send({ is: 'skip', task, item: item.id, reason }, Date.now() + SKIP_UNDO_MS)
    mode.queue.putLast(item.id)
    const undo = () => {
      if (!sync.commands.cancel(id)) plainToast('It is at the end of your queue already; here it is.')
      void open(scope.input)
    }
    void goOn(item.id)
      .then(painted)
      .then(() => said(`${title} skipped: ${reason}`, 'Undo skip', undo, SKIP_UNDO_MS))
  }
  return {
    words,
    submit: () => submit(),
    submitByKey,
    unsubmit: () => {
      if (!item) return
      const pending = mode.pendingOf(item)
      if (pending?.body.is === 'submit' && sync.commands.cancel(pending.id)) return
      send({ is: 'unsubmit', task, item: item.id })
    },
    askSkip: signedIn.noRestore
      ? undefined
      : () => {
          if (!item || lost) return
          if (!isOpen(item)) return say('It is submitted: it cannot be skipped.')
          setSkipping(true)
        },
    skipping,
    skip,
    stopSkipping: () => setSkipping(false),
    goesOnTo,
    goOn: () => void goOn(item?.id),
  }
}

/** Longer than what waits to be taken back does, ms. */
const PATIENCE_MS = OTHERS_UNDO_MS + 4000

/** True once everything asked in a task has been answered; false if that takes too long. */
function drained(commands: Commands, task: string): Promise<boolean> {
  const waits = () => commands.list.some((command) => command.body.task === task && isSubmit(command))
  return new Promise((resolve) => {
    const settle = (done: boolean) => {
      stop()
      clearTimeout(timer)
      resolve(done)
    }
    const stop = commands.subscribe(() => !waits() && settle(true))
    const timer = setTimeout(() => settle(false), PATIENCE_MS)
    if (!waits()) settle(true)
  })
}
