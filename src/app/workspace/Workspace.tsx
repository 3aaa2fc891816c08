import { Button, Loader } from '@mantine/core'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { ImageOff } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { ButtonLink } from '#app/frame/ButtonLink.tsx'
import { messageOf } from '#app/messages.ts'
import { sheetStore } from '#app/palette/studioStore.ts'
import { openPictureGate, usePictureGate } from '#app/pictureGate.ts'
import { useWork, type WorkMode } from '#app/work/useWork.ts'
import { workSearch } from '#app/work/workLink.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { Task } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import type { InputScope } from '#sync/scope.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { FilmstripBar } from './FilmstripBar.tsx'
import { FirstPicture } from './FirstPicture.tsx'
import { Layout } from './Layout.tsx'
import { useNotices } from './NoticeBar.tsx'
import { PathBar } from './PathBar.tsx'
import { neighbourhood, usePictures } from './picture.ts'
import { useConcepts } from './useConcepts.ts'
import { type Filmstrip, useFilmstrip } from './useFilmstrip.ts'
import { useImages } from './useImages.ts'
import { useNeighbours } from './useNeighbours.ts'
import { usePanels } from './usePanels.ts'
import classes from './Workspace.module.css'

// editor, canvas and panels: what can be done with a picture comes after the picture
const StudioView = lazy(async () => ({ default: (await import('./StudioView.tsx')).StudioView }))
const TopBar = lazy(async () => ({ default: (await import('./TopBar.tsx')).TopBar }))

/** A picture slower than this does not keep the rest waiting, ms. */
const PATIENCE = 3000

/** The page of one input: `/apps/:user/:app/inputs/:input`, where `?region=` names one to select. */
export function Workspace() {
  const { user, app, input } = useParams({ from: '/signed-in/apps/$user/$app/inputs/$input' })
  const { region, task, work } = useSearch({ from: '/signed-in/apps/$user/$app/inputs/$input' })
  const assigned = task ?? (work === 'orders' ? '' : undefined)
  return <OpenInput key={`${user}/${app}`} scope={{ owner: user, app, input }} region={region} task={assigned} />
}

interface OpenProps {
  scope: InputScope
  region: string | undefined
  /** the input is open as work in it; empty: as an order outside of tasks */
  task: string | undefined
}

function OpenInput({ scope, region, task }: OpenProps) {
  const work = useWork(scope, task)
  const queued = work?.strip?.current !== undefined
  const all = useFilmstrip(scope, !queued)
  const strip = task === undefined ? all : stripOfWork(work?.strip, all)
  const concepts = useConcepts(scope, conceptsOf(work?.details))
  const panels = usePanels()
  const notices = useNotices()
  const images = useImages(scope, strip, notices.say, work)
  const summary = strip.current
  const places = summary && strip.total !== undefined ? neighbourhood(summary.place, strip.total) : []
  const follows = work?.next?.input
  const near = nearby(
    summary,
    places.flatMap((place) => strip.at(place) ?? (place === summary?.place ? summary : [])),
    follows,
  )
  const pictures = usePictures(near, scope.input)
  useNeighbours(scope, near, places, strip.show)
  const title = summary?.filename || scope.input
  usePageTitle(title, scope.app)
  const picture = pictures.loaded?.state === 'ready' ? pictures.loaded.picture : undefined
  // an upstream may not say how large its images are; the decoded picture does (decisions §22)
  const width = summary?.width || picture?.width || 0
  const height = summary?.height || picture?.height || 0
  const isImage = summary !== undefined && (summary.kind === 'image' || summary.kind === '')
  const known = summary !== undefined && (!isImage || width > 0)
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
      bar={task !== undefined && <span />}
      // the room that tools and panels will take, so that the picture stays where it is
      tools={known && isImage && <div className={classes.tools} />}
      centre={centre}
      side={known ? [null, isImage && <div key="regions" />] : undefined}
      strip={
        <FilmstripBar scope={scope} strip={strip} height={panels.panels.strip} currentDot={undefined} work={work} />
      }
    />
  )
  const waiting = (
    <div className={classes.waiting}>
      <Waiting scope={scope} strip={strip} work={work} />
    </div>
  )
  if (!known) return opening(waiting)
  const first = opening(picture ? <FirstPicture picture={picture} onPainted={openPictureGate} /> : waiting)
  if (!begun) return first
  return (
    <Suspense fallback={first}>
      <StudioView
        scope={scope}
        region={region}
        summary={summary}
        size={isImage ? { width, height } : { width: 0, height: 0 }}
        strip={strip}
        work={work}
        task={task}
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
function stripOfWork(queue: Filmstrip | undefined, all: Filmstrip): Filmstrip {
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
function Waiting({ scope, strip, work }: { scope: InputScope; strip: Filmstrip; work: WorkMode | undefined }) {
  const next = work?.next?.input
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
          next && work ? (
            <ButtonLink
              to="/apps/$user/$app/inputs/$input"
              params={{ user: scope.owner, app: scope.app, input: next.inputId }}
              search={workSearch(work.task)}
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
