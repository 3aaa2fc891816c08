import type { Scene } from '#editor/scene.ts'
import type { Shape } from '#geometry/shape.ts'
import type { Region } from '#model/region.ts'

/** The key of the region that is being drawn and has no id yet. */
export const drawnKey = 'draft/draft'

/** What is being drawn, as the region it would become. */
export const drawnRegion = (shape: Shape, scene: Scene): Region => ({
  key: drawnKey,
  id: 'draft',
  annotation: 'draft',
  shape,
  concepts: scene.concept === undefined ? [] : [{ id: scene.concept, value: 1 }],
  status: 24150,
  madeBy: { kind: 'user', id: scene.userId },
  z: 0,
})
