import { ActionIcon, Button, Slider } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Check, X } from 'lucide-react'
import { useEffect, useId, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { Hint } from '#app/workspace/Hint.tsx'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import type { Region } from '#model/region.ts'
import { suggestionsIn } from '#model/suggestions.ts'
import { useCoarsePointer } from '#ui/useCoarsePointer.ts'
import classes from './SuggestionPanel.module.css'
import { SuggestionRow } from './SuggestionRow.tsx'
import { isSure, setSuggestionLimit, suggestionLimit } from './suggestionLimit.ts'

const ROW = 30
const TOUCH_ROW = 44

interface Props {
  editor: Editor
  labelOf: (region: Region) => string
  colorOf: (region: Region) => string
  onLeave: () => void
}

const regionsPart = (state: EditorState) => state.regions
const selectedPart = (state: EditorState) => state.selected
const PANEL = 'suggestions'

/** Gives the list the focus; false where nothing is suggested. */
export function focusSuggestions(): boolean {
  const list = document.querySelector<HTMLElement>(`[data-panel=${PANEL}] [role=listbox]`)
  list?.focus()
  return list !== null
}

/** What models suggest, the surest first, to be accepted or rejected one by one or from a score on. */
export function SuggestionPanel(props: Props) {
  const regions = useEditorState(props.editor, regionsPart)
  const suggestions = useMemo(() => suggestionsIn(regions.values()), [regions])
  if (suggestions.length === 0) return null
  return <Suggestions {...props} suggestions={suggestions} />
}

function Suggestions({ editor, labelOf, colorOf, onLeave, suggestions }: Props & { suggestions: readonly Region[] }) {
  const selected = useEditorState(editor, selectedPart)
  const least = useStore(suggestionLimit, (state) => state.least)
  const sure = suggestions.filter((region) => isSure(region, least))
  const coarse = useCoarsePointer()
  const rowHeight = coarse ? TOUCH_ROW : ROW
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const listId = useId()
  const at = suggestions.findIndex(({ key }) => selected.has(key))
  const rows = useVirtualizer({
    count: suggestions.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const { scrollToIndex } = rows
  useEffect(() => {
    if (at >= 0) scrollToIndex(at)
  }, [at, scrollToIndex])

  const go = (index: number) => {
    const next = suggestions[index]
    if (!next) return
    editor.select([next.key])
    editor.reveal(next.key)
  }
  /** The one that is answered gives its place to the one below it. */
  const answer = (how: 'accept' | 'reject') => {
    const region = suggestions[at]
    if (!region) return
    const next = suggestions[at + 1] ?? suggestions[at - 1]
    if (how === 'accept') editor.acceptSuggestions([region.key])
    else editor.rejectSuggestions([region.key])
    if (!next) onLeave()
    else if (document.activeElement === list.current) go(suggestions.indexOf(next))
  }
  const acceptSure = () => editor.acceptSuggestions(sure.map(({ key }) => key))
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (!answerKey(event, { at, last: suggestions.length - 1, go, answer, acceptSure, onLeave })) return
    event.preventDefault()
    event.stopPropagation()
  }
  const shown = rows.getVirtualItems()
  return (
    <section className={classes.panel} aria-label="Suggestions panel" data-panel={PANEL}>
      <h2 className={classes.title}>
        Suggestions <span className={classes.count}>{suggestions.length}</span>
      </h2>
      <div className={classes.limit}>
        <Slider
          className={classes.slider}
          size="sm"
          min={0}
          max={1}
          step={0.01}
          value={least}
          label={null}
          onChange={setSuggestionLimit}
          thumbLabel="Least score"
          thumbValueText={percent(least)}
        />
        <span className={classes.least}>from {percent(least)}</span>
        <Hint command="suggestion.acceptSure" position="top">
          <Button size={coarse ? 'sm' : 'compact-xs'} variant="light" disabled={sure.length === 0} onClick={acceptSure}>
            Accept {sure.length}
          </Button>
        </Hint>
      </div>
      <div ref={scroller} className={classes.scroller}>
        <div
          ref={list}
          role="listbox"
          aria-label="Suggestions"
          aria-description="Enter accepts, Backspace rejects, Tab goes to the next"
          tabIndex={0}
          aria-activedescendant={shown.some(({ index }) => index === at) ? `${listId}-${at}` : undefined}
          className={classes.list}
          style={{ height: rows.getTotalSize() }}
          onKeyDown={onKeyDown}
          onFocus={() => at < 0 && go(0)}
        >
          {shown.map(({ index, start }) => (
            <SuggestionRow
              key={suggestions[index]!.key}
              id={`${listId}-${index}`}
              region={suggestions[index]!}
              position={[index + 1, suggestions.length]}
              place={{ transform: `translateY(${start}px)`, height: rowHeight }}
              selected={index === at}
              sure={isSure(suggestions[index]!, least)}
              label={labelOf(suggestions[index]!)}
              color={colorOf(suggestions[index]!)}
              onChoose={() => go(index)}
            />
          ))}
        </div>
        {at >= 0 && (
          <div className={classes.answers} style={{ transform: `translateY(${at * rowHeight}px)`, height: rowHeight }}>
            <Hint command="suggestion.accept" position="top">
              <ActionIcon
                size={coarse ? 40 : 24}
                color="teal"
                aria-label="Accept the suggestion"
                onClick={() => answer('accept')}
              >
                <Check size={15} aria-hidden />
              </ActionIcon>
            </Hint>
            <Hint command="suggestion.reject" position="top">
              <ActionIcon
                size={coarse ? 40 : 24}
                color="red"
                aria-label="Reject the suggestion"
                onClick={() => answer('reject')}
              >
                <X size={15} aria-hidden />
              </ActionIcon>
            </Hint>
          </div>
        )}
      </div>
    </section>
  )
}

const percent = (score: number) => `${Math.round(score * 100)} %`

interface Answers {
  at: number
  last: number
  go: (index: number) => void
  answer: (how: 'accept' | 'reject') => void
  acceptSure: () => void
  onLeave: () => void
}

/** The keys of the list, which hold only while it has the focus (decisions §25). True: it was one. */
function answerKey(event: React.KeyboardEvent, { at, last, go, answer, acceptSure, onLeave }: Answers): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, Tab: at + (event.shiftKey ? -1 : 1) }[event.key]
  if (to !== undefined) {
    // past the last Tab goes on to the next control
    if (to < 0 || to > last) return event.key !== 'Tab'
    go(to)
  } else if (event.key === 'Enter') {
    if (event.shiftKey) acceptSure()
    else answer('accept')
  } else if (event.key === 'Backspace' || event.key === 'Delete') answer('reject')
  else if (event.key === 'Escape') onLeave()
  else return false
  return true
}
