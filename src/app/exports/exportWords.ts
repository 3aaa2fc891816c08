import { count } from '#app/messages.ts'
import type { Export, ExportCounts } from '#sync/exports.ts'

/** What an export holds: "20 inputs, 3 of them unlabelled · 143 regions (120 boxes, 23 polygons)". */
export function contentsOf(counts: ExportCounts): string {
  const inputs = `${count(counts.inputs, 'input')}${counts.unlabelled > 0 ? `, ${counts.unlabelled.toLocaleString('en')} without labels` : ''}`
  const kinds = [
    [counts.boxes, 'box', 'boxes'],
    [counts.polygons, 'polygon', 'polygons'],
    [counts.masks, 'mask', 'masks'],
    [counts.points, 'point', 'points'],
  ] as const
  const named = kinds.filter(([n]) => n > 0).map(([n, one, many]) => count(n, one, many))
  const regions = `${count(counts.regions, 'region')}${named.length > 0 ? ` (${named.join(', ')})` : ''}`
  const tags = counts.tags > 0 ? [`${count(counts.tags, 'concept')} of whole images`] : []
  return [inputs, regions, ...tags].join(' · ')
}

/** How far it is, for people; undefined once everything is there. */
export function progressOf(one: Export): string | undefined {
  if (one.state === 'failed') return `Failed${one.problem ? `: ${one.problem}` : ''}`
  if (one.state === 'waiting') return 'Waiting for its turn…'
  if (one.state === 'working') return 'Reading inputs and labels…'
  return undefined
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** "1.4 MB", in powers of 1000. */
export function bytes(n: number): string {
  const power = n < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3))
  const value = n / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}
