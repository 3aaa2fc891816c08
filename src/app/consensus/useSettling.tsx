import { create, toBinary } from '@bufbuild/protobuf'
import { useRouter } from '@tanstack/react-router'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { type Asking, ReasonDialog } from '#app/review/ReasonDialog.tsx'
import { mayReopen } from '#app/review/reviewWords.ts'
import { useVerdicts } from '#app/review/useVerdicts.tsx'
import { refusalWords } from '#app/work/refusalWords.ts'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import type { NoticeAction } from '#app/workspace/NoticeBar.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useEditorState, useSessionState } from '#app/workspace/session/useSession.ts'
import {
  type Annotation,
  AnnotationSchema,
  ConceptSchema,
  DataSchema,
} from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'
import { type Choice, commonConcepts, firstChoice, type Group, groupsOf, mergedShape } from '#model/consensus.ts'
import { deterministicId, newId } from '#model/ids.ts'
import { type Region, regionKey, withRegion } from '#model/region.ts'
import { noteOf } from '#sync/notes.ts'
import type { InputScope } from '#sync/scope.ts'
import { plainToast, undoToast } from '#ui/toast.tsx'
import { ConsensusBar } from './ConsensusBar.tsx'
import { GroupList, PeopleLegend } from './ConsensusPanel.tsx'
import { signsOf } from './personColors.ts'
import { type Said, useChoices } from './useChoices.ts'
import { type ConsensusMode, unsettledWords, waitsForVerdict } from './useConsensusMode.ts'

/** As long as its Undo is shown, ms. */
const UNDO_MS = 10_000

interface Options {
  readonly scope: InputScope
  readonly session: InputSession
  readonly concepts: Concepts
  readonly mode: ConsensusMode | undefined
  readonly title: string
  readonly nameOf: (userId: string) => string
  readonly say: (text: string, offer?: NoticeAction | (() => void)) => void
}

export interface Settling {
  readonly bar: ReactNode
  readonly side: readonly [ReactNode, ReactNode]
  readonly dialogs: ReactNode
  /** by person */
  readonly colorOf: (region: Region) => string
}

/** A concept of the whole image, and who says that it is there or not. */
export interface Vote {
  readonly id: string
  readonly yes: readonly string[]
  readonly no: readonly string[]
}

