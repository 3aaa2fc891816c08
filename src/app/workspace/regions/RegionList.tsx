import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { onMac, shownStroke } from '#app/keyStroke.ts'
import { useKeys } from '#app/keys/keyStore.ts'
import type { DefinitionsOf } from '#app/workspace/attributes/attributeRows.ts'
import { colorFor, displayStore } from '#app/workspace/display/displaySettings.ts'
import parts from '#app/workspace/parts.module.css'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import type { EditorState } from '#editor/state.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { drawnRegions } from '#model/suggestions.ts'
import { steady } from '#ui/steady.tsx'
import { useCoarsePointer } from '#ui/useCoarsePointer.ts'
import { RegionFilterMenu } from './RegionFilterMenu.tsx'
import classes from './RegionList.module.css'
import { RegionMenu } from './RegionMenu.tsx'
import { RegionRow } from './RegionRow.tsx'
import { everyRegion, isFiltered, listedRegions, numbersOf } from './regionFilter.ts'
import { regionName } from './regionNames.ts'
import { keepRegionOrder, readRegionOrder } from './regionOrder.ts'
import { movedSelection } from './regionSelection.ts'

/** Heights of a row, for a mouse and for fingers. */
const ROW = 30
const TOUCH_ROW = 44

interface Props {
  editor: Editor
  labelOf: (region: Region) => string
  colorOf: (region: Region) => string
  /** what was refused or clashes, by annotation id */
  problems: ReadonlyMap<string, unknown>
  whyNotEdit: (region: Region) => string | undefined
  conceptName: (id: string) => string
  /** a person's name, or the model's, by what the filter calls an author */
  authorName: (author: string) => string
  definitionsOf: DefinitionsOf
  onRelabel: () => void
  onLeave: () => void
}

const regionsPart = (state: EditorState) => drawnRegions(state.regions)
const orderPart = (state: EditorState) => state.order
const selectedPart = (state: EditorState) => state.selected

/** Every region but what is only suggested, the topmost first; chosen here it is chosen on the canvas. */
export const RegionList = steady(function RegionList(props: Props) {
  const { editor, onLeave } = props
  const regions = useEditorState(editor, regionsPart)
  const order = useEditorState(editor, orderPart)
  const selected = useEditorState(editor, selectedPart)
  const [filter, setFilter] = useState(() => ({ ...everyRegion, order: readRegionOrder() }))
  useEffect(() => keepRegionOrder(filter.order), [filter.order])
  const { labelOf, authorName } = props
  const keys = useMemo(
    () => listedRegions(regions, order, filter, { labelOf, authorName }),
    [regions, order, filter, labelOf, authorName],
  )
  const colorBy = useStore(displayStore, ({ settings }) => settings.colorBy)
  const ofConcept = props.colorOf
  // as on the picture: by author it is the legend
  const colorOf = useMemo(() => colorFor(colorBy, ofConcept), [colorBy, ofConcept])
  const filtered = isFiltered(filter)
  useEffect(() => {
    editor.setListed(filtered ? new Set(keys) : undefined)
    return () => editor.setListed(undefined)
  }, [editor, filtered, keys])
  const numbers = useMemo(() => numbersOf(regions), [regions])
  const [boxKey] = useKeys('tool.box')
  const rowHeight = useCoarsePointer() ? TOUCH_ROW : ROW
  const scroller = useRef<HTMLDivElement>(null)
  const listId = useId()
  const [cursor, setCursor] = useState<RegionKey>()
  const anchor = useRef<RegionKey>(undefined)
  const rows = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const active =
    cursor !== undefined && regions.has(cursor) && (selected.size === 0 || selected.has(cursor))
      ? cursor
      : [...selected].find((key) => regions.has(key))
  const at = active === undefined ? -1 : keys.indexOf(active)
  useScrollTo(at, rows.scrollToIndex)

  const choose = (key: RegionKey, range: boolean, toggle: boolean) => {
    editor.select(movedSelection({ keys, selected, anchor: anchor.current ?? active, to: key, range, toggle }))
    if (!range) anchor.current = key
    setCursor(key)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: keys.length - 1 }[event.key]
    const key = to === undefined ? undefined : keys[Math.min(keys.length - 1, Math.max(0, to))]
    if (key !== undefined && !event.altKey) {
      event.preventDefault()
      choose(key, event.shiftKey, false)
      editor.reveal(key)
    } else if (event.key === ' ' && active !== undefined) {
      event.preventDefault()
      choose(active, false, true)
    } else if (event.key === 'Escape' && selected.size === 0) {
      event.preventDefault()
      onLeave()
    }
  }
  const shown = rows.getVirtualItems()
  return (
    <section className={classes.panel} aria-label="Regions panel">
      <h2 className={classes.title}>
        Regions{' '}
        <span className={classes.count}>
          {keys.length < regions.size ? `${keys.length} of ${regions.size}` : regions.size}
        </span>
        <span className={classes.selected}>{selected.size > 1 && `${selected.size} selected`}</span>
        {regions.size > 0 && (
          <RegionFilterMenu
            regions={regions}
            filter={filter}
            onFilter={setFilter}
            conceptName={props.conceptName}
            authorName={authorName}
          />
        )}
      </h2>
      <div ref={scroller} className={classes.scroller}>
        <div
          role="listbox"
          aria-label="Regions"
          aria-multiselectable
          tabIndex={0}
          aria-activedescendant={shown.some(({ index }) => index === at) ? `${listId}-${at}` : undefined}
          className={classes.list}
          style={{ height: rows.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {shown.map(({ index, start }) => {
            const region = regions.get(keys[index] ?? '')
            if (!region) return null
            return (
              <RegionRow
                key={region.key}
                {...props}
                colorOf={colorOf}
                id={`${listId}-${index}`}
                region={region}
                index={index}
                total={keys.length}
                start={start}
                height={rowHeight}
                number={numbers.get(region.key) ?? 0}
                selected={selected.has(region.key)}
                active={index === at}
                onChoose={choose}
              />
            )
          })}
        </div>
        {at >= 0 && active !== undefined && selected.has(active) && (
          <div className={classes.menu} style={{ transform: `translateY(${at * rowHeight}px)`, height: rowHeight }}>
            <RegionMenu
              editor={editor}
              name={regionName(regions.get(active)!, props.labelOf)}
              onRelabel={props.onRelabel}
            />
          </div>
        )}
      </div>
      {regions.size === 0 && (
        <p className={classes.empty}>
          No regions yet. Take the Box tool{boxKey && ` (${shownStroke(boxKey, onMac())})`} and draw.
        </p>
      )}
      {regions.size > 0 && keys.length === 0 && (
        <p className={classes.empty}>
          No region matches.{' '}
          <button
            type="button"
            className={parts.link}
            onClick={() => setFilter({ ...everyRegion, order: filter.order })}
          >
            Show all
          </button>
        </p>
      )}
    </section>
  )
})

/** Keeps the active row in view when it changes, here or on the canvas. */
function useScrollTo(at: number, scrollToIndex: (index: number) => void) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another row scrolls
  useEffect(() => {
    if (at >= 0) scrollToIndex(at)
  }, [at])
}
