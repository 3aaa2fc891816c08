import { count } from '#app/messages.ts'
import { roleOf } from '#app/people/roles.ts'
import type { Change, RegionChange } from '#gen/marquee/v1/office_pb.ts'
import { StatusCode } from '#gen/web/proto/clarifai/api/status/status_code_pb.ts'

/** ChangeAction of office.proto. */
export const acts = { added: 1, changed: 2, deleted: 3 } as const

const kindNames: Readonly<Record<string, readonly [one: string, many: string]>> = {
  annotation: ['label', 'labels'],
  note: ['note', 'notes'],
  input: ['input', 'inputs'],
  concept: ['concept', 'concepts'],
  task: ['task', 'tasks'],
  dataset: ['dataset', 'datasets'],
  dataset_version: ['export', 'exports'],
  model: ['model', 'models'],
  model_version: ['model version', 'model versions'],
  workflow: ['workflow', 'workflows'],
  workflow_version: ['workflow version', 'workflow versions'],
  collaborator: ['person', 'people'],
}

/** To choose from. */
export const kindChoices = Object.entries(kindNames)
  .filter(([kind]) => kind !== 'note')
  .map(([value, [, many]]) => ({ value, label: `${many[0]?.toUpperCase()}${many.slice(1)}` }))

const statusNames: Readonly<Record<number, string>> = {
  [StatusCode.ANNOTATION_SUCCESS]: 'done',
  [StatusCode.ANNOTATION_PENDING]: 'to do',
  [StatusCode.ANNOTATION_AWAITING_REVIEW]: 'waiting for review',
  [StatusCode.ANNOTATION_AWAITING_CONSENSUS_REVIEW]: 'waiting for the others',
  [StatusCode.ANNOTATION_REVIEW_DENIED]: 'denied',
}

export interface ActivityGroup {
  readonly person: string
  readonly kind: string
  readonly action: number
  /** newest first; at least one */
  readonly changes: readonly Change[]
}

/** After such a pause somebody has begun anew. */
const PAUSE_SECONDS = 600

/**
 * What somebody did without a pause, and without somebody else between, by kind and action.
 * @param changes newest first
 */
export function grouped(changes: readonly Change[]): readonly ActivityGroup[] {
  const groups: ActivityGroup[] = []
  let sitting = new Map<string, Change[]>()
  let previous: Change | undefined
  for (const change of changes) {
    const pause = Number(previous?.at?.seconds ?? 0n) - Number(change.at?.seconds ?? 0n)
    if (previous?.personId !== change.personId || pause >= PAUSE_SECONDS) sitting = new Map()
    const key = `${kindOf(change)} ${change.action}`
    const same = sitting.get(key)
    if (same) same.push(change)
    else {
      const fresh = [change]
      sitting.set(key, fresh)
      groups.push({ person: change.personId, kind: kindOf(change), action: change.action, changes: fresh })
    }
    previous = change
  }
  return groups
}

const kindOf = (change: Change): string => (change.note ? 'note' : change.kind)

const verbs: Readonly<Record<number, string>> = { [acts.added]: 'added', [acts.deleted]: 'deleted' }
const memberVerbs: Readonly<Record<number, string>> = {
  [acts.added]: 'added',
  [acts.changed]: 'changed what may be done by',
  [acts.deleted]: 'removed',
}
const oneself: Readonly<Record<number, string>> = {
  [acts.added]: 'joined by an invitation',
  [acts.deleted]: 'left',
}

/** "changed 12 labels on 3 inputs". */
export function deed({ person, kind, action, changes }: ActivityGroup): string {
  const alone = kind === 'collaborator' && changes.every(({ itemId }) => itemId === person) && oneself[action]
  if (alone) return alone
  const [one, many] = kindNames[kind] ?? [kind, kind]
  const verb = (kind === 'collaborator' ? memberVerbs : verbs)[action] ?? 'changed'
  const inputs = new Set(changes.map(({ inputId }) => inputId)).size
  const where =
    (kind === 'annotation' || kind === 'note') && inputs > 1 ? ` on ${inputs.toLocaleString('en')} inputs` : ''
  return `${verb} ${count(changes.length, one, many)}${where}`
}

/** What one write did, in a few words. @param nameOf a concept's @param personOf a person's */
export function detail(
  change: Change,
  nameOf: (id: string) => string,
  personOf: (id: string) => string = (id) => id,
): string {
  if (change.kind === 'input') return ''
  if (change.kind === 'collaborator') {
    const role = roleOf(change.scopes)?.label ?? 'Some rights'
    const words = `${role[0]!.toLowerCase()}${role.slice(1)}`
    return `${personOf(change.itemId)} · ${change.action === acts.deleted ? 'had: ' : ''}${words}`
  }
  if (change.kind !== 'annotation') return change.name || change.itemId
  const { statusBefore, statusAfter } = change
  const status =
    statusBefore !== 0 && statusAfter !== 0 && statusBefore !== statusAfter
      ? [`${statusNames[statusBefore] ?? statusBefore} → ${statusNames[statusAfter] ?? statusAfter}`]
      : []
  const concepts = conceptWords(change.conceptsBefore, change.conceptsAfter, nameOf)
  const whole = concepts ? [`whole image: ${concepts}`] : []
  const shown = change.regions.slice(0, 3).map((region) => regionWords(region, nameOf))
  const more = change.regions.length > 3 ? [`and ${change.regions.length - 3} more regions`] : []
  return [...status, ...whole, ...shown, ...more].join(' · ')
}

function regionWords(region: RegionChange, nameOf: (id: string) => string): string {
  const names = (ids: readonly string[]) => ids.map(nameOf).join(', ') || 'unlabelled'
  if (region.action === acts.added) return `+ ${names(region.conceptsAfter)}`
  if (region.action === acts.deleted) return `− ${names(region.conceptsBefore)}`
  const concepts = conceptWords(region.conceptsBefore, region.conceptsAfter, nameOf)
  if (concepts) return region.moved ? `${concepts}, moved` : concepts
  return `${names(region.conceptsAfter)} moved`
}

function conceptWords(before: readonly string[], after: readonly string[], nameOf: (id: string) => string): string {
  if (String(before) === String(after)) return ''
  const names = (ids: readonly string[]) => ids.map(nameOf).join(', ') || 'none'
  return `${names(before)} → ${names(after)}`
}