/** All that is different while an input is open to make one answer of several people's. */
export function useSettling({ scope, session, concepts, mode, title, nameOf, say }: Options): Settling | undefined {
  const { sync, person } = useApp()
  const router = useRouter()
  const { editor } = session
  const { annotations } = useSessionState(session)
  const regions = useEditorState(editor, (state) => state.regions)
  const { agreement, items } = mode ?? {}
  const people = useMemo(() => agreement?.workerIds ?? [], [agreement])
  const signs = useMemo(() => signsOf(people), [people])
  const theirs = useMemo(
    () => [...regions.values()].filter(({ madeBy }) => madeBy.kind === 'user' && signs.has(madeBy.id)),
    [regions, signs],
  )
  const own = [...regions.values()].filter(
    ({ madeBy }) => madeBy.kind === 'user' && madeBy.id === person.id && !signs.has(person.id),
  )
  const groups = useMemo(() => {
    const pairings = (agreement?.pairs ?? []).flatMap(({ matches }) =>
      matches.map((match) => ({
        a: regionKey(match.aAnnotationId, match.aRegionId),
        b: regionKey(match.bAnnotationId, match.bRegionId),
        overlap: match.overlap,
        sameConcepts: match.sameConcepts,
      })),
    )
    return groupsOf(theirs, pairings, people.length)
  }, [agreement, theirs, people])
  const scores = useMemo(
    () => new Map((agreement?.regions ?? []).map((one) => [regionKey(one.annotationId, one.regionId), one.agreement])),
    [agreement],
  )
  const [answer, choose] = useChoices(session, mode?.task)
  const verdicts = useVerdicts(scope)
  const [asking, setAsking] = useState<Asking>()
  const choiceOf = (group: Group): Choice =>
    answer.objects[group.key] ?? firstChoice(group, people.length, (key) => scores.get(key) ?? 0)
  const votes: readonly Vote[] = (agreement?.concepts ?? []).map(({ conceptId: id, yes, no }) => ({ id, yes, no }))
  const voteOf = ({ id, yes, no }: Vote): Said => {
    const said = answer.concepts[id]
    if (said) return said
    if (yes.length * 2 >= people.length && yes.length > no.length) return 'yes'
    return no.length * 2 >= people.length && no.length > yes.length ? 'no' : 'none'
  }
  const colorOf = useCallback(
    (region: Region) => signs.get(region.madeBy.id)?.color ?? concepts.colorOf(region),
    [signs, concepts.colorOf],
  )
  const settles = items !== undefined && waitsForVerdict(items) && !mode?.pending && people.length > 0
  const why =
    mode && !settles && items
      ? mode.pending
        ? mode.pending.refused
          ? refusalWords(mode.pending, nameOf)
          : 'You have settled it.'
        : unsettledWords(items, nameOf)
      : undefined
  useEffect(() => {
    if (mode) editor.setReadOnly(why)
  }, [editor, mode, why])
  if (!mode) return undefined

  const goOn = () => {
    const { next } = mode.queue
    const place = { user: scope.owner, app: scope.app }
    if (next)
      return void router.navigate({
        to: '/apps/$user/$app/inputs/$input',
        params: { ...place, input: next.input.inputId },
        search: next.search,
      })
    if (mode.task === '') return void router.navigate({ to: '/apps/$user/$app/review', params: place, search: {} })
    void router.navigate({ to: '/apps/$user/$app/tasks/$task/agreement', params: { ...place, task: mode.task } })
  }
  const settle = () => {
    if (!settles || !items) return say(why ?? 'It is being looked up.')
    session.input.blur()
    const keeps = new Set<string>()
    const add: Annotation[] = []
    for (const group of groups) {
      const choice = choiceOf(group)
      if (choice === 'none') continue
      if (choice === 'merged') {
        const merged = mergedOf(group)
        if (merged) add.push(annotationOf(merged, session, mode.task, person.id))
      } else keeps.add(choice.split('/')[0] ?? '')
    }
    const whole = wholeOf(
      votes.flatMap((vote) =>
        voteOf(vote) === 'none' ? [] : [{ id: vote.id, value: voteOf(vote) === 'yes' ? 1 : 0 }],
      ),
      scope,
      mode.task,
      person.id,
    )
    if (whole) add.push(whole)
    const drop = (annotations ?? [])
      .filter((one) => signs.has(one.userId) && one.taskId === mode.task && !one.inputLevel && !noteOf(one))
      .filter(({ data }) => (data?.regions.length ?? 0) > 0 || (data?.concepts.length ?? 0) > 0)
      .filter(({ id }) => !keeps.has(id))
      .map(({ id }) => id)
    const id = newId()
    const here = router.state.location.href
    void sync.commands.add({
      id,
      scope,
      name: title,
      notBefore: Date.now() + UNDO_MS,
      body: {
        is: 'settle',
        task: mode.task,
        item: items[0]!.id,
        items: items.map((item) => item.id),
        drop,
        add: add.map((annotation) => toBinary(AnnotationSchema, annotation)),
      },
    })
    undoToast(`${title} settled: ${keeps.size + add.length + own.length} kept, ${drop.length} put aside`, () => {
      if (sync.commands.cancel(id)) void router.navigate({ href: here })
      else plainToast('It had been sent already: reopen the work from its task.')
    })
    goOn()
  }
  const done = mode.pending ? [] : (items ?? []).filter((item) => mayReopen(item, person.id, scope.owner))
  const sendBack = (reason: string) => {
    setAsking(undefined)
    if (asking?.reopens) return verdicts.give(done, 'changes', reason)
    if (!settles || !items) return say(why ?? 'It is being looked up.')
    session.input.blur()
    const here = router.state.location.href
    verdicts.give(items, 'changes', reason, () => void router.navigate({ href: here }))
    goOn()
  }
  const shown = {
    people,
    signs,
    nameOf,
    session,
    concepts,
    groups,
    own,
    votes,
    scores,
    pairs: agreement?.pairs ?? [],
    choiceOf,
    onChoose: (group: Group, choice: Choice) =>
      choose({ ...answer, objects: { ...answer.objects, [group.key]: choice } }),
    onTakeAll: (worker: string) => {
      const theirs = (group: Group) => group.members.find(({ madeBy }) => madeBy.id === worker)?.key ?? 'none'
      choose({ ...answer, objects: Object.fromEntries(groups.map((group) => [group.key, theirs(group)])) })
    },
    voteOf,
    onVote: (id: string, vote: Said) => choose({ ...answer, concepts: { ...answer.concepts, [id]: vote } }),
    mayChoose: settles,
  }
  return {
    colorOf,
    side: [<PeopleLegend key="people" {...shown} />, <GroupList key="groups" {...shown} />],
    bar: (
      <ConsensusBar
        scope={scope}
        mode={mode}
        why={why}
        settles={settles}
        kept={groups.filter((group) => choiceOf(group) !== 'none').length + own.length}
        onSettle={settle}
        onSendBack={() => setAsking({ verdict: 'changes', items: 1 })}
        onReopen={done.length > 0 ? () => setAsking({ verdict: 'changes', items: 1, reopens: true }) : undefined}
        onNext={goOn}
      />
    ),
    dialogs: <ReasonDialog asking={asking} onClose={() => setAsking(undefined)} onGive={sendBack} />,
  }
}

/** One region of all of a group; undefined where they are of different kinds. */
function mergedOf(group: Group): Region | undefined {
  const [first] = group.members
  const shape = mergedShape(group.members.map((member) => member.shape))
  return first && shape && { ...first, shape, concepts: commonConcepts(group.members) }
}

function annotationOf(merged: Region, session: InputSession, task: string, userId: string): Annotation {
  const region = { ...merged, id: newId(), annotation: newId() }
  const context = { inputId: session.scope.input, userId, work: { task, review: true as const } }
  return withRegion(undefined, region, session.editor.state.size, context)
}

/** The answer about the whole image is the reviewer's; undefined where nothing is said. */
function wholeOf(
  tags: readonly { id: string; value: number }[],
  { owner, app, input }: InputScope,
  task: string,
  userId: string,
): Annotation | undefined {
  if (tags.length === 0) return undefined
  const said = tags.map(({ id, value }) => `${id}=${value}`).join(' ')
  return create(AnnotationSchema, {
    id: deterministicId('settled', owner, app, input, userId, task, said),
    inputId: input,
    userId,
    taskId: task,
    status: { code: StatusCode.ANNOTATION_AWAITING_REVIEW },
    data: create(DataSchema, { concepts: tags.map((tag) => create(ConceptSchema, tag)) }),
  })
}
