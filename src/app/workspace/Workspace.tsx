import { Button, Loader } from '@mantine/core'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { ImageOff } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useMemo } from 'react'
import { useConsensusMode } from '#app/consensus/useConsensusMode.ts'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { messageOf } from '#app/messages.ts'
import { sheetStore } from '#app/palette/studioStore.ts'
import { openPictureGate, usePictureGate } from '#app/pictureGate.ts'
import { type Reviewed, useReviewMode } from '#app/review/useReviewMode.ts'
import { queueOfWork } from '#app/work/queueOfWork.ts'
import { useWork } from '#app/work/useWork.ts'
import { heightFor } from '#app/workspace/concepts/panelHeight.ts'
import { useConcepts } from '#app/workspace/concepts/useConcepts.ts'
import { FilmstripBar } from '#app/workspace/filmstrip/FilmstripBar.tsx'
import type { ImageQueue, WorkspaceSearch } from '#app/workspace/filmstrip/imageQueue.ts'
import { type Filmstrip, useFilmstrip } from '#app/workspace/filmstrip/useFilmstrip.ts'
import { useImages } from '#app/workspace/filmstrip/useImages.ts'
import { FirstPicture } from '#app/workspace/pictures/FirstPicture.tsx'
import { neighbourhood, usePictures } from '#app/workspace/pictures/picture.ts'
import { shownOf } from '#app/workspace/pictures/picturePool.ts'
import { useNeighbours } from '#app/workspace/pictures/useNeighbours.ts'
import type { Opened } from '#app/workspace/session/opened.ts'
import { PathBar } from '#app/workspace/tools/PathBar.tsx'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { InputScope } from '#sync/scope.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { useCoarsePointer } from '#ui/useCoarsePointer.ts'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { Layout } from './Layout.tsx'
import { useNotices } from './NoticeBar.tsx'
import { usePanels } from './usePanels.ts'
import classes from './Workspace.module.css'

// editor, canvas and panels: what can be done with a picture comes after the picture
const StudioView = lazy(async () => ({ default: (await import('./StudioView.tsx')).StudioView }))
const TopBar = lazy(async () => ({ default: (await import('./TopBar.tsx')).TopBar }))

/** A picture slower than this does not keep the rest waiting, ms. */
const PATIENCE = 3000

/** The page of one input: `/apps/:user/:app/inputs/:input`, where the search says what it is opened for. */
export function Workspace() {
  const { user, app, input } = useParams({ from: '/signed-in/apps/$user/$app/inputs/$input' })
  const search = useSearch({ from: '/signed-in/apps/$user/$app/inputs/$input' })
  return <OpenInput key={`${user}/${app}`} scope={{ owner: user, app, input }} search={search} />
}

interface OpenProps {
  scope: InputScope
  search: WorkspaceSearch
}

function OpenInput({ scope, search }: OpenProps) {
  const task = search.task ?? (search.work === 'orders' ? '' : undefined)
  const work = useWork(scope, task)
  const review = useReviewMode(scope, useReviewed(search))
  const consensus = useConsensusMode(scope, search.consensus)
  const queue = useMemo(() => (work ? queueOfWork(work) : (review ?? consensus)?.queue), [work, review, consensus])
  const own = work ? work.strip : (review ?? consensus)?.strip
  const all = useFilmstrip(scope, own?.current === undefined)
  const strip = work || review || consensus || task !== undefined ? stripOfQueue(own, all) : all
  const opened = useOpened(task, search, review?.item?.workerId)
  const concepts = useConcepts(scope, conceptsOf((work ?? review ?? consensus)?.details))
  const panels = usePanels()
  const notices = useNotices()
  const images = useImages(scope, strip, notices.say, queue)
  const summary = strip.current
  const places = summary && strip.total !== undefined ? neighbourhood(summary.place, strip.total) : []
  const follows = queue?.next?.input
  const near = nearby(
    summary,
    places.flatMap((place) => strip.at(place) ?? (place === summary?.place ? summary : [])),
    follows,
  )
  const pictures = usePictures(near, scope.input)
  useNeighbours(scope, near, places, strip.show)
  const title = summary?.filename || scope.input
  usePageTitle(title, scope.app)
  const picture = shownOf(pictures.loaded)
  // an upstream may not say how large its images are; the decoded picture does (decisions §22)
  const width = summary?.width || picture?.width || 0
  const height = summary?.height || picture?.height || 0
  const isImage = summary !== undefined && (summary.kind === 'image' || summary.kind === '')
  const known = summary !== undefined && (!isImage || width > 0)
  const upperNeeds = heightFor(concepts.list.length, useCoarsePointer())
  const hopeless = strip.missing || Boolean(strip.error) || pictures.loaded?.state === 'failed'
  const begun = usePictureGate(hopeless || (known && !isImage))
  usePatience()
  const opening = (centre: ReactNode) => (
    <Layout
      panels={panels.panels}
      onResize={panels.onResize}
      top={
        begun ? (
          <Suspense fallback={<PathBar scope={scope} title={title} />}>
            <TopBar
              scope={scope}
              title={title}
              images={images}
              editor={undefined}
              saving={null}
              onHelp={() => sheetStore.setState({ open: 'help' })}
            />
          </Suspense>
        ) : (
          <PathBar scope={scope} title={title} />
        )
      }
      bar={opened && <span />}
      // the room that tools and panels will take, so that the picture stays where it is
      tools={known && isImage && <div className={classes.tools} />}
      options={known && isImage && <span />}
      centre={centre}
      {...(!review && !consensus && { upperNeeds })}
      side={known ? [null, isImage && <div key="regions" />] : undefined}
      strip={
        <FilmstripBar scope={scope} strip={strip} height={panels.panels.strip} currentDot={undefined} queue={queue} />
      }
    />
  )
  const waiting = (
    <div className={classes.waiting}>
      <Waiting scope={scope} strip={strip} queue={queue} />
    </div>
  )
  if (!known) return opening(waiting)
  const preview = pictures.loaded?.state === 'loading'
  const first = opening(
    picture ? <FirstPicture picture={picture} preview={preview} onPainted={openPictureGate} /> : waiting,
  )
  if (!begun) return first
  return (
    <Suspense fallback={first}>
      <StudioView
        scope={scope}
        region={search.region}
        note={search.note}
        opened={opened}
        review={review}
        consensus={consensus}
        queue={queue}
        summary={summary}
        size={isImage ? { width, height } : { width: 0, height: 0 }}
        strip={strip}
        work={work}
        images={images}
        concepts={concepts}
        pictures={pictures}
        panels={panels}
        notices={notices}
      />
    </Suspense>
  )
}

