import { useSyncExternalStore } from 'react'

const query = '(pointer: coarse)'

const subscribe = (changed: () => void): (() => void) => {
  const media = window.matchMedia(query)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

/** Fingers are what mainly points here: targets have to be larger. */
export const useCoarsePointer = (): boolean => useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
