import { count } from '#app/messages.ts'
import type { ExportLabels, LabelSources } from '#sync/exportLabels.ts'
import type { Export, ExportCounts } from '#sync/exports.ts'

/** What an export holds: "20 inputs, 3 of them unlabelled · 143 regions (120 boxes, 23 polygons)". */
export function contentsOf(counts: ExportCounts): string {
  const inputs = `${count(counts.inputs, 'input')}${counts.unlabelled > 0 ? `, ${counts.unlabelled.toLocaleString('en')} with nothing on them` : ''}`
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

/** Whose labels it holds, where it does not hold all: "labels of Cars". */
export function labelsIn(labels: ExportLabels | undefined, nameOf: (taskId: string) => string): string | undefined {
  if (labels?.kind === 'task') return `labels of ${nameOf(labels.id)}`
  if (labels?.kind === 'outside') return 'labels outside of tasks'
  return labels && 'labels chosen by a filter'
}

/** What speaks against taking all finished labels together; undefined: nothing does. */
export function sharedWarning({ tasks, outside, sharedInputs }: LabelSources): string | undefined {
  if (sharedInputs === 0) return undefined
  const names = [...tasks.filter(({ shared }) => shared > 0).map(({ name }) => name)]
  if ((outside?.shared ?? 0) > 0) names.push('outside of tasks')
  const first = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names
  const from = `${first.slice(0, -1).join(', ')} and ${first.at(-1)}`
  const have = sharedInputs === 1 ? 'has' : 'have'
  return `${count(sharedInputs, 'input')} ${have} labels from ${from}. What was labelled in both is exported twice: choose one.`
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
