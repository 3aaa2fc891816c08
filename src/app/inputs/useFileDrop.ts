import { useEffect, useEffectEvent, useState } from 'react'
import { droppedFiles } from './droppedFiles.ts'

/**
 * Files dropped anywhere in the window. Answers whether files are being dragged over it now. Also keeps the browser
 * from opening a dropped file in place of the app.
 */
export function useFileDrop(onFiles: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const receive = useEffectEvent(onFiles)
  useEffect(() => {
    let depth = 0 // enter and leave come for every element on the way
    const step = (by: number) => {
      depth = Math.max(0, depth + by)
      setOver(depth > 0)
    }
    const handlers = {
      dragenter: (event: DragEvent) => hasFiles(event) && step(1),
      dragleave: (event: DragEvent) => hasFiles(event) && step(-1),
      dragover: (event: DragEvent) => hasFiles(event) && event.preventDefault(),
      drop: (event: DragEvent) => {
        if (!hasFiles(event) || !event.dataTransfer) return
        event.preventDefault()
        step(-depth)
        void droppedFiles(event.dataTransfer).then(receive)
      },
    }
    const all = Object.entries(handlers) as [keyof typeof handlers, (event: DragEvent) => void][]
    for (const [name, handler] of all) window.addEventListener(name, handler)
    return () => {
      for (const [name, handler] of all) window.removeEventListener(name, handler)
    }
  }, [])
  return over
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
