import { Button, Loader } from '@mantine/core'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { ImageOff } from 'lucide-react'
import { messageOf } from '#app/messages.ts'
import { sheetStore } from '#app/palette/studioStore.ts'
import type { InputScope } from '#sync/scope.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { ErrorState } from '#ui/ErrorState.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { FilmstripBar } from './FilmstripBar.tsx'
import { Layout } from './Layout.tsx'
import { useNotices } from './NoticeBar.tsx'
import { neighbourhood, usePictures } from './picture.ts'
import { StudioView } from './StudioView.tsx'
import { TopBar } from './TopBar.tsx'
import { useConcepts } from './useConcepts.ts'
import { useFilmstrip } from './useFilmstrip.ts'
import { useImages } from './useImages.ts'
import { useNeighbours } from './useNeighbours.ts'
import { usePanels } from './usePanels.ts'
import classes from './Workspace.module.css'

/** The page of one input: `/apps/:user/:app/inputs/:input`, where `?region=` names one to select. */
export function Workspace() {
  const { user, app, input } = useParams({ from: '/signed-in/apps/$user/$app/inputs/$input' })
  const { region } = useSearch({ from: '/signed-in/apps/$user/$app/inputs/$input' })
  return <OpenInput key={`${user}/${app}`} scope={{ owner: user, app, input }} region={region} />
}

function OpenInput({ scope, region }: { scope: InputScope; region: string | undefined }) {
  const strip = useFilmstrip(scope)
  const concepts = useConcepts(scope)
  const panels = usePanels()
  const notices = useNotices()
  const images = useImages(scope, strip, notices.say)
  const summary = strip.current
  const places = summary && strip.total !== undefined ? neighbourhood(summary.place, strip.total) : []
  const near = places.flatMap((place) => strip.at(place) ?? (place === summary?.place ? summary : []))
  const pictures = usePictures(near, scope.input)
  useNeighbours(scope, near, places, strip.show)
  usePageTitle(summary?.filename || scope.input, scope.app)
  const picture = pictures.loaded?.state === 'ready' ? pictures.loaded.picture : undefined
  // an upstream may not say how large its images are; the decoded picture does (decisions §22)
  const width = summary?.width || picture?.width || 0
  const height = summary?.height || picture?.height || 0
  const isImage = summary !== undefined && (summary.kind === 'image' || summary.kind === '')
  if (summary && (!isImage || width > 0)) {
    return (
      <StudioView
        scope={scope}
        region={region}
        summary={summary}
        size={isImage ? { width, height } : { width: 0, height: 0 }}
        strip={strip}
        images={images}
        concepts={concepts}
        pictures={pictures}
        panels={panels}
        notices={notices}
      />
    )
  }
  return (
    <Layout
      panels={panels.panels}
      onResize={panels.onResize}
      top={
        <TopBar
          scope={scope}
          title={summary?.filename || scope.input}
          images={images}
          editor={undefined}
          saving={null}
          onHelp={() => sheetStore.setState({ open: 'help' })}
        />
      }
      centre={
        <div className={classes.waiting}>
          <Waiting scope={scope} strip={strip} />
        </div>
      }
      strip={<FilmstripBar scope={scope} strip={strip} height={panels.panels.strip} currentDot={undefined} />}
    />
  )
}

/** Until the input is known: that it is coming, cannot be had, or is not there. */
function Waiting({ scope, strip }: { scope: InputScope; strip: ReturnType<typeof useFilmstrip> }) {
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
      <EmptyState icon={ImageOff} title="There is no such image" action={back}>
        It may have been deleted, or the address is wrong.
      </EmptyState>
    )
  }
  if (strip.error)
    return <ErrorState title="The image could not be opened" message={messageOf(strip.error)} onRetry={strip.retry} />
  return <Loader size="sm" aria-label="Loading" />
}
