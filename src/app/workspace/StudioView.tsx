import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import type { ConsensusMode } from '#app/consensus/useConsensusMode.ts'
import { useSettling } from '#app/consensus/useSettling.tsx'
import { PinLayer } from '#app/notes/PinLayer.tsx'
import { useAppPeople } from '#app/notes/useAppPeople.ts'
import { useNotes } from '#app/notes/useNotes.ts'
import { useNameOf } from '#app/people/useNameOf.ts'
import { DiffLayer } from '#app/review/DiffLayer.tsx'
import { quickReasons, useReviewing } from '#app/review/useReviewing.tsx'
import type { ReviewMode } from '#app/review/useReviewMode.ts'
import { useChangedInput } from '#app/session/useSyncStatus.ts'
import type { WorkMode } from '#app/work/useWork.ts'
import { useWorking } from '#app/work/useWorking.tsx'
import { AttributePanel } from '#app/workspace/attributes/AttributePanel.tsx'
import { ConceptPanel } from '#app/workspace/concepts/ConceptPanel.tsx'
import { conceptCounts } from '#app/workspace/concepts/conceptCounts.ts'
import { ImageConcepts } from '#app/workspace/concepts/ImageConcepts.tsx'
import { heightFor } from '#app/workspace/concepts/panelHeight.ts'
import { keepActive, readActive } from '#app/workspace/concepts/recentConcepts.ts'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import { PropagateDialog } from '#app/workspace/copying/PropagateDialog.tsx'
import { useClipboard } from '#app/workspace/copying/useClipboard.ts'
import { FilmstripBar } from '#app/workspace/filmstrip/FilmstripBar.tsx'
import { GoTo } from '#app/workspace/filmstrip/GoTo.tsx'
import type { ImageQueue } from '#app/workspace/filmstrip/imageQueue.ts'
import type { Filmstrip } from '#app/workspace/filmstrip/useFilmstrip.ts'
import type { Images } from '#app/workspace/filmstrip/useImages.ts'
import type { Loaded } from '#app/workspace/pictures/picturePool.ts'
import { PlainViewer } from '#app/workspace/plain/PlainViewer.tsx'
import { RegionList } from '#app/workspace/regions/RegionList.tsx'
import { SuggestionPanel } from '#app/workspace/regions/SuggestionPanel.tsx'
import { currentDot } from '#app/workspace/session/inputStatus.ts'
import type { Opened } from '#app/workspace/session/opened.ts'
import { whyNotEdit as whyNot } from '#app/workspace/session/rights.ts'
import { SaveStatus } from '#app/workspace/session/SaveStatus.tsx'
import { useEditorState, useSession, useSessionState } from '#app/workspace/session/useSession.ts'
import { Toolbar } from '#app/workspace/tools/Toolbar.tsx'
import { ToolStrip } from '#app/workspace/tools/ToolStrip.tsx'
import type { Picture } from '#canvas/picture.ts'
import type { EditorState } from '#editor/state.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { Size } from '#geometry/point.ts'
import type { Region } from '#model/region.ts'
import type { InputScope } from '#sync/scope.ts'
import { useCoarsePointer } from '#ui/useCoarsePointer.ts'
import { type Asking, askFor, CanvasArea } from './CanvasArea.tsx'
import { EmptyMark } from './EmptyMark.tsx'
import { Layout } from './Layout.tsx'
import { NoticeBar, type useNotices } from './NoticeBar.tsx'
import { TopBar } from './TopBar.tsx'
import { useHeldKeys } from './useHeldKeys.ts'
import type { usePanels } from './usePanels.ts'
import { useStudio } from './useStudio.ts'
import { useWorkspaceActions } from './useWorkspaceActions.ts'

interface Props {
  scope: InputScope
  /** id of a region, its key or its annotation: to be selected once it is there */
  region: string | undefined
  summary: InputSummary
  /** 0 × 0: no image */
  size: Size
  strip: Filmstrip
  /** the input as a piece of assigned work, once its queue is known */
  work: WorkMode | undefined
  /** what the input is open for; undefined: to label freely */
  opened: Opened | undefined
  /** the input as somebody's work that is reviewed */
  review: ReviewMode | undefined
  /** the input as what several people made of it */
  consensus: ConsensusMode | undefined
  /** what the images are a queue of */
  queue: ImageQueue | undefined
  /** id of a thread of notes to be opened */
  note: string | undefined
  images: Images
  concepts: Concepts
  pictures: { loaded: Loaded<Picture> | undefined; retry: () => void }
  panels: ReturnType<typeof usePanels>
  notices: ReturnType<typeof useNotices>
}

const framesOf = (loaded: Loaded<Picture> | undefined) => (loaded?.state === 'ready' ? loaded.picture.frames : 1)
const nothing: ReadonlySet<string> = new Set()
const noReasons: readonly string[] = []
const regionsPart = (state: EditorState) => state.regions
const toolPart = (state: EditorState) => state.tool
const conceptPart = (state: EditorState) => state.concept

