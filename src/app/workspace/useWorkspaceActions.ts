import { useEffect, useMemo } from 'react'
import { useApp } from '#app/appContext.tsx'
import { appHref } from '#app/appHref.ts'
import type { Studio, StudioReview, StudioWork } from '#app/command.ts'
import { type Notes, notesStudio } from '#app/notes/useNotes.ts'
import { sheetStore } from '#app/palette/studioStore.ts'
import { focusAttributes } from '#app/workspace/attributes/AttributePanel.tsx'
import { useAskMissing, useDefinitions } from '#app/workspace/attributes/useAttributes.ts'
import { ADVANCE_MS, tick } from '#app/workspace/concepts/classify.ts'
import { digitRenames, tellsDigit } from '#app/workspace/concepts/digitRenames.ts'
import type { Concepts } from '#app/workspace/concepts/useConcepts.ts'
import { type EarlyDigit, useEarlyDigit } from '#app/workspace/concepts/useEarlyDigit.ts'
import { useCopying } from '#app/workspace/copying/useCopying.ts'
import type { Images } from '#app/workspace/filmstrip/useImages.ts'
import { focusSuggestions } from '#app/workspace/regions/SuggestionPanel.tsx'
import { isSure, suggestionLimit } from '#app/workspace/regions/suggestionLimit.ts'
import type { InputSession } from '#app/workspace/session/session.ts'
import { currentMask, isPaintTool } from '#editor/painting.ts'
import { drawnRegions, suggestionsIn } from '#model/suggestions.ts'
import type { InputScope } from '#sync/scope.ts'
import { type Asking, askFor } from './CanvasArea.tsx'
import { focusCanvas } from './focusCanvas.ts'
import type { useNotices } from './NoticeBar.tsx'
import type { usePanels } from './usePanels.ts'

interface Options {
  session: InputSession
  concepts: Concepts
  notices: ReturnType<typeof useNotices>
  scope: InputScope
  setAsking: (asking: Asking | undefined) => void
  setExplaining: (open: boolean) => void
  search: React.RefObject<HTMLInputElement | null>
  panels: ReturnType<typeof usePanels>
  images: Images
  isImage: boolean
  setFilling: (filling: Asking | undefined) => void
  setPropagating: (keys: readonly string[] | undefined) => void
  /** the input is open as assigned work */
  work: StudioWork | undefined
  /** the input is open to be reviewed */
  review: StudioReview | undefined
  notes: Notes
}

