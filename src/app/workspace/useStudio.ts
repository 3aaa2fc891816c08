import { useEffect, useRef } from 'react'
import type { Studio } from '#app/command.ts'
import { studioStore } from '#app/palette/studioStore.ts'

/**
 * Makes this workspace the one that keys and palette act on. What the commands do is looked up when they run, so they
 * always do it to what is on the screen.
 */
export function useStudio(studio: Studio): void {
  const latest = useRef(studio)
  latest.current = studio
  const { editor } = studio
  useEffect(() => {
    const entry = new Proxy({ editor } as Studio, {
      get: (_, name) => Reflect.get(latest.current, name),
    })
    studioStore.setState({ studio: entry })
    return () => {
      if (studioStore.getState().studio === entry) studioStore.setState({ studio: undefined })
    }
  }, [editor])
}