/** An open input: an image with its tools, or anything else with concepts of the whole. */
export function StudioView(props: Props) {
  const { scope, summary, size, strip, images, concepts, pictures, panels, notices, work, review, opened } = props
  const { person } = useApp()
  const [fixing, setFixing] = useState(false)
  const fixes = useRef<string>(undefined)
  fixes.current = fixing && opened?.as === 'review' ? opened.worker : undefined
  const start = useStartConcept(scope)
  const { session, annotations } = useSession(scope, size.width, size.height, start, opened, fixes)
  const { editor } = session
  const nameOf = useNameOf(scope)
  const { owner, app } = scope
  const whyNotEdit = useCallback(
    (region: Region) =>
      whyNot(region, {
        scope: { owner, app },
        me: person.id,
        nameOf,
        fixes: fixing ? fixes.current : undefined,
        compares: opened?.as === 'consensus',
      }),
    [owner, app, person.id, nameOf, fixing, opened],
  )
  const isImage = size.width > 0
  const upperNeeds = heightFor(concepts.list.length, useCoarsePointer())
  const regions = useEditorState(editor, regionsPart)
  const active = useEditorState(editor, conceptPart)
  const tool = useEditorState(editor, toolPart)
  const { problems, annotations: seen } = useSessionState(session)
  const unsent = useChangedInput(scope)
  const [asking, setAsking] = useState<Asking>()
  const [filling, setFilling] = useState<Asking>()
  const [propagating, setPropagating] = useState<readonly string[]>()
  const [explaining, setExplaining] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const title = summary.filename || summary.inputId
  const { say } = notices
  const notes = useNotes({ session, opened, people: useAppPeople(scope), say, wanted: props.note })
  const task = opened?.as === 'work' ? opened.task : undefined
  const working = useWorking({ scope, session, concepts, mode: work, task, title, notes, say })
  const onFix = setFixing
  const settling = useSettling({ scope, session, concepts, mode: props.consensus, title, nameOf, say })
  const reviewing = useReviewing({ scope, session, concepts, mode: review, notes, nameOf, fixing, onFix, say })
  const actions = useWorkspaceActions({
    session,
    concepts,
    notices,
    scope,
    setAsking,
    setExplaining,
    search,
    panels,
    images,
    isImage,
    setFilling,
    setPropagating,
    work: working?.studio,
    review: reviewing?.studio,
    notes,
  })
  useHeldKeys(session.input)
  useStudio(actions.studio)
  useClipboard(isImage ? editor : undefined)
  useSelectFromLink(session.editor, props.region, regions)
  useKnownConcept(session.editor, scope, active, concepts, say)
  useForgetful(scope.input, setAsking, setFilling, notices.hide)
  const { byId } = concepts
  const conceptName = useCallback((id: string) => byId.get(id)?.name ?? id, [byId])
  const authorName = useCallback(
    (author: string) => (author.startsWith('model ') ? `Model ${author.slice(6)}` : nameOf(author)),
    [nameOf],
  )
  const wholeImage = (shown: typeof concepts.list) => (
    <ImageConcepts
      session={session}
      shown={shown}
      owner={scope.owner === person.id}
      nameOf={nameOf}
      onTick={actions.tickImage}
    />
  )
  const saving = useMemo(() => <SaveStatus opened={explaining} onOpen={setExplaining} />, [explaining])
  const counts = useMemo(() => conceptCounts(regions), [regions])
  const emptyMark = <EmptyMark session={session} onToggle={actions.studio.toggleEmpty} />
  return (
    <>
      <Layout
        panels={panels.panels}
        onResize={panels.onResize}
        top={
          <TopBar
            scope={scope}
            title={title}
            images={images}
            editor={editor}
            saving={saving}
            onHelp={actions.openHelp}
          />
        }
        bar={opened && (working?.bar ?? reviewing?.bar ?? settling?.bar ?? <span />)}
        tools={isImage && <Toolbar editor={editor} />}
        options={isImage && <ToolStrip editor={editor} frames={framesOf(pictures.loaded)} />}
        notice={<NoticeBar notices={notices} />}
        centre={
          isImage ? (
            <CanvasArea
              session={session}
              concepts={concepts}
              loaded={pictures.loaded}
              onRetryPicture={pictures.retry}
              loading={annotations.isPending}
              whyNotEdit={whyNotEdit}
              asking={asking}
              onAsk={setAsking}
              filling={filling}
              onFill={setFilling}
              onPick={actions.pickFor}
              onMake={actions.makeFor}
              colorOf={settling?.colorOf}
              onNote={(x, y) => notes.begin(notes.placeAt(x, y))}
              over={
                <>
                  {reviewing?.changes && <DiffLayer session={session} changes={reviewing.changes} />}
                  <PinLayer
                    session={session}
                    notes={notes}
                    nameOf={nameOf}
                    waiting={working?.waiting ?? nothing}
                    reasons={reviewing ? quickReasons : noReasons}
                  />
                </>
              }
            />
          ) : (
            <PlainViewer scope={scope} name={title} url={summary.mediaUrl} />
          )
        }
        {...(!(reviewing ?? settling) && { upperNeeds })}
        side={
          (reviewing ?? settling)?.side ?? [
            <div key="concepts" style={{ display: 'contents' }}>
              <ConceptPanel
                concepts={concepts}
                active={active}
                counts={counts}
                onPick={actions.pickInPanel}
                onClear={actions.studio.clearConcept}
                onTick={(id) => actions.tickImage(id, 1)}
                classifying={tool === 'classify'}
                onClassify={(on) => editor.setTool(on ? 'classify' : 'select')}
                onMake={actions.makeInPanel}
                onLeave={actions.focusCanvas}
                searchRef={search}
                wholeImage={wholeImage}
                onlyWhole={!isImage}
              />
              {!isImage && emptyMark}
            </div>,
            isImage && (
              <div key="regions" style={{ display: 'contents' }}>
                <SuggestionPanel
                  editor={editor}
                  labelOf={concepts.labelOf}
                  colorOf={concepts.colorOf}
                  onLeave={actions.focusCanvas}
                />
                <RegionList
                  editor={editor}
                  labelOf={concepts.labelOf}
                  colorOf={concepts.colorOf}
                  problems={problems}
                  whyNotEdit={whyNotEdit}
                  conceptName={conceptName}
                  authorName={authorName}
                  definitionsOf={concepts.attributesOf}
                  onRelabel={() => setAsking(askFor(session))}
                  onLeave={actions.focusCanvas}
                />
                {!filling && (
                  <AttributePanel editor={editor} definitionsOf={concepts.attributesOf} onLeave={actions.focusCanvas} />
                )}
                {emptyMark}
              </div>
            ),
          ]
        }
        strip={
          <FilmstripBar
            scope={scope}
            strip={strip}
            height={panels.panels.strip}
            currentDot={seen && currentDot(seen, unsent)}
            queue={props.queue}
            lost={working?.lost !== undefined}
          />
        }
      />
      {working?.dialogs}
      {reviewing?.dialogs}
      {settling?.dialogs}
      <GoTo images={images} scope={scope} />
      <PropagateDialog session={session} images={images} keys={propagating} onClose={() => setPropagating(undefined)} />
    </>
  )
}

