import { useSyncExternalStore } from 'react'
import { useApp } from '#app/appContext.tsx'

/** Every upload of this page, in the order they were added. */
export function useUploads() {
  const { uploads } = useApp()
  return useSyncExternalStore(
    (listener) => uploads.subscribe(listener),
    () => uploads.items,
  )
}