/** What a person can do in the workspace beyond the editor: for keys, palette and panels alike. */
export function useWorkspaceActions(options: Options) {
  const { session, concepts, notices, scope, setAsking, setExplaining, search, panels, images, isImage } = options
  const { sync } = useApp()
  const { editor } = session
  const { say, hide } = notices
  useEffect(
    () =>
      editor.onNotice(({ text, undo, fix }) => {
        if (fix) say(text, { name: 'Fix', run: () => editor.fixCrossing() })
        else say(text, undo ? () => void editor.undo() : undefined)
      }),
    [editor, say],
  )
  // its Undo means the step it tells of: after another one it would take back the wrong thing
  useEffect(() => editor.onCommit(() => hide()), [editor, hide])
  const { setFilling } = options
  const choose = useMemo(() => choices(session, concepts, say), [session, concepts, say])
  useDefinitions(session, concepts)
  const askMissing = useAskMissing(session, concepts, setFilling)
  const tickImage = (id: string, value: 0 | 1) => {
    if (tick(editor, id, value)) setTimeout(images.next, ADVANCE_MS)
    concepts.used(id)
  }
  const classifies = () => !isImage || editor.state.tool === 'classify'
  const copying = useCopying({ session, images, scope, say })

  const takeSlot = (slot: number, negative: boolean) => {
    const row = concepts.list.find((concept) => concept.slot === slot)
    if (row && classifies()) tickImage(row.id, negative ? 0 : 1)
    else if (row) choose.byKey(row.id)
    else if (concepts.loading) keepDigit(slot, negative)
    else say(concepts.error ? 'The concepts could not be loaded.' : `No concept has the digit ${slot % 10}.`)
  }
  /** What was drawn since has been waiting for it, too. */
  const takeEarly = ({ slot, negative, selected }: EarlyDigit) => {
    const row = concepts.list.find((concept) => concept.slot === slot)
    const meant = [...selected].filter((key) => editor.state.regions.has(key))
    if (!row || meant.length === 0 || classifies()) takeSlot(slot, negative)
    else choose.forRegions(meant, row.id)
    setAsking(undefined)
  }
  const keepDigit = useEarlyDigit(session, concepts, takeEarly)

  const toggleEmpty = () => {
    const marked = editor.markedEmpty
    if (!marked && drawnRegions(editor.state.regions).size > 0) return say('Not empty: the image has regions.')
    session.setEmpty(!marked)
    say(marked ? 'No longer marked as empty.' : 'Marked as empty.', () => void editor.undo())
  }
  const copyLink = () => {
    const [selected] = editor.state.selected
    const region = selected === undefined ? undefined : editor.state.regions.get(selected)
    const query = region ? `?region=${encodeURIComponent(region.id)}` : ''
    const href = `${window.location.origin}${appHref(scope)}/inputs/${encodeURIComponent(scope.input)}${query}`
    void writeClipboard(href).then((done) => say(done ? 'Link copied.' : href))
  }
  const studio: Studio = {
    editor: isImage ? editor : undefined,
    history: editor,
    say,
    onCanvas: () => document.activeElement?.getAttribute('role') === 'application',
    previousImage: images.previous,
    nextImage: images.next,
    nextUnlabelled: images.nextUnlabelled,
    goToImage: images.askGoTo,
    searchConcepts: () => {
      if (!panels.panels.hidden) {
        search.current?.focus() // at once, so that the next letter is text and no shortcut
        return
      }
      panels.toggle()
      setTimeout(() => search.current?.focus()) // after the panel is there
    },
    turn: images.turn,
    ...copying,
    propagate: () => options.setPropagating([...editor.state.selected]),
    fillAttributes: () => {
      if (panels.panels.hidden) panels.toggle()
      // after the panel is there
      setTimeout(() => focusAttributes() || say('The selection has no attributes to fill in.'))
    },
    reviewSuggestions: () => {
      if (panels.panels.hidden) panels.toggle()
      setTimeout(() => focusSuggestions() || say('No model suggests anything here.'))
    },
    acceptSure: () => {
      const { least } = suggestionLimit.getState()
      const sure = suggestionsIn(editor.state.regions.values()).filter((region) => isSure(region, least))
      if (sure.length > 0) editor.acceptSuggestions(sure.map(({ key }) => key))
      else say(`No suggestion has a score of ${Math.round(least * 100)} % or more.`)
    },
    useSlot: takeSlot,
    clearConcept: () => editor.setConcept(undefined),
    toggleEmpty,
    relabel: () => setAsking(askFor(session)),
    togglePanels: panels.toggle,
    copyLink,
    explainSaving: () => setExplaining(true),
    save: () => {
      session.flush()
      const { state, text } = sync.status()
      if (state === 'saved' || state === 'saving') say('Everything is saved as you work.')
      else say(`${text}.`, { name: 'Why?', run: () => setExplaining(true) })
    },
    concepts: () => concepts.list,
    pickConcept: (id) => (classifies() ? tickImage(id, 1) : choose.byKey(id)),
    work: options.work,
    review: options.review,
    notes: notesStudio(session, options.notes),
    findImages: images.find,
    openImage: images.open,
  }
  return {
    studio,
    focusCanvas,
    openHelp: () => sheetStore.setState({ open: 'help' }),
    pickInPanel: choose.inPanel,
    tickImage,
    pickFor: (keys: readonly string[], id: string) => {
      choose.forRegions(keys, id)
      askMissing(keys)
    },
    makeInPanel: (name: string, about: 'regions' | 'image') =>
      void concepts.make(name).then((made) => {
        if (!made) return
        if (about === 'image') tickImage(made.id, 1)
        else choose.inPanel(made.id)
      }),
    makeFor: (keys: readonly string[], name: string) =>
      void concepts.make(name).then((made) => made && choose.forRegions(keys, made.id)),
  }
}

/** The ways to choose a concept. Each makes it the active one. */
function choices({ editor }: InputSession, concepts: Concepts, say: ReturnType<typeof useNotices>['say']) {
  const nameOf = (id: string) => concepts.byId.get(id)?.name ?? id
  return {
    /** digits and palette: the selection gets it, too (decisions §25), but for what was just drawn */
    byKey: (id: string) => {
      const [kept] = editor.pickConcept(id, digitRenames.getState().on)
      concepts.used(id)
      const own = kept === undefined ? undefined : editor.state.regions.get(kept)?.concepts[0]
      if (kept === undefined || !own || !tellsDigit()) return
      // a digit was meant for what was drawn just now, perhaps: one press away
      const rename = { name: `Make it ${nameOf(id)}`, run: () => editor.setConceptOf([kept], id) }
      say(`Next: ${nameOf(id)}. What you just drew stays ${nameOf(own.id)}.`, rename)
    },
    /** While drawing, a click in the list says what comes next; the region just drawn keeps what it is. */
    inPanel: (id: string) => {
      // a mask that is being painted without a concept is what is meant, too
      const nameless = isPaintTool(editor.state.tool) && currentMask(editor.state)?.concepts.length === 0
      if (editor.state.tool === 'select' || nameless) editor.pickConcept(id)
      else editor.setConcept(id)
      concepts.used(id)
    },
    forRegions: (keys: readonly string[], id: string) => {
      editor.setConcept(id)
      editor.setConceptOf(keys, id)
      concepts.used(id)
    },
  }
}

/** False where the browser has no clipboard for this page, or refuses it. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false // the link is then shown instead
  }
}