/** Another image: what was asked or told about the one before no longer matters. */
function useForgetful(
  input: string,
  setAsking: (asking: undefined) => void,
  setFilling: (filling: undefined) => void,
  hide: () => void,
): void {
  const before = useRef(input)
  useEffect(() => {
    if (before.current === input) return
    before.current = input
    setAsking(undefined)
    setFilling(undefined)
    hide()
  }, [input, setAsking, setFilling, hide])
}

/** The concept that was active last in this app: read once, it then goes on from image to image. */
function useStartConcept(scope: InputScope): string | undefined {
  const [start] = useState(() => readActive(scope))
  return start
}

/** Remembers the active concept, and lets go of one that no longer exists, saying so. */
function useKnownConcept(
  editor: { setConcept: (id: string | undefined) => void },
  { owner, app }: InputScope,
  active: string | undefined,
  concepts: Concepts,
  say: (text: string) => void,
): void {
  const name = useRef<string>(undefined)
  const known = active === undefined ? undefined : concepts.byId.get(active)?.name
  const gone = active !== undefined && concepts.list.length > 0 && !concepts.byId.has(active)
  useEffect(() => {
    if (known !== undefined) name.current = known
    if (!gone) return keepActive({ owner, app }, active)
    editor.setConcept(undefined)
    // of an earlier day nobody remembers it
    if (name.current !== undefined)
      say(`“${name.current}” was merged or deleted meanwhile. Choose a concept for what you draw next.`)
    name.current = undefined
  }, [editor, owner, app, active, gone, known, say])
}

/** Selects the region an address names, once it has come; later changes of the selection are left alone. */
function useSelectFromLink(
  editor: { select: (keys: string[]) => void; reveal: (key: string) => void },
  wanted: string | undefined,
  regions: ReadonlyMap<string, Region>,
): void {
  const done = useRef<string>(undefined)
  useEffect(() => {
    if (wanted === undefined || done.current === wanted) return
    const found = [...regions.values()].find(
      ({ key, id, annotation }) => wanted === key || wanted === id || wanted === annotation,
    )
    if (!found) return
    done.current = wanted
    editor.select([found.key])
    editor.reveal(found.key)
  }, [editor, wanted, regions])
}
