import { useEffect } from 'react'

/** Names the browser tab, most particular first: "Inputs · demo · Marquee". */
export function usePageTitle(...parts: readonly (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), 'Marquee'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
