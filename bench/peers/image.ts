import Flatbush from 'flatbush'
import { fitted, offer, rootElement } from '#bench/page.ts'
import { cornersOf, geometryOf, hitRegion, NOTCH, withCorner } from '#bench/peers/targets.ts'
import { boundsOf, COLORS, IMAGE, type WorkRegion } from '#bench/workload.ts'

/**
 * The limit: the image alone on one canvas, from a pyramid of bitmaps, and a second canvas for the one region that is
 * hovered, selected or dragged. Regions at rest exist for the hit test only, and are never drawn.
 */
const root = rootElement()
const ratio = devicePixelRatio
const view = { scale: 1, x: 0, y: 0 }
const levels: { bitmap: ImageBitmap; scale: number }[] = []
let regions: WorkRegion[] = []
let index: Flatbush | undefined
let hovered: WorkRegion | undefined
let selected: WorkRegion | undefined
let dragging: number | undefined
let panning: { x: number; y: number } | undefined
let scheduled = false
let moved = false

const layer = () => {
  const canvas = document.createElement('canvas')
  canvas.width = Math.floor(root.clientWidth * ratio)
  canvas.height = Math.floor(root.clientHeight * ratio)
  canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%'
  root.append(canvas)
  return canvas.getContext('2d')!
}

const picture = layer()
const active = layer()

const drawPicture = () => {
  const level = levels.findLast(({ scale }) => scale >= view.scale * ratio * 0.99) ?? levels[0]!
  picture.clearRect(0, 0, picture.canvas.width, picture.canvas.height)
  picture.imageSmoothingQuality = 'low'
  const k = view.scale * ratio
  picture.drawImage(
    level.bitmap,
    Math.round(view.x * ratio),
    Math.round(view.y * ratio),
    IMAGE.width * k,
    IMAGE.height * k,
  )
}

const drawActive = () => {
  active.clearRect(0, 0, active.canvas.width, active.canvas.height)
  for (const region of new Set([hovered, selected])) {
    if (!region) continue
    const corners = cornersOf(region).map(
      ([x, y]) => [(x * view.scale + view.x) * ratio, (y * view.scale + view.y) * ratio] as const,
    )
    active.beginPath()
    for (const [x, y] of corners) active.lineTo(x, y)
    active.closePath()
    active.fillStyle = `${COLORS[region.cls]}4d`
    active.fill()
    active.strokeStyle = COLORS[region.cls]!
    active.lineWidth = 2 * ratio
    active.stroke()
    if (region !== selected) continue
    active.fillStyle = '#fff'
    for (const [x, y] of corners) active.fillRect(x - 4, y - 4, 8, 8)
  }
}

const schedule = (all: boolean) => {
  moved ||= all
  if (scheduled) return
  scheduled = true
  requestAnimationFrame(() => {
    scheduled = false
    if (moved) drawPicture()
    moved = false
    drawActive()
  })
}

const toImage = (event: MouseEvent): [number, number] => [
  (event.clientX - view.x) / view.scale,
  (event.clientY - view.y) / view.scale,
]

const hitAt = (x: number, y: number): WorkRegion | undefined => {
  const near = index?.search(x, y, x, y).map((i) => regions[i]!) ?? regions
  return hitRegion(selected ? [...near, selected] : near, x, y)
}

root.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault()
    const factor = event.deltaY < 0 ? NOTCH : 1 / NOTCH
    view.x = event.clientX - (event.clientX - view.x) * factor
    view.y = event.clientY - (event.clientY - view.y) * factor
    view.scale *= factor
    schedule(true)
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
    schedule(true)
  } else if (dragging !== undefined && selected) {
    const changed = withCorner(selected, dragging, x, y)
    regions[regions.indexOf(selected)] = changed
    selected = changed
    schedule(false)
  } else {
    const hit = hitAt(x, y)
    if (hit !== hovered) {
      hovered = hit
      schedule(false)
    }
  }
})
root.addEventListener('pointerup', (event) => {
  if (!panning && dragging === undefined) {
    selected = hitAt(...toImage(event))
    schedule(false)
  }
  panning = undefined
  dragging = undefined
})

/** What need not be there for the first picture: the index, and smaller pictures. */
const prepareTheRest = async (): Promise<void> => {
  index = new Flatbush(regions.length)
  for (const region of regions) index.add(...boundsOf(region))
  index.finish()
  for (const scale of [0.5, 0.25, 0.125]) {
    const size = { resizeWidth: IMAGE.width * scale, resizeHeight: IMAGE.height * scale }
    levels.push({ bitmap: await createImageBitmap(levels.at(-1)!.bitmap, { ...size, resizeQuality: 'low' }), scale })
  }
}

offer({
  caps: { zoom: 'wheel', pan: 'middle' },
  async mount(work) {
    regions = [...work]
    const bitmap = await createImageBitmap(await (await fetch(IMAGE.url)).blob())
    levels.push({ bitmap, scale: 1 })
    Object.assign(view, fitted(root.clientWidth, root.clientHeight))
    drawPicture()
    setTimeout(() => void prepareTheRest(), 60)
  },
  toClient: (x, y) => ({ x: x * view.scale + view.x, y: y * view.scale + view.y }),
  getView: () => ({ ...view }),
  hovered: () => hovered?.id ?? null,
  selected: () => (selected ? [selected.id] : []),
  count: () => regions.length,
  geometry: (id) => geometryOf(regions.find((region) => region.id === id)),
})
