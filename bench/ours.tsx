import { createRoot } from 'react-dom/client'
import { readMasks } from '#app/workspace/masks/maskReader.ts'
import { warmEncoder } from '#app/workspace/masks/warmEncoder.ts'
import { colorOf, encodeRegions, idOf, keyOf, labelOf, pngOf, regionOf } from '#bench/oursRegions.ts'
import { frame, offer, rootElement, size } from '#bench/page.ts'
import { IMAGE, type WorkRegion } from '#bench/workload.ts'
import { Canvas } from '#canvas/Canvas.tsx'
import { openPicture } from '#canvas/openPicture.ts'
import { Picture } from '#canvas/picture.ts'
import { warmPictureReader } from '#canvas/pictureReader.ts'
import { Editor } from '#editor/editor.ts'
import { hitAt } from '#editor/hit.ts'
import { PointerInput } from '#editor/input.ts'
import { toScreen } from '#geometry/view.ts'

/** The product's own canvas and editor, with generated regions and no server. */

const openEditor = () => {
  const editor = new Editor({ size, userId: 'bench', canEdit: () => undefined })
  return { editor, input: new PointerInput(editor) }
}

let open = openEditor()
let work: readonly WorkRegion[] = []
let pngs: readonly (Uint8Array | undefined)[] = []
let shown: Picture | undefined
/** The picture of the next image, decoded before it is wanted. */
let prefetched: Promise<Picture> | undefined

const root = createRoot(rootElement())
const show = (picture: Picture | undefined, loading: boolean) => {
  shown = picture
  root.render(
    <Canvas
      editor={open.editor}
      input={open.input}
      picture={picture}
      colorOf={colorOf}
      labelOf={labelOf}
      label="Canvas"
      loading={loading}
    />,
  )
}

const surface = () => document.querySelector<HTMLElement>('[role="application"]')

const isReady = async () => {
  while (surface()?.dataset.ready !== 'true') await frame()
}

const loadRegions = () => {
  const regions = work.map((each, i) => regionOf(each, size, pngs[i]))
  open.editor.load(new Map(regions.map((region) => [region.key, region])))
}

/** As the product does it: the masks are read in workers, and all that is known by then is shown. */
const readAll = (): Promise<void> => {
  const wanted = pngs.filter((png) => png !== undefined)
  if (wanted.length === 0) return Promise.resolve()
  return new Promise((done) => {
    readMasks(wanted, size, () => {
      loadRegions()
      const unread = [...open.editor.state.regions.values()].some(({ shape }) => shape.kind === 'asReceived')
      if (!unread) done()
    })
  })
}

const never = new AbortController().signal

/** As the product opens it; or one that is larger than its pixels, as those are that are too large to be decoded whole. */
const openImage = async (ahead = false): Promise<Picture> =>
  size === IMAGE
    ? openPicture(IMAGE.url, { size, ahead }, never)
    : new Picture(await createImageBitmap(await (await fetch(IMAGE.url)).blob(), { resizeWidth: 2000 }), size)

offer({
  caps: { zoom: 'wheel', pan: 'middle' },
  async ready(regions) {
    // with the page's scripts, as in the product
    warmPictureReader()
    work = regions
    pngs = regions.map((each) => pngOf(each, size))
  },
  async mount() {
    // as in the product, what is around the picture is there before it is
    const picture = openImage()
    show(undefined, true)
    loadRegions()
    await readAll()
    show(await picture, false)
    await isReady()
  },
  toClient(x, y) {
    const { left, top } = surface()!.getBoundingClientRect()
    const [sx, sy] = toScreen(open.editor.state.view, [x, y])
    return { x: sx + left, y: sy + top }
  },
  getView: () => open.editor.state.view,
  hovered: () => (open.editor.state.hovered === undefined ? null : idOf(open.editor.state.hovered)),
  selected: () => [...open.editor.state.selected].map(idOf),
  count: () => open.editor.state.regions.size,
  geometry(id) {
    const { draft, regions } = open.editor.state
    const key = keyOf(id)
    const region = draft.shapes.find((drafted) => drafted.key === key) ?? regions.get(key)
    switch (region?.shape.kind) {
      case 'box':
        return region.shape
      case 'polygon':
        return { points: region.shape.points.flat() }
      default:
        return undefined
    }
  },
  brush: {
    start(px = 60) {
      open.editor.select([])
      open.editor.setTool('brush')
      warmEncoder()
      open.editor.setBrush({ size: px })
    },
    async finish() {
      const { regions, selected } = open.editor.state
      const began = performance.now()
      const bytes = encodeRegions(
        [...selected].flatMap((key) => regions.get(key) ?? []),
        size,
      )
      return { ms: performance.now() - began, bytes }
    },
  },
  encodeAll() {
    const began = performance.now()
    encodeRegions(open.editor.state.regions.values(), size)
    return performance.now() - began
  },
  async next() {
    const picture = await (prefetched ?? openImage(true))
    prefetched = undefined
    await frame()
    const began = performance.now()
    const old = shown
    open = openEditor()
    loadRegions()
    show(picture, false)
    await frame()
    await isReady()
    const ms = performance.now() - began
    old?.close()
    prefetched = openImage(true)
    await prefetched
    return ms
  },
  hits(count) {
    const { state } = open.editor
    const began = performance.now()
    for (let i = 0; i < count; i++) hitAt(state, [(i * 7919) % size.width, (i * 104_729) % size.height], 8)
    return (performance.now() - began) / count
  },
})

// for looking at states by hand and by scripts
Object.defineProperty(window, 'editor', { get: () => open.editor })
