import { type ReactNode, useRef } from 'react'
import { steady } from '#ui/steady.tsx'
import classes from './Layout.module.css'
import { limits, type Panels } from './panels.ts'

interface Props {
  panels: Panels
  onResize: (part: 'side' | 'strip' | 'split', size: number) => void
  top: ReactNode
  /** under the top bar: what the open input is to the person */
  bar?: ReactNode
  tools?: ReactNode
  /** over the canvas and as wide: what the tool in hand offers */
  options?: ReactNode
  centre: ReactNode
  /** the right panel's upper and lower part */
  side?: readonly [upper: ReactNode, lower?: ReactNode]
  strip?: ReactNode
}

/** The workspace's frame: bar, tools, canvas, panel, filmstrip; the dividers are dragged or moved by arrows. */
export function Layout({ panels, onResize, top, bar, tools, options, centre, side, strip }: Props) {
  const panel = useRef<HTMLElement>(null)
  const shown = !panels.hidden
  return (
    <div className={classes.root}>
      <header className={classes.top}>{top}</header>
      {bar && <div className={classes.bar}>{bar}</div>}
      <div className={classes.middle}>
        <main className={classes.main}>
          {shown && tools && <div className={classes.tools}>{tools}</div>}
          <div className={classes.work}>
            {shown && options && <div className={classes.options}>{options}</div>}
            <div className={classes.centre}>{centre}</div>
          </div>
        </main>
        {shown && side && (
          <aside ref={panel} aria-label="Labels" className={classes.side} style={{ width: panels.side }}>
            <Divider
              name="Width of the panel"
              part="side"
              size={panels.side}
              onResize={onResize}
              sizeAt={(event) => window.innerWidth - event.clientX}
            />
            <div className={classes.upper} style={{ flex: side[1] ? `0 1 ${panels.split * 100}%` : 1 }}>
              {side[0]}
            </div>
            {side[1] && (
              <>
                <Divider
                  name="Height of the concepts"
                  part="split"
                  size={panels.split}
                  onResize={onResize}
                  sizeAt={(event) => {
                    const frame = panel.current?.getBoundingClientRect()
                    return frame ? (event.clientY - frame.top) / frame.height : panels.split
                  }}
                />
                <div className={classes.lower}>{side[1]}</div>
              </>
            )}
          </aside>
        )}
      </div>
      {shown && strip && (
        <section aria-label="Filmstrip" className={classes.strip} style={{ height: panels.strip }}>
          <Divider
            name="Height of the filmstrip"
            part="strip"
            size={panels.strip}
            onResize={onResize}
            sizeAt={(event) => window.innerHeight - event.clientY}
          />
          {strip}
        </section>
      )}
    </div>
  )
}

interface DividerProps {
  name: string
  part: 'side' | 'strip' | 'split'
  size: number
  onResize: Props['onResize']
  sizeAt: (event: React.PointerEvent) => number
}

const Divider = steady(function Divider({ name, part, size, onResize, sizeAt }: DividerProps) {
  const [least, most] = limits[part]
  const vertical = part === 'side'
  const step = part === 'split' ? 0.04 : 16
  const onKeyDown = (event: React.KeyboardEvent) => {
    // away from the edge the panel is at makes it larger; the split grows downwards
    const steps: Record<string, number> = vertical
      ? { ArrowLeft: step, ArrowRight: -step }
      : { ArrowUp: step, ArrowDown: -step }
    const by = steps[event.key]
    if (by === undefined) return
    event.preventDefault()
    onResize(part, size + (part === 'split' ? -by : by))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a divider that moves is no <hr>
    <div
      role="separator"
      aria-label={name}
      aria-orientation={vertical ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(part === 'split' ? size * 100 : size)}
      aria-valuemin={part === 'split' ? least * 100 : least}
      aria-valuemax={part === 'split' ? most * 100 : most}
      tabIndex={0}
      className={classes.divider}
      data-vertical={vertical || undefined}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && onResize(part, sizeAt(event))}
    />
  )
}, 'sizeAt')
