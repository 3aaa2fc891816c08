import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { messageOf } from '#app/messages.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import { inputSummariesQuery } from '#sync/queries.ts'
import type { InputScope } from '#sync/scope.ts'
import { failureToast } from '#ui/toast.tsx'
import type { ImageQueue, WorkspaceSearch } from './imageQueue.ts'
import type { Filmstrip } from './useFilmstrip.ts'

const PER_PAGE = 100

/** Turning from image to image. */
export interface Images {
  /** 1-based */
  readonly place: number | undefined
  readonly total: number | undefined
  readonly hasPrevious: boolean
  readonly hasNext: boolean
  readonly previous: () => void
  readonly next: () => void
  readonly nextUnlabelled: (backwards: boolean) => void
  readonly open: (inputId: string) => void
  /** Opens the image at a 1-based place. */
  readonly goTo: (place: number) => void
  /** Goes so many images on, or back, as far as there are any. */
  readonly turn: (by: number) => void
  /** The inputs at `count` places from a 1-based one, those that exist. */
  readonly range: (first: number, count: number) => Promise<readonly InputSummary[]>
  readonly find: (text: string) => Promise<readonly { id: string; title: string }[]>
  readonly asking: boolean
  readonly askGoTo: () => void
  readonly stopAsking: () => void
}

/** @param queue the images are those of a queue, in its order */
export function useImages(
  scope: InputScope,
  strip: Filmstrip,
  say: (text: string) => void,
  queue?: ImageQueue,
): Images {
  const { clients } = useApp()
  const queryClient = useQueryClient()
  const router = useRouter()
  const [asking, setAsking] = useState(false)
  const { owner, app, input } = scope
  const place = strip.current?.place || undefined
  const { total } = strip
  const open = useCallback(
    (id: string, search: WorkspaceSearch = {}) => {
      void router.navigate({ to: '/apps/$user/$app/inputs/$input', params: { user: owner, app, input: id }, search })
    },
    [router, owner, app],
  )
  const goTo = async (wanted: number) => {
    const at = strip.at(wanted)
    if (at) return open(at.inputId, queue?.searchAt(wanted))
    if (queue) {
      strip.show(wanted, wanted)
      return say('That part of your queue is not loaded yet. What you submitted before is on “My work”.')
    }
    try {
      const page = inputSummariesQuery(
        clients,
        { owner, app },
        { page: Math.ceil(wanted / PER_PAGE), perPage: PER_PAGE },
      )
      const { inputs } = await queryClient.fetchQuery(page)
      const found = inputs.find((summary) => summary.place === wanted)
      if (found) open(found.inputId)
      else say(`There is no image ${wanted}.`)
    } catch (error) {
      failureToast('The image could not be opened', messageOf(error))
    }
  }
  const nextUnlabelled = async (backwards: boolean) => {
    if (queue) return queue.next ? open(queue.next.input.inputId, queue.next.search) : say(queue.atEnd)
    try {
      const request = { userId: owner, appId: app, fromInputId: input, backwards }
      const { inputId } = await clients.studio.findUnlabelled(request)
      if (inputId === '') say('Every image has labels.')
      else if (inputId === input) say('This is the only image without labels.')
      else open(inputId)
    } catch (error) {
      failureToast('The next unlabelled image could not be found', messageOf(error))
    }
  }
  const range = async (first: number, n: number) => {
    const from = Math.max(1, first)
    const last = first + n - 1
    if (queue)
      return Array.from({ length: last - from + 1 }, (_, i) => strip.at(from + i)).filter((at) => at !== undefined)
    const pages = new Set(Array.from({ length: last - from + 1 }, (_, i) => Math.ceil((from + i) / PER_PAGE)))
    const answers = await Promise.all(
      [...pages].map((page) =>
        queryClient.fetchQuery(inputSummariesQuery(clients, { owner, app }, { page, perPage: PER_PAGE })),
      ),
    )
    return answers.flatMap(({ inputs }) => inputs).filter((summary) => summary.place >= from && summary.place <= last)
  }
  const turn = (by: number) => {
    if (place === undefined || total === undefined) return
    const to = Math.min(total, Math.max(1, place + by))
    if (to !== place) void goTo(to)
    else say(by > 0 ? 'This is the last image.' : 'This is the first image.')
  }
  const find = async (text: string) => {
    const { inputs } = await queryClient.fetchQuery(inputSummariesQuery(clients, { owner, app }, { text, perPage: 20 }))
    return inputs.map((summary) => ({ id: summary.inputId, title: summary.filename || summary.inputId }))
  }
  const hasPrevious = place !== undefined && place > 1
  const hasNext = place !== undefined && total !== undefined && place < total
  const latest: Images = {
    place,
    total,
    hasPrevious,
    hasNext,
    previous: () => (hasPrevious ? void goTo(place - 1) : place !== undefined && say('This is the first image.')),
    next: () => (hasNext ? void goTo(place + 1) : place !== undefined && say('This is the last image.')),
    nextUnlabelled: (backwards) => void nextUnlabelled(backwards),
    open: (id) => open(id, searchOf(strip, id, queue)),
    goTo: (wanted) => void goTo(wanted),
    turn,
    range,
    find,
    asking,
    askGoTo: () => setAsking(true),
    stopAsking: () => setAsking(false),
  }
  return useSteady(latest)
}

/** The same object while its figures stay, so that who shows them renders no more often; its functions do the latest. */
function useSteady(images: Images): Images {
  const latest = useRef(images)
  latest.current = images
  const { place, total, hasPrevious, hasNext, asking } = images
  return useMemo(
    () => ({
      place,
      total,
      hasPrevious,
      hasNext,
      asking,
      previous: () => latest.current.previous(),
      next: () => latest.current.next(),
      nextUnlabelled: (backwards) => latest.current.nextUnlabelled(backwards),
      open: (inputId) => latest.current.open(inputId),
      goTo: (wanted) => latest.current.goTo(wanted),
      turn: (by) => latest.current.turn(by),
      range: (first, n) => latest.current.range(first, n),
      find: (text) => latest.current.find(text),
      askGoTo: () => latest.current.askGoTo(),
      stopAsking: () => latest.current.stopAsking(),
    }),
    [place, total, hasPrevious, hasNext, asking],
  )
}

/** Of the address of an image that is in the queue; of one beside it, none. */
function searchOf(strip: Filmstrip, id: string, queue: ImageQueue | undefined): WorkspaceSearch {
  if (!queue) return {}
  for (let place = 1; place <= (strip.total ?? 0); place++)
    if (strip.at(place)?.inputId === id) return queue.searchAt(place)
  return {}
}
