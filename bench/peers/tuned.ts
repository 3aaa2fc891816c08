import Konva from 'konva'
import { fitted, offer, rootElement } from '#bench/page.ts'
import { cornersOf, geometryOf, hitRegion, NOTCH, withCorner } from '#bench/peers/targets.ts'
import { COLORS, IMAGE, type WorkRegion } from '#bench/workload.ts'

/** Konva as its performance guide advises: one shape a region, nothing listens, layers redrawn in batches, one active layer. */
const root = rootElement()
const view = { scale: 1, x: 0, y: 0 }
let regions: WorkRegion[] = []
let hovered: WorkRegion | undefined
let selected: WorkRegion | undefined
let dragging: number | undefined
let panning: { x: number; y: number } | undefined

const stage = new Konva.Stage({ container: root as HTMLDivElement, width: root.clientWidth, height: root.clientHeight })
const imageLayer = new Konva.Layer({ listening: false })
const regionLayer = new Konva.Layer({ listening: false })
const activeLayer = new Konva.Layer({ listening: false })
stage.add(imageLayer, regionLayer, activeLayer)
const nodes = new Map<string, Konva.Shape>()

const nodeOf = (region: WorkRegion, opacity: string, strokeWidth: number): Konva.Shape => {
  const color = COLORS[region.cls]!
  const style = {
    stroke: color,
    fill: color + opacity,
    strokeWidth,
    strokeScaleEnabled: false,
    listening: false,
    perfectDrawEnabled: false,
    shadowForStrokeEnabled: false,
  }
  return region.type === 'box'
    ? new Konva.Rect({ ...style, x: region.x, y: region.y, width: region.w, height: region.h })
    : new Konva.Line({ ...style, points: [...region.points], closed: true })
}

const placeLayers = () => {
  for (const layer of [imageLayer, regionLayer, activeLayer]) {
    layer.scale({ x: view.scale, y: view.scale })
    layer.position({ x: view.x, y: view.y })
    layer.batchDraw()
  }
  drawActive()
}

const drawActive = () => {
  activeLayer.destroyChildren()
  if (hovered && hovered !== selected) activeLayer.add(nodeOf(hovered, '4d', 2))
  if (selected) {
    activeLayer.add(nodeOf(selected, '4d', 2))
    const size = 8 / view.scale
    for (const [x, y] of cornersOf(selected)) {
      const style = { fill: '#fff', stroke: '#222', strokeWidth: 1, strokeScaleEnabled: false, listening: false }
      activeLayer.add(new Konva.Rect({ x: x - size / 2, y: y - size / 2, width: size, height: size, ...style }))
    }
  }
  activeLayer.batchDraw()
}

const select = (region: WorkRegion | undefined) => {
  if (region === selected) return
  if (selected) {
    const node = nodeOf(selected, '33', 1.5)
    nodes.get(selected.id)?.destroy()
    nodes.set(selected.id, node)
    regionLayer.add(node as Konva.Rect)
  }
  selected = region
  if (region) nodes.get(region.id)?.hide()
  regionLayer.batchDraw()
  drawActive()
}

const toImage = (event: MouseEvent): [number, number] => [
  (event.clientX - view.x) / view.scale,
  (event.clientY - view.y) / view.scale,
]

root.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault()
    const factor = event.deltaY < 0 ? NOTCH : 1 / NOTCH
    view.x = event.clientX - (event.clientX - view.x) * factor
    view.y = event.clientY - (event.clientY - view.y) * factor
    view.scale *= factor
    placeLayers()
  },
  { passive: false },
)
root.addEventListener('pointerdown', (event) => {
  if (event.button === 1) {
    panning = { x: event.clientX, y: event.clientY }
    return
  }
  const [x, y] = toImage(event)
  const corner = selected && cornersOf(selected).findIndex(([cx, cy]) => Math.hypot(cx - x, cy - y) * view.scale < 8)
  if (corner !== undefined && corner >= 0) dragging = corner
})
root.addEventListener('pointermove', (event) => {
  const [x, y] = toImage(event)
  if (panning) {
    view.x += event.clientX - panning.x
    view.y += event.clientY - panning.y
    panning = { x: event.clientX, y: event.clientY }
    placeLayers()
  } else if (dragging !== undefined && selected) {
    const changed = withCorner(selected, dragging, x, y)
    regions[regions.indexOf(selected)] = changed
    selected = changed
    drawActive()
  } else {
    const hit = hitRegion(regions, x, y)
    if (hit !== hovered) {
      hovered = hit
      drawActive()
    }
  }
})
root.addEventListener('pointerup', (event) => {
  if (!panning && dragging === undefined) select(hitRegion(regions, ...toImage(event)))
  panning = undefined
  dragging = undefined
})

offer({
  caps: { zoom: 'wheel', pan: 'middle' },
  async mount(work) {
    regions = [...work]
    const image = new Image()
    image.src = IMAGE.url
    for (const region of regions) {
      const node = nodeOf(region, '33', 1.5)
      nodes.set(region.id, node)
      regionLayer.add(node as Konva.Rect)
    }
    await image.decode()
    imageLayer.add(
      new Konva.Image({ image, width: IMAGE.width, height: IMAGE.height, listening: false, perfectDrawEnabled: false }),
    )
    Object.assign(view, fitted(root.clientWidth, root.clientHeight))
    placeLayers()
  },
  toClient: (x, y) => ({ x: x * view.scale + view.x, y: y * view.scale + view.y }),
  getView: () => ({ ...view }),
  hovered: () => hovered?.id ?? null,
  selected: () => (selected ? [selected.id] : []),
  count: () => regions.length,
  geometry: (id) => geometryOf(regions.find((region) => region.id === id)),
})
