import { createImageAnnotator, type ImageAnnotation, type ImageAnnotator, ShapeType } from '@annotorious/annotorious'
import '@annotorious/annotorious/annotorious.css'
import { fitted, offer, rootElement } from '#bench/page.ts'
import { NOTCH } from '#bench/peers/targets.ts'
import { boundsOf, COLORS, IMAGE, type WorkRegion } from '#bench/workload.ts'

/** Annotorious as it is. Its plain-image form has no view of its own, so zoom and pan are a CSS transform around it. */
const root = rootElement()
const view = { scale: 1, x: 0, y: 0 }
let annotator: ImageAnnotator | undefined
let box: HTMLDivElement | undefined
let panning: { x: number; y: number } | undefined
let count = 0
let hovered: string | null = null

const annotationOf = (region: WorkRegion): ImageAnnotation => {
  const [minX, minY, maxX, maxY] = boundsOf(region)
  const bounds = { minX, minY, maxX, maxY }
  const selector =
    region.type === 'box'
      ? { type: ShapeType.RECTANGLE, geometry: { bounds, x: region.x, y: region.y, w: region.w, h: region.h } }
      : {
          type: ShapeType.POLYGON,
          geometry: {
            bounds,
            points: Array.from({ length: region.points.length / 2 }, (_, i) => [
              region.points[2 * i]!,
              region.points[2 * i + 1]!,
            ]),
          },
        }
  const bodies = [{ id: `${region.id}-body`, annotation: region.id, purpose: 'tagging', value: `class${region.cls}` }]
  return { id: region.id, bodies, target: { annotation: region.id, selector } } as ImageAnnotation
}

const place = () => {
  if (box) box.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`
}

root.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault()
    const factor = event.deltaY < 0 ? NOTCH : 1 / NOTCH
    view.x = event.clientX - (event.clientX - view.x) * factor
    view.y = event.clientY - (event.clientY - view.y) * factor
    view.scale *= factor
    place()
  },
  { passive: false, capture: true },
)
root.addEventListener(
  'pointerdown',
  (event) => {
    if (event.button === 1) panning = { x: event.clientX, y: event.clientY }
  },
  true,
)
root.addEventListener(
  'pointermove',
  (event) => {
    if (!panning) return
    view.x += event.clientX - panning.x
    view.y += event.clientY - panning.y
    panning = { x: event.clientX, y: event.clientY }
    place()
  },
  true,
)
window.addEventListener('pointerup', () => {
  panning = undefined
})

offer({
  caps: { zoom: 'wheel', pan: 'middle' },
  async mount(work) {
    const image = new Image()
    image.src = IMAGE.url
    await image.decode()
    box = document.createElement('div')
    box.style.cssText = `position:absolute;left:0;top:0;transform-origin:0 0;width:${IMAGE.width}px;height:${IMAGE.height}px`
    box.append(image)
    root.append(box)
    Object.assign(view, fitted(root.clientWidth, root.clientHeight))
    place()
    annotator = createImageAnnotator(image, { drawingEnabled: false, autoSave: true })
    const colors = new Map(work.map((region) => [region.id, COLORS[region.cls]!]))
    annotator.setStyle(({ id }) => {
      const color = colors.get(id) ?? COLORS[0]
      return { fill: color, fillOpacity: 0.2, stroke: color, strokeWidth: 1.5, strokeOpacity: 1 }
    })
    annotator.on('mouseEnterAnnotation', ({ id }) => {
      hovered = id
    })
    annotator.on('mouseLeaveAnnotation', () => {
      hovered = null
    })
    annotator.setAnnotations(work.map(annotationOf))
    count = work.length
  },
  toClient: (x, y) => ({ x: x * view.scale + view.x, y: y * view.scale + view.y }),
  getView: () => ({ ...view }),
  hovered: () => hovered,
  selected: () => annotator?.getSelected().map(({ id }) => id) ?? [],
  count: () => count,
  geometry(id) {
    const shape = annotator?.state.store.getAnnotation(id)?.target.selector
    if (shape?.type === ShapeType.RECTANGLE) {
      const { x, y, w, h } = shape.geometry as unknown as { x: number; y: number; w: number; h: number }
      return { x, y, w, h }
    }
    const points = (shape?.geometry as unknown as { points?: [number, number][] } | undefined)?.points
    return points && { points: points.flat() }
  },
})
