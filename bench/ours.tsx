import { createRoot } from 'react-dom/client'
import { frame, offer, rootElement } from '#bench/page.ts'
import { COLORS, IMAGE, type WorkRegion } from '#bench/workload.ts'
import { Canvas } from '#canvas/Canvas.tsx'
import { loadPicture, type Picture } from '#canvas/picture.ts'
import { Editor } from '#editor/editor.ts'
import { PointerInput } from '#editor/input.ts'
import type { Point } from '#geometry/point.ts'
import { toScreen } from '#geometry/view.ts'
import { type Region, regionKey } from '#model/region.ts'

/** The product's own canvas and editor, with generated regions and no server. */

const editor = new Editor({ size: IMAGE, userId: 'bench', canEdit: () => undefined })
const input = new PointerInput(editor)

const keyOf = (id: string) => regionKey(id, id)
const idOf = (key: string) => key.slice(0, key.indexOf('/'))

const pairs = (points: readonly number[]): Point[] => {
  const pairs: Point[] = []
  for (let i = 0; i < points.length; i += 2) pairs.push([points[i]!, points[i + 1]!])
  return pairs
}

const regionOf = (work: WorkRegion): Region => ({
  key: keyOf(work.id),
  id: work.id,
  annotation: work.id,
  shape:
    work.type === 'box'
      ? { kind: 'box', x: work.x, y: work.y, w: work.w, h: work.h }
      : { kind: 'polygon', points: pairs(work.points) },
  concepts: [{ id: `class${work.cls}`, value: 1 }],
  status: 24150,
  madeBy: { kind: 'user', id: 'bench' },
  z: 0,
})

const colorOf = (region: Region) => COLORS[Number(region.concepts[0]?.id.slice(5) ?? 0)] ?? '#888888'
const labelOf = (region: Region) => region.concepts[0]?.id ?? 'unlabelled'

const root = createRoot(rootElement())
const show = (picture: Picture | undefined, loading: boolean) =>
  root.render(
    <Canvas
      editor={editor}
      input={input}
      picture={picture}
      colorOf={colorOf}
      labelOf={labelOf}
      label="Canvas"
      loading={loading}
    />,
  )

const surface = () => document.querySelector<HTMLElement>('[role="application"]')

offer({
  caps: { zoom: 'wheel', pan: 'middle' },
  async mount(work) {
    // the picture decodes beside the main thread as soon as its bytes are there: before anything else keeps it busy
    const picture = loadPicture(await (await fetch(IMAGE.url)).blob())
    show(undefined, true)
    editor.load(new Map(work.map((each) => [keyOf(each.id), regionOf(each)])))
    show(await picture, false)
    while (surface()?.dataset.ready !== 'true') await frame()
  },
  toClient(x, y) {
    const { left, top } = surface()!.getBoundingClientRect()
    const [sx, sy] = toScreen(editor.state.view, [x, y])
    return { x: sx + left, y: sy + top }
  },
  getView: () => editor.state.view,
  hovered: () => (editor.state.hovered === undefined ? null : idOf(editor.state.hovered)),
  selected: () => [...editor.state.selected].map(idOf),
  count: () => editor.state.regions.size,
  geometry(id) {
    const key = keyOf(id)
    const region = editor.state.draft.shapes.find((drafted) => drafted.key === key) ?? editor.state.regions.get(key)
    switch (region?.shape.kind) {
      case 'box':
        return region.shape
      case 'polygon':
        return { points: region.shape.points.flat() }
      default:
        return undefined
    }
  },
})

// for looking at states by hand and by scripts
Object.assign(window, { editor })
