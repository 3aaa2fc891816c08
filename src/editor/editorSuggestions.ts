import type { Edit } from '#model/change.ts'
import { answerKey, type TagChange, type TagKey } from '#model/imageTags.ts'
import type { RegionKey } from '#model/region.ts'
import { EditorMasks } from './editorMasks.ts'
import type { RegionChange } from './history.ts'
import { accepted, suggestedAmong } from './suggestions.ts'

/** What a person does with what models suggest. Each answer, to one or to many, is one step of undo. */
export class EditorSuggestions extends EditorMasks {
  /** Takes over what is suggested, selected afterwards; with its likeliest concept, or this one. */
  acceptSuggestions(keys: Iterable<RegionKey>, conceptId?: string): void {
    const { readOnly } = this.state
    const plan = accepted(this.state, keys, this.newId, conceptId, this.standardAttributes)
    if (readOnly !== undefined || plan.count === 0) {
      const why = readOnly ?? plan.reason
      if (why !== undefined) this.notice({ text: why })
      return
    }
    this.run(() => {
      this.commitSelecting(plan.change, plan.change.keys(), false, this.#answers(plan.answered, plan.change))
      if (plan.count > 1) this.notice({ text: `${plan.count} suggestions accepted`, undo: true })
    })
  }

  /** Turns down what is suggested: this person does not see it again. */
  rejectSuggestions(keys: Iterable<RegionKey>): void {
    const { readOnly } = this.state
    const suggested = suggestedAmong(this.state, keys)
    if (suggested.length === 0) return
    if (readOnly !== undefined) {
      this.notice({ text: readOnly })
      return
    }
    const rejected = new Set(suggested.map(({ key }) => key))
    this.run(() => {
      const left = [...this.state.selected].filter((key) => !rejected.has(key))
      this.commitSelecting(new Map(), left, false, this.#answers(rejected))
      this.notice({
        text: rejected.size === 1 ? 'Suggestion rejected' : `${rejected.size} suggestions rejected`,
        undo: true,
      })
    })
  }

  #answers(keys: Iterable<RegionKey>, change: RegionChange = new Map()): TagChange | undefined {
    const tags = new Map<TagKey, Edit<number>>(this.unmark(change))
    for (const key of keys) tags.set(answerKey(this.own, key), { after: 1 })
    return tags.size > 0 ? tags : undefined
  }
}
