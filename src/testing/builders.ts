import { Editor } from '#editor/editor.ts'
import type { EditorOptions } from '#editor/editorCore.ts'
import type { Point } from '#geometry/point.ts'
import { type Box, bounds, type Shape } from '#geometry/shape.ts'
import { type Region, type RegionKey, regionKey } from '#model/region.ts'

/** The person who edits in tests. */
export const me = 'ana'

export const aBox = (x: number, y: number, w: number, h: number): Box => ({ kind: 'box', x, y, w, h })

export const aPolygon = (...points: readonly Point[]): Shape => ({ kind: 'polygon', points })

/** A region named `id`, made by {@link me} and labelled with `concept`, if given. */
export function aRegion(id: string, shape: Shape, rest: Partial<Region> & { readonly concept?: string } = {}): Region {
  const { concept, ...fields } = rest
  return {
    key: regionKey(id, id),
    id,
    annotation: id,
    shape,
    concepts: concept === undefined ? [] : [{ id: concept, value: 1 }],
    status: 24150,
    madeBy: { kind: 'user', id: me },
    z: 0,
    ...fields,
  }
}

export const byKey = (...regions: readonly Region[]): ReadonlyMap<RegionKey, Region> =>
  new Map(regions.map((region) => [region.key, region]))

/** The key of a region of {@link aRegion}. */
export const keyOf = (id: string): RegionKey => regionKey(id, id)

export interface Clock {
  now: number
}

/**
 * An editor of a 1000 × 800 image on a surface as large, shown 1:1 from the corner, so that screen and image px are
 * the same. Ids are counted, time stands still until `clock.now` is moved.
 */
export function anEditor(
  options: Partial<EditorOptions> & {
    readonly regions?: readonly Region[]
    readonly clock?: Clock
    readonly loaded?: boolean
  } = {},
): Editor {
  const { regions = [], clock = { now: 1_000_000 }, loaded = true, ...rest } = options
  let ids = 0
  const editor = new Editor({
    size: { width: 1000, height: 800 },
    userId: me,
    canEdit: () => undefined,
    now: () => clock.now,
    newId: () => `new${++ids}`,
    ...rest,
  })
  editor.resize({ width: 1000, height: 800 })
  editor.setView({ scale: 1, x: 0, y: 0 })
  if (loaded) editor.load(byKey(...regions))
  return editor
}

/** The shapes in the editor, in paint order. */
export const shapes = (editor: Editor): readonly Shape[] =>
  editor.state.order.map((key) => editor.state.regions.get(key)!.shape)

export const shapeOf = (editor: Editor, id: string): Shape | undefined => editor.state.regions.get(keyOf(id))?.shape

export const selectedIds = (editor: Editor): readonly string[] =>
  [...editor.state.selected].map((key) => editor.state.regions.get(key)!.id)

/** The bounds of what is being drawn or changed now. */
export const draftBoxes = (editor: Editor): readonly Box[] =>
  editor.state.draft.shapes.map(({ shape }) => ({ ...bounds(shape), kind: 'box' }))
