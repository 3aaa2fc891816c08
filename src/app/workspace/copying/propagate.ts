import type { QueryClient } from '@tanstack/react-query'
import { addKeptStep, dropKeptStep } from '#app/workspace/session/keptHistory.ts'
import { historyPlace } from '#app/workspace/session/opened.ts'
import type { Annotation, Region as RegionMessage } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { Size } from '#geometry/point.ts'
import type { Edit } from '#model/change.ts'
import { copyOfRegion, missingRegions, type OnImage, regionsAtSamePixels } from '#model/copyRegion.ts'
import { newId } from '#model/ids.ts'
import { type AsWork, isOfWork, regionsOf } from '#model/region.ts'
import { annotationsQuery } from '#sync/annotations.ts'
import type { Clients } from '#sync/client.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { InputScope } from '#sync/scope.ts'
import type { Sync } from '#sync/sync.ts'

export interface Target {
  readonly scope: InputScope
  /** of the image as displayed, px; 0 × 0 where it is not known */
  readonly size: Size
}

/** What would be added to one image; nothing where it has all of it. */
export interface Plan {
  readonly target: Target
  readonly messages: readonly RegionMessage[]
  /** nothing of the regions is cut or left out since the image is smaller; `none`: all lie outside of it */
  readonly fits: 'all' | 'part' | 'none'
}

/** What was added, so that it can be taken back. */
export interface Propagated {
  readonly items: readonly { readonly target: Target; readonly ids: readonly string[]; readonly at: number }[]
}

export interface Reach {
  readonly clients: Clients
  readonly queryClient: QueryClient
  readonly sync: Sync
  readonly me: string
  /** What is added is part of assigned work. */
  readonly work?: AsWork | undefined
}

/** Images are asked for their regions so many at a time. */
const AT_ONCE = 6

/** What is to be propagated: annotations of one region each, of an image of `size` px. */
export interface Source {
  readonly annotations: readonly Annotation[]
  readonly size: Size
}

/**
 * For each image what of the regions it lacks, at the same px as pasted; `told` hears how many images have been looked
 * at.
 */
export async function planPropagation(
  reach: Reach,
  source: Source,
  targets: readonly Target[],
  told: (done: number) => void,
  signal: AbortSignal,
): Promise<readonly Plan[]> {
  const plans: Plan[] = new Array(targets.length)
  const placedOn = placing(source)
  let next = 0
  let done = 0
  const work = async () => {
    for (;;) {
      const i = next++
      const target = targets[i]
      if (!target || signal.aborted) return
      const placed = placedOn(target.size)
      const messages = placed.flat().map(({ message }) => message)
      const whole = placed.every((pieces) => pieces.length === 1 && !pieces[0]!.cut)
      const lacking = missingRegions(messages, await annotationsSeen(reach, target.scope), target.size)
      plans[i] = { target, messages: lacking, fits: whole ? 'all' : messages.length > 0 ? 'part' : 'none' }
      told(++done)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  signal.throwIfAborted()
  return plans
}

/** The regions as they lie on an image, found once for each size: masks are encoded anew for another one. */
function placing({ annotations, size: from }: Source): (size: Size) => readonly (readonly OnImage[])[] {
  const known = new Map<string, readonly (readonly OnImage[])[]>()
  return (size) => {
    const name = `${size.width} ${size.height}`
    const placed = known.get(name) ?? annotations.map((each) => regionsAtSamePixels(each, from, size))
    known.set(name, placed)
    return placed
  }
}

/** Server ⊕ outbox of an image that need not be open, as far as it belongs to the work. */
export async function annotationsSeen({ clients, queryClient, sync, work }: Reach, scope: InputScope) {
  const server = await queryClient.fetchQuery({ ...annotationsQuery(clients, scope), staleTime: 30_000 })
  return sync.overlay(scope, server).filter((annotation) => isOfWork(annotation, work))
}

/** Adds what was planned, through the outbox. Each image can take it back by Ctrl+Z, or all of it {@link takeBack}. */
export async function propagate(reach: Reach, plans: readonly Plan[]): Promise<Propagated> {
  const items = await Promise.all(
    plans
      .filter(({ messages }) => messages.length > 0)
      .map(async ({ target, messages }, i) => {
        const context = { inputId: target.scope.input, userId: reach.me, work: reach.work }
        const made = messages.map((message) => copyOfRegion(message, context, newId))
        const edits = new Map(
          made.map((annotation): [string, Edit<Annotation>] => [annotation.id, { after: annotation }]),
        )
        await reach.sync.edit(target.scope, edits)
        // told apart by its time, which no other step has
        const at = Date.now() + i / 1000
        const regions = made.flatMap((annotation) => regionsOf(annotation, target.size))
        await addKeptStep(reach.sync, historyAt(reach, target.scope), regions, at)
        return { target, ids: made.map(({ id }) => id), at }
      }),
  )
  return { items }
}

/** Where the image would keep its history, opened for the same work. */
const historyAt = ({ work }: Reach, scope: InputScope): InputScope =>
  historyPlace(scope, work && !work.review ? { as: 'work', task: work.task } : undefined)

/** Deletes what was propagated, where it still is. */
export async function takeBack(reach: Reach, { items }: Propagated): Promise<void> {
  await Promise.all(
    items.map(async ({ target: { scope }, ids, at }) => {
      const server = reach.queryClient.getQueryData<readonly Annotation[]>(queryKeys.annotations(scope)) ?? []
      const seen = new Map(reach.sync.overlay(scope, server).map((annotation) => [annotation.id, annotation]))
      const edits = ids.flatMap((id): [string, Edit<Annotation>][] => {
        const before = seen.get(id)
        return before ? [[id, { before }]] : []
      })
      await reach.sync.edit(scope, new Map(edits))
      await dropKeptStep(reach.sync, historyAt(reach, scope), at)
    }),
  )
}
