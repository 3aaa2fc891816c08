import { useCallback, useEffect, useState } from 'react'
import { keepPanels, readPanels, resized } from './panels.ts'

/** The panels' sizes, kept in this browser. */
export function usePanels() {
  const [panels, setPanels] = useState(() => readPanels(localStorage))
  useEffect(() => keepPanels(localStorage, panels), [panels])
  const onResize = useCallback(
    (part: 'side' | 'strip' | 'split', size: number | undefined) => setPanels((known) => resized(known, part, size)),
    [],
  )
  const toggle = useCallback(() => setPanels((known) => ({ ...known, hidden: !known.hidden })), [])
  return { panels, onResize, toggle }
}
