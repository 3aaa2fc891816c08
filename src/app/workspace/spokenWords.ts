import { kindOf, regionName } from '#app/workspace/regions/regionNames.ts'
import { editorCommands } from '#editor/commands.ts'
import type { EditorState } from '#editor/state.ts'
import { between } from '#geometry/box.ts'
import type { Point } from '#geometry/point.ts'
import { type Box, bounds } from '#geometry/shape.ts'
import { isAnswer, splitTag, type TagChange } from '#model/imageTags.ts'
import type { Region, RegionKey } from '#model/region.ts'

type Label = (region: Region) => string
type Name = (conceptId: string) => string

/** What the picture alone shows of a change, for who cannot see it; undefined when it tells nothing new. */
export function spokenOf(before: EditorState, now: EditorState, labelOf: Label, nameOf: Name): string | undefined {
  return (
    ofCaret(before, now, labelOf) ??
    ofTool(before, now) ??
    ofSelection(before, now, labelOf) ??
    ofConcept(before, now, nameOf) ??
    ofMany(before.hidden, now.hidden, 'hidden', 'shown') ??
    ofMany(before.locked, now.locked, 'locked', 'unlocked')
  )
}

const caretOf = ({ toolState }: EditorState) =>
  toolState.id === 'box' && toolState.state.at === 'caret' ? toolState.state : undefined

function ofCaret(before: EditorState, now: EditorState, labelOf: Label): string | undefined {
  const [from, to] = [caretOf(before), caretOf(now)]
  if (from === to) return undefined
  if (!to) {
    const region = now.regions.size > before.regions.size ? onlySelected(now) : undefined
    return region ? `Drawn: ${placed(region, labelOf)}` : 'Not drawn'
  }
  if (!from) return `At ${pair(to.caret)}. Arrows move, Enter sets the first corner`
  if (to.first && !from.first) return `First corner at ${pair(to.first)}. Arrows move, Enter sets the opposite one`
  return to.first ? sizeOf(between(to.first, to.caret)) : pair(to.caret)
}

function ofTool(before: EditorState, now: EditorState): string | undefined {
  if (before.tool === now.tool) return undefined
  return editorCommands.find(({ id }) => id === `tool.${now.tool}`)?.title
}

function ofSelection(before: EditorState, now: EditorState, labelOf: Label): string | undefined {
  const region = onlySelected(now)
  if (before.selected !== now.selected) {
    if (region) return `${placed(region, labelOf)}${stateWords(now, region)}`
    if (now.selected.size > 0) return `${now.selected.size} regions selected`
    return before.selected.size > 0 ? 'Nothing selected' : undefined
  }
  const was = region && before.regions.get(region.key)
  if (!region || !was || was === region) return undefined
  if (labelOf(was) !== labelOf(region)) return regionName(region, labelOf)
  return was.shape === region.shape ? undefined : whereOf(region)
}

/** What was said of the whole image, where it has concepts; undefined when it has none. */
export function spokenTags(tags: TagChange, nameOf: Name): string | undefined {
  const said = [...tags].flatMap(([key, { after }]) => {
    const { concept } = splitTag(key)
    if (concept === '' || isAnswer(key)) return []
    return `${nameOf(concept)}: ${after === undefined ? 'taken back' : after > 0 ? 'in the image' : 'not in the image'}`
  })
  return said.length > 0 ? said.join(', ') : undefined
}

const ofConcept = ({ concept: before }: EditorState, { concept: now }: EditorState, nameOf: Name) =>
  before === now ? undefined : now === undefined ? 'Next: no concept' : `Next: ${nameOf(now)}`

function ofMany(before: ReadonlySet<RegionKey>, now: ReadonlySet<RegionKey>, more: string, fewer: string) {
  const added = [...now].filter((key) => !before.has(key)).length
  const gone = [...before].filter((key) => !now.has(key)).length
  return added > 0 ? `${added} ${more}` : gone > 0 ? `${gone} ${fewer}` : undefined
}

const onlySelected = ({ selected, regions }: EditorState): Region | undefined =>
  selected.size === 1 ? regions.get([...selected][0]!) : undefined

const placed = (region: Region, labelOf: Label): string => `${regionName(region, labelOf)}, ${whereOf(region)}`

function stateWords({ locked, hidden }: EditorState, { key }: Region): string {
  return `${locked.has(key) ? ', locked' : ''}${hidden.has(key) ? ', hidden' : ''}`
}

function whereOf(region: Region): string {
  const b = bounds(region.shape)
  const at = `at ${pair([b.x, b.y])}`
  return kindOf(region) === 'point' ? at : `${sizeOf(b)} ${at}`
}

const pair = ([x, y]: Point): string => `${Math.round(x)}, ${Math.round(y)}`
const sizeOf = ({ w, h }: Pick<Box, 'w' | 'h'>): string => `${Math.round(w)} by ${Math.round(h)}`
