import type Konva from 'konva'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Circle, Image as KonvaImage, Layer, Line, Rect, Stage } from 'react-konva'
import { fitted, frame, offer, rootElement } from '#bench/page.ts'
import { cornersOf, geometryOf, NOTCH, withCorner } from '#bench/peers/targets.ts'
import { COLORS, IMAGE, type WorkRegion } from '#bench/workload.ts'

/** react-konva as its tutorials show it: a component a region, all state in React, Konva's own events. */
const root = rootElement()
const now: {
  regions: readonly WorkRegion[]
  hovered: string | null
  selected: string | null
  view: { scale: number; x: number; y: number }
} = {
  regions: [],
  hovered: null,
  selected: null,
  view: { scale: 1, x: 0, y: 0 },
}

const Scene = ({ image, initial }: { image: HTMLImageElement; initial: readonly WorkRegion[] }) => {
  const [regions, setRegions] = useState(initial)
  const [hovered, setHovered] = useState<string | null>(null)
  const [selected, setSelected] = useState<string | null>(null)
  const [view, setView] = useState(() => fitted(root.clientWidth, root.clientHeight))
  Object.assign(now, { regions, hovered, selected, view })
  const chosen = regions.find((region) => region.id === selected)

  const zoom = (event: Konva.KonvaEventObject<WheelEvent>) => {
    event.evt.preventDefault()
    const factor = event.evt.deltaY < 0 ? NOTCH : 1 / NOTCH
    const at = event.target.getStage()!.getPointerPosition()!
    setView({ scale: view.scale * factor, x: at.x - (at.x - view.x) * factor, y: at.y - (at.y - view.y) * factor })
  }
  const panned = (event: Konva.KonvaEventObject<DragEvent>) => {
    const stage = event.target.getStage()
    if (event.target === stage) setView({ ...view, x: stage.x(), y: stage.y() })
  }

  return (
    <Stage
      width={root.clientWidth}
      height={root.clientHeight}
      scaleX={view.scale}
      scaleY={view.scale}
      x={view.x}
      y={view.y}
      draggable
      onWheel={zoom}
      onDragMove={panned}
      onDragEnd={panned}
    >
      <Layer>
        <KonvaImage image={image} width={IMAGE.width} height={IMAGE.height} onClick={() => setSelected(null)} />
      </Layer>
      <Layer>
        {regions.map((region) => {
          const emphasised = region.id === selected || region.id === hovered
          const common = {
            stroke: COLORS[region.cls]!,
            fill: COLORS[region.cls]! + (emphasised ? '4d' : '33'),
            strokeWidth: emphasised ? 2 : 1.5,
            strokeScaleEnabled: false,
            onMouseEnter: () => setHovered(region.id),
            onMouseLeave: () => setHovered(null),
            onClick: () => setSelected(region.id),
          }
          return region.type === 'box' ? (
            <Rect key={region.id} {...common} x={region.x} y={region.y} width={region.w} height={region.h} />
          ) : (
            <Line key={region.id} {...common} points={[...region.points]} closed />
          )
        })}
        {chosen &&
          cornersOf(chosen).map(([x, y], corner) => (
            <Circle
              // biome-ignore lint/suspicious/noArrayIndexKey: a corner is its index
              key={corner}
              x={x}
              y={y}
              radius={4 / view.scale}
              fill="#fff"
              stroke="#222"
              strokeScaleEnabled={false}
              draggable
              onDragMove={(event) => {
                event.cancelBubble = true
                const changed = withCorner(chosen, corner, event.target.x(), event.target.y())
                setRegions(regions.map((region) => (region.id === chosen.id ? changed : region)))
              }}
            />
          ))}
      </Layer>
    </Stage>
  )
}

offer({
  caps: { zoom: 'wheel', pan: 'drag' },
  async mount(work) {
    const image = new Image()
    image.src = IMAGE.url
    await image.decode()
    createRoot(root).render(<Scene image={image} initial={work} />)
    while (now.regions.length === 0) await frame()
  },
  toClient: (x, y) => ({ x: x * now.view.scale + now.view.x, y: y * now.view.scale + now.view.y }),
  getView: () => now.view,
  hovered: () => now.hovered,
  selected: () => (now.selected === null ? [] : [now.selected]),
  count: () => now.regions.length,
  geometry: (id) => geometryOf(now.regions.find((region) => region.id === id)),
})
