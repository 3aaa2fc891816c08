import type { Query } from '@tanstack/react-query'

/**
 * How often the open image is asked for what others did to it, ms: often where that costs little. Reading 100
 * annotations takes a few ms, 10,000 most of a second. What has not changed is the same object and renders nothing.
 */
export function askEvery({ state }: Pick<Query, 'state'>): number {
  const length = Array.isArray(state.data) ? state.data.length : 0
  if (length <= 300) return 4000
  return length <= 2000 ? 15_000 : 60_000
}
