import { useRouter } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { StudioReview } from '#app/command.ts'
import { count } from '#app/messages.ts'
import type { Notes } from '#app/notes/useNotes.ts'
import { InstructionsDialog } from '#app/work/InstructionsDialog.tsx'
import { useActiveTime } from '#app/work/useActiveTime.ts'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import type { NoticeAction } from '#app/workspace/NoticeBar.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useSessionState } from '#app/workspace/session/useSession.ts'
import type { Region } from '#model/region.ts'
import type { RegionChange } from '#model/regionDiff.ts'
import type { Verdict } from '#sync/commands.ts'
import type { InputScope } from '#sync/scope.ts'
import { crossesOn, markOf } from './marks.ts'
import { type Asking, ReasonDialog } from './ReasonDialog.tsx'
import { ReviewBar } from './ReviewBar.tsx'
import { RegionsToReview, ReviewNotes } from './ReviewPanel.tsx'
import { closedWords, mayReopen } from './reviewWords.ts'
import { answeredWords } from './together.ts'
import type { ReviewMode } from './useReviewMode.ts'
import { useSentBack } from './useSentBack.ts'
import { useTicks } from './useTicks.ts'

interface Options {
  readonly scope: InputScope
  readonly session: InputSession
  readonly concepts: Concepts
  /** undefined: the input is not open to be reviewed */
  readonly mode: ReviewMode | undefined
  readonly notes: Notes
  readonly nameOf: (userId: string) => string
  readonly fixing: boolean
  readonly onFix: (on: boolean) => void
  readonly say: (text: string, offer?: NoticeAction | (() => void)) => void
}

export interface Reviewing {
  readonly studio: StudioReview
  readonly bar: ReactNode
  /** in place of the panels, unless the reviewer fixes */
  readonly side: readonly [ReactNode, ReactNode] | undefined
  readonly dialogs: ReactNode
  /** what changed since it was sent back, while it is shown */
  readonly changes: readonly RegionChange[] | undefined
}

/** What one may note at one press. */
export const quickReasons = ['Incorrect position', 'Wrong concept', 'Missing object', 'Not precise enough'] as const

