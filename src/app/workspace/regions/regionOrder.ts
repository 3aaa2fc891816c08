import { keep, keptText } from '#app/kept.ts'
import type { RegionOrder } from './regionFilter.ts'

const KEY = 'marquee.regionOrder'

/** The orders of the list of regions, the usual one first. */
export const regionOrders: readonly { readonly value: RegionOrder; readonly label: string }[] = [
  { value: 'top', label: 'Topmost first' },
  { value: 'number', label: 'Number' },
  { value: 'concept', label: 'Concept' },
  { value: 'author', label: 'Author' },
  { value: 'size', label: 'Largest first' },
]

/** How somebody has the list sorted; kept in this browser, for all images. */
export const readRegionOrder = (): RegionOrder => {
  const kept = keptText(KEY)
  return regionOrders.find(({ value }) => value === kept)?.value ?? 'top'
}

export const keepRegionOrder = (order: RegionOrder): void => keep(KEY, order === 'top' ? undefined : order)
