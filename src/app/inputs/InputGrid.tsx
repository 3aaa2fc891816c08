import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useRouter } from '@tanstack/react-router'
import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useNameOf } from '#app/people/useNameOf.ts'
import { useChangedInputs } from '#app/session/useSyncStatus.ts'
import type { AppScope } from '#sync/scope.ts'
import { Flight } from './flight.ts'
import { GridRows } from './GridRows.tsx'
import { cellAfterKey } from './gridKeys.ts'
import { blankRows, gridLayout, hrefOf, TOP } from './gridLayout.ts'
import classes from './InputGrid.module.css'
import type { InputPages } from './useInputPages.ts'
import type { Selection } from './useSelection.ts'

interface Props {
  scope: AppScope
  pages: InputPages
  total: number
  selection: Selection
  /** Smallest width of a picture, in CSS px; columns share what is left over. */
  size: number
  /** Under which name the place in the list is kept while one is in the workspace. */
  placeKey: string
  colorOf: (concept: string) => string
  onDelete: (() => void) | undefined
}

/** Where each list was left, so that coming back from the workspace finds it as it was. */
const places = new Map<string, { offset: number; index: number }>()

/** Thumbnails of any number of inputs; only the rows in view exist. Arrow keys walk it, Enter opens, Space selects. */
export function InputGrid({ scope, pages, total, selection, size, placeKey, colorOf, onDelete }: Props) {
  const nameOf = useNameOf(scope)
  const router = useRouter()
  const changed = useChangedInputs(scope)
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>()
  const ref = useMergedRef(scroller, sizeRef)
  const [current, setCurrent] = useState(() => places.get(placeKey)?.index ?? 0)

  /** The cell that is to have the focus as soon as it is there. */
  const wanted = useRef<number>(undefined)
  const reachable = Math.min(current, total - 1)

  const layout = useMemo(() => gridLayout(width, size), [width, size])
  const { columns, rowHeight } = layout
  const rows = useVirtualizer({
    count: width === 0 ? 0 : Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    rangeExtractor: (range) => withRow(defaultRangeExtractor(range), Math.floor(reachable / columns)),
    initialOffset: places.get(placeKey)?.offset ?? 0,
    paddingStart: TOP,
    paddingEnd: 24,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was measured is void once rows have another height
  useEffect(() => rows.measure(), [rowHeight, rows])

  const { shown, flying } = useLanded(
    rows.getVirtualItems(),
    rows.range?.startIndex ?? 0,
    rows.isScrolling && wanted.current === undefined,
  )
  const first = (rows.range?.startIndex ?? 0) * columns
  const last = Math.min(((rows.range?.endIndex ?? 0) + 1) * columns, total) - 1
  const { show } = pages
  useEffect(() => {
    if (!flying) show(first, Math.max(first, last))
  }, [show, first, last, flying])
  useEffect(() => {
    places.set(placeKey, { offset: rows.scrollOffset ?? 0, index: current })
  })

  function focusCell(index: number) {
    setCurrent(index)
    rows.scrollToIndex(Math.floor(index / columns), { align: 'auto' })
    wanted.current = index
    // its page may still be on its way: until then the grid itself hears the keys
    scroller.current?.focus({ preventScroll: true })
  }
  useEffect(() => {
    if (wanted.current === undefined) return
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`)
    if (!cell) return
    wanted.current = undefined
    cell.focus({ preventScroll: true })
  })

  async function selectTo(index: number) {
    const from = Math.min(selection.anchor, index)
    selection.take(await pages.idsBetween(from, Math.max(selection.anchor, index)))
  }

  function toggle(index: number) {
    const input = pages.at(index)
    if (input) selection.toggle(input.inputId, index)
  }

  function onClick(event: MouseEvent) {
    const target = event.target as Element
    const ticked = target.closest<HTMLElement>('[data-tick]')?.dataset.tick
    const clicked = target.closest<HTMLElement>('[data-index]')?.dataset.index
    if (ticked !== undefined) toggle(Number(ticked))
    if (clicked === undefined) return
    event.preventDefault()
    const index = Number(clicked)
    if (event.shiftKey) void selectTo(index)
    else if (event.ctrlKey || event.metaKey) toggle(index)
    else router.history.push(hrefOf(scope, pages.at(index)))
  }

  function onKeyDown(event: KeyboardEvent) {
    const ctrl = event.ctrlKey || event.metaKey
    const rowsInView = Math.floor(height / rowHeight)
    const next = cellAfterKey(event.key, reachable, ctrl, { total, columns, rowsInView })
    if (next !== undefined) {
      if (event.shiftKey) void selectTo(next)
      else selection.setAnchor(next)
      focusCell(next)
    } else if (event.key === ' ') toggle(reachable)
    else if (event.key === 'a' && ctrl) void pages.idsBetween(0, total - 1).then((ids) => selection.take(ids))
    else if (event.key === 'Escape' && selection.ids.size > 0) selection.clear()
    else if (event.key === 'Delete' && onDelete && selection.ids.size > 0) onDelete()
    else return
    event.preventDefault()
  }

  // the workspace's code comes while one is still choosing
  useEffect(() => {
    const timer = window.setTimeout(() => {
      void router.loadRouteChunk(router.routesByPath['/apps/$user/$app/inputs/$input'])
    }, 400)
    return () => window.clearTimeout(timer)
  }, [router])

  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of pictures is no table
    <div
      ref={ref}
      role="grid"
      aria-label="Inputs"
      aria-rowcount={Math.ceil(total / columns)}
      aria-colcount={columns}
      aria-multiselectable="true"
      tabIndex={-1}
      className={classes.scroller}
      data-selecting={selection.ids.size > 0 || undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onFocus={(event) => {
        const index = (event.target as HTMLElement).dataset.index
        if (index === undefined || Number(index) === current) return
        setCurrent(Number(index))
      }}
    >
      {flying && (
        <div className={classes.place} aria-hidden>
          <span>
            {(first + 1).toLocaleString('en')} of {total.toLocaleString('en')}
          </span>
        </div>
      )}
      <div
        role="presentation"
        className={classes.space}
        data-flying={flying || undefined}
        style={{ height: rows.getTotalSize(), ...(flying && blankRows(layout)) }}
      >
        <GridRows
          rows={shown}
          layout={layout}
          scope={scope}
          pages={pages}
          total={total}
          changed={changed}
          selected={selection.ids}
          reachable={reachable}
          colorOf={colorOf}
          nameOf={nameOf}
        />
      </div>
    </div>
  )
}

/** While rows fly by, those of before are all there is: frames in their places, and nothing is asked of the server. */
function useLanded(rows: VirtualItem[], firstRow: number, scrolling: boolean) {
  const [flight] = useState(() => new Flight())
  const shown = useRef(rows)
  const flying = scrolling && flight.pass(firstRow, performance.now())
  if (!scrolling) flight.land(firstRow, performance.now())
  if (!flying) shown.current = rows
  return { shown: shown.current, flying }
}

/** The rows in view, and the row of the focus wherever it is: what has the focus must not go away. */
function withRow(rows: number[], row: number): number[] {
  return rows.includes(row) ? rows : [...rows, row].sort((a, b) => a - b)
}