/** All that is different while an input is open to be reviewed. */
export function useReviewing(options: Options): Reviewing | undefined {
  const { scope, session, concepts, mode, notes, nameOf, fixing, onFix, say } = options
  const { person } = useApp()
  const router = useRouter()
  const { editor } = session
  const { annotations } = useSessionState(session)
  const item = mode?.item
  const [asking, setAsking] = useState<Asking>()
  const [reading, setReading] = useState(false)
  const asked = useRef('')
  const [comparing, setComparing] = useState(true)
  const work = mode && item ? `${mode.task}/${scope.input}/${item.id}/${item.round}` : ''
  const [ticks, setTicks] = useTicks(scope, work)
  const since = useSentBack(scope, session, mode)
  const pending = item && mode?.verdicts.pendingOf(item)
  const closed = mode && closedWords(mode, pending, nameOf)
  const decides = item !== undefined && closed === undefined
  useActiveTime(mode && item && decides ? { scope, task: mode.task, item: item.id, input: scope.input } : undefined)
  const looks = mode !== undefined && !fixing
  useEffect(() => {
    // what was drawn with elsewhere is not in hand while one looks
    if (looks && editor.state.tool !== 'select') editor.setTool('select')
  }, [editor, looks])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another piece of work is not fixed yet
  useEffect(() => onFix(false), [work])
  const readOnly = mode && (closed?.text ?? (fixing ? undefined : 'You are reviewing it. Press E to fix it yourself.'))
  useEffect(() => {
    if (mode) editor.setReadOnly(readOnly)
  }, [editor, mode, readOnly])
  const imageConcepts = useMemo(
    () =>
      (annotations ?? [])
        .filter(({ userId, data }) => userId === item?.workerId && (data?.concepts.length ?? 0) > 0)
        .flatMap(({ data }) => (data?.concepts ?? []).map(({ id, value }) => ({ id, present: value >= 0.5 }))),
    [annotations, item],
  )
  if (!mode) return undefined

  const place = { user: scope.owner, app: scope.app }
  const goOn = () => {
    const { next } = mode.queue
    if (next)
      return void router.navigate({
        to: '/apps/$user/$app/inputs/$input',
        params: { ...place, input: next.input.inputId },
        search: next.search,
      })
    void router.navigate({ to: '/apps/$user/$app/review', params: place, search: {} })
  }
  const compare = () =>
    void router.navigate({
      to: '/apps/$user/$app/inputs/$input',
      params: { ...place, input: scope.input },
      search: { consensus: mode.task },
    })
  const here = router.state.location.href
  const give = (verdict: Verdict, reason = '') => {
    if (!item || !decides) return
    // a stroke or an unfinished edit is part of what is approved
    session.input.blur()
    session.flush()
    mode.verdicts.give([item], verdict, reason, () => void router.navigate({ href: here }))
    goOn()
  }
  const crossed = [...editor.state.regions.values()].filter((region) => crossesOn(region, notes.threads).length > 0)
  const pins = notes.threads.filter(({ resolved, notes: [first] }) => !resolved && first.by === person.id)
  const approve = () => {
    if (!decides) return say(closed?.text ?? 'It is being looked up.')
    if (item && item.othersWaiting > 0)
      return say(
        `${count(item.othersWaiting + 1, 'person', 'people')} labelled this image apart: compare them, so that each object counts once.`,
        { name: 'Compare', run: compare },
      )
    const answered = item && answeredWords(item, nameOf)
    if (answered) return say(answered)
    const placed = pins.filter(({ at, region }) => at || region !== undefined).length
    // the second time it is meant
    const doubts = [
      crossed.length > 0 && `${count(crossed.length, 'region')} marked wrong`,
      // the reason why it was sent back stands on no place, and is answered by what was done
      placed > crossed.length && `${count(placed, 'open pin')} of yours`,
    ].filter(Boolean)
    if (!fixing && doubts.length > 0 && asked.current !== work) {
      asked.current = work
      return say(`${doubts.join(', ')}. Approve again to approve it all the same.`, {
        name: 'Approve',
        run: () => give('approve'),
      })
    }
    give('approve')
  }
  const ask = (verdict: 'changes' | 'deny') => {
    if (decides) setAsking({ verdict, items: 1, notes: pins.length })
    else say(closed?.text ?? 'It is being looked up.')
  }
  const reopens = item !== undefined && !pending && mayReopen(item, person.id, scope.owner)
  const reopen = (reason: string) => {
    if (item) mode.verdicts.give([item], 'changes', reason)
  }
  const fix = () => {
    if (!decides) return say(closed?.text ?? 'It is being looked up.')
    setComparing(false)
    onFix(true)
  }
  const mark = (region: Region, what: 'right' | 'wrong') => {
    const [thread] = crossesOn(region, notes.threads)
    if (what === 'right') {
      if (thread)
        return say('It is marked wrong: resolve its note first.', { name: 'Show it', run: () => notes.show(thread) })
      const next = new Set(ticks)
      if (!next.delete(region.key)) next.add(region.key)
      return setTicks(next)
    }
    editor.select([region.key])
    editor.reveal(region.key)
    if (thread) notes.show(thread)
    else notes.begin({ region: region.id })
  }
  const markSelected = (what: 'right' | 'wrong') => {
    const region = editor.state.regions.get([...editor.state.selected][0] ?? '')
    if (!region) return say('Select a region first: Tab goes from one to the next.')
    if (!decides || fixing) return
    mark(region, what)
  }
  const acts = {
    approve,
    requestChanges: () => ask('changes'),
    deny: () => ask('deny'),
    fix,
    stopFixing: () => onFix(false),
    goOn,
  }
  const text = mode.work?.instructions ?? ''
  const panel = {
    session,
    concepts,
    author: item?.workerId ?? '',
    authorName: nameOf(item?.workerId ?? ''),
    nameOf,
    imageConcepts,
    markOf: (region: Region) => markOf(region, ticks, notes.threads),
    onMark: mark,
    mayMark: decides,
    since,
    comparing,
    onCompare: setComparing,
    notes,
  }
  return {
    studio: {
      ...acts,
      fixing,
      right: () => markSelected('right'),
      wrong: () => markSelected('wrong'),
      compare: since && (() => setComparing(!comparing)),
    },
    bar: (
      <ReviewBar
        scope={scope}
        mode={mode}
        acts={acts}
        onReopen={reopens ? () => setAsking({ verdict: 'changes', items: 1, reopens: true }) : undefined}
        nameOf={nameOf}
        fixing={fixing}
        pins={notes.threads.filter(({ at, region }) => at || region !== undefined).length}
        since={since}
        comparing={comparing}
        onCompare={setComparing}
        onInstructions={text.trim() === '' ? undefined : () => setReading(true)}
      />
    ),
    side:
      fixing || !item
        ? undefined
        : [<RegionsToReview key="regions" {...panel} />, <ReviewNotes key="notes" {...panel} />],
    dialogs: (
      <>
        <ReasonDialog
          asking={asking}
          onClose={() => setAsking(undefined)}
          onGive={(reason) => {
            setAsking(undefined)
            if (asking?.reopens) reopen(reason)
            else if (asking) give(asking.verdict, reason)
          }}
        />
        <InstructionsDialog
          name={mode.work?.name}
          text={reading ? text : undefined}
          onClose={() => setReading(false)}
        />
      </>
    ),
    changes: comparing && since && !fixing ? since.changes : undefined,
  }
}