/** The queue once it is known; until then, and for what is not in it, the open input alone, without a place. */
function stripOfQueue(queue: Filmstrip | undefined, all: Filmstrip): Filmstrip {
  if (queue?.current) return queue
  const current = all.current && { ...all.current, place: 0 }
  return queue
    ? { ...queue, current, error: all.error, missing: all.missing, retry: all.retry }
    : { ...all, total: undefined, current, at: () => undefined, show: () => undefined }
}

/** The open image first, then what Submit goes on to, then what lies around it. */
function nearby(
  open: InputSummary | undefined,
  around: readonly InputSummary[],
  follows: InputSummary | undefined,
): readonly InputSummary[] {
  const all = [open, follows, ...around].filter((summary) => summary !== undefined)
  return all.filter(({ inputId }, i) => all.findIndex((other) => other.inputId === inputId) === i)
}

/** The same object while the address says the same. */
function useReviewed({ review, item, among, author, order }: WorkspaceSearch): Reviewed | undefined {
  return useMemo(
    () =>
      review === undefined || item === undefined
        ? undefined
        : { task: review, item, ...(among && { among }), ...(author && { author }), ...(order && { order }) },
    [review, item, among, author, order],
  )
}

/** @param worker whose work is reviewed, once it is known */
function useOpened(
  task: string | undefined,
  { review, item, consensus }: WorkspaceSearch,
  worker = '',
): Opened | undefined {
  return useMemo(() => {
    if (task !== undefined) return { as: 'work', task }
    if (review !== undefined && item !== undefined) return { as: 'review', task: review, item, worker }
    return consensus === undefined ? undefined : { as: 'consensus', task: consensus }
  }, [task, review, item, worker, consensus])
}

/** Ids of what a task asks for. */
const conceptsOf = (task: Task | undefined): readonly string[] | undefined =>
  task?.concepts.flatMap(({ concept }) => concept?.id ?? [])

/** Without a picture for too long, the rest comes all the same. */
function usePatience(): void {
  useEffect(() => {
    const timer = setTimeout(openPictureGate, PATIENCE)
    return () => clearTimeout(timer)
  }, [])
}

/** Until the input is known: that it is coming, cannot be had, or is not there. */
function Waiting({ scope, strip, queue }: { scope: InputScope; strip: Filmstrip; queue: ImageQueue | undefined }) {
  const next = queue?.next
  const back = (
    <Button
      component={Link}
      to={`/apps/${encodeURIComponent(scope.owner)}/${encodeURIComponent(scope.app)}/inputs`}
      variant="default"
    >
      All inputs
    </Button>
  )
  if (strip.missing) {
    return (
      <EmptyState
        icon={ImageOff}
        title="There is no such image"
        action={
          next ? (
            <ButtonLink
              to="/apps/$user/$app/inputs/$input"
              params={{ user: scope.owner, app: scope.app, input: next.input.inputId }}
              search={next.search}
            >
              Next item
            </ButtonLink>
          ) : (
            back
          )
        }
      >
        It may have been deleted, or the address is wrong.
      </EmptyState>
    )
  }
  if (strip.error)
    return <ErrorState title="The image could not be opened" message={messageOf(strip.error)} onRetry={strip.retry} />
  return <Loader size="sm" aria-label="Loading" />
}
