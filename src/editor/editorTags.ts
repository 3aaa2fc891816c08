import type { Edit } from '#model/change.ts'
import { emptyKey, isAnswer, splitTag, type TagChange, type TagKey, tagKey } from '#model/imageTags.ts'
import { EditorCore } from './editorCore.ts'

/** What a person says of the whole image: concepts, and that there is nothing on it. */
export class EditorTags extends EditorCore {
  /** Says what the whole image shows: 1 present, 0 not, undefined nothing. Something present takes the mark of emptiness. */
  setTag(conceptId: string, value: number | undefined, annotation = this.own): void {
    this.setTags([[conceptId, value]], annotation)
  }

  /** Several at once, as one step. */
  setTags(values: Iterable<readonly [conceptId: string, value: number | undefined]>, annotation = this.own): void {
    const change = new Map<TagKey, Edit<number>>()
    const put = (key: TagKey, after: number | undefined) => {
      const before = this.state.tags.get(key)
      if (before !== after) change.set(key, { before, after })
    }
    for (const [conceptId, value] of values) {
      put(tagKey(annotation, conceptId), value)
      if (value === 1) put(emptyKey(this.own), undefined)
    }
    this.commitTags(change)
  }

  /** "Looked at, nothing here", said or taken back. */
  markEmpty(empty: boolean): void {
    const key = emptyKey(this.own)
    if (this.state.tags.has(key) !== empty) this.commitTags(new Map([[key, empty ? { after: 1 } : { before: 1 }]]))
  }

  /** What this person says of a concept and the whole image. */
  tagOf(conceptId: string): number | undefined {
    return this.state.tags.get(tagKey(this.own, conceptId))
  }

  /** Every concept this person says something of. */
  ownTags(): readonly (readonly [conceptId: string, value: number])[] {
    return [...this.state.tags].flatMap(([key, value]) => {
      const { annotation, concept } = splitTag(key)
      return annotation === this.own && concept !== '' && !isAnswer(key) ? [[concept, value] as const] : []
    })
  }

  protected commitTags(tags: TagChange): void {
    if (tags.size === 0) return
    if (this.state.readOnly !== undefined) this.notice({ text: this.state.readOnly })
    else this.commitSelecting(new Map(), this.state.selected, false, tags)
  }
}
