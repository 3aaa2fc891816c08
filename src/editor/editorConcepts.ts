import { type Attributes, carriedOver } from '#model/attributes.ts'
import type { Region, RegionKey } from '#model/region.ts'
import { EditorSuggestions } from './editorSuggestions.ts'
import { relabel } from './operations.ts'
import { suggestedAmong } from './suggestions.ts'

/** What a region said as another concept, by the id of that. */
type Said = Map<string, Attributes>

/** So soon after a shape was finished its finishing key is one too many, ms. */
const MOMENT_MS = 700

/** What regions are: the active concept, and those of what is selected. */
export class EditorConcepts extends EditorSuggestions {
  /** for as long as the image is open: a region that becomes again what it was says again what it said */
  readonly #said = new Map<RegionKey, Said>()

  /**
   * What a digit does: makes it the active concept and gives it to the selection. What was just drawn, and is selected
   * for no other reason, keeps the concept it was drawn with: whoever goes on drawing means the next one
   * (docs/decisions.md, 50). Answers with what keeps its own.
   * @param drawnToo it goes to what was just drawn as well
   */
  pickConcept(id: string, drawnToo = false): readonly RegionKey[] {
    const kept = drawnToo ? [] : this.#justDrawn(id)
    this.run(() => {
      // with a brush in hand another concept is another mask: the one painted so far keeps its own
      this.setConcept(id)
      if (kept.length === 0 && this.state.selected.size > 0) this.setConceptOf(this.state.selected, id)
    })
    return kept
  }

  /** Suggestions among them are accepted as that. */
  setConceptOf(keys: Iterable<RegionKey>, conceptId: string): void {
    const all = [...keys]
    const suggested = new Set(suggestedAmong(this.state, all).map(({ key }) => key))
    const rest = all.filter((key) => !suggested.has(key))
    this.run(() => {
      if (suggested.size > 0) this.acceptSuggestions(suggested, conceptId)
      if (rest.length > 0) this.#relabel(rest, conceptId)
    })
  }

  /** A polygon was finished in this moment: the Enter that was to close it means nothing else. */
  get hasJustClosed(): boolean {
    const { selected, tool } = this.state
    const at = this.history().past.at(-1)?.at ?? 0
    return tool === 'polygon' && selected === this.drawn && this.now() - at < MOMENT_MS
  }

  /** Drawn with a concept that is not this one, by the tool that is still in hand, and nothing else chosen since. */
  #justDrawn(id: string): readonly RegionKey[] {
    const { selected, regions, tool } = this.state
    if (tool === 'select' || selected.size === 0 || selected !== this.drawn) return []
    const isOther = ({ concepts }: Region) => concepts.length > 0 && !concepts.some((tag) => tag.id === id)
    return [...selected].filter((key) => isOther(regions.get(key)!))
  }

  #relabel(keys: readonly RegionKey[], id: string): void {
    const plan = relabel(this.state, keys, id, (region) => this.#saysAs(region, id))
    for (const key of plan.change.keys()) this.#remember(this.state.regions.get(key)!)
    const reason = this.tryPlan(plan)
    if (reason === undefined || plan.change.size === 0) return
    this.notice({ text: `${plan.change.size} of ${keys.length} changed. ${reason}`, undo: true })
  }

  /** What belongs to the old concept alone is left behind; what was said as the new one before is said again. */
  #saysAs(region: Region, id: string): Attributes | undefined {
    const from = region.concepts.flatMap((tag) => this.definitionsOf(tag.id))
    const carried = carriedOver(region.attributes, from, this.definitionsOf(id))
    const attributes = { ...this.standardAttributes(id), ...this.#said.get(region.key)?.get(id), ...carried }
    return Object.keys(attributes).length > 0 ? attributes : undefined
  }

  #remember({ key, concepts, attributes }: Region): void {
    const [first] = concepts
    if (!first || !attributes) return
    const said: Said = this.#said.get(key) ?? new Map()
    this.#said.set(key, said.set(first.id, attributes))
  }
}
