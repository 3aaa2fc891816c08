import { type ReactNode, useRef } from 'react'
import { steady } from '#ui/steady.tsx'
import classes from './Layout.module.css'
import { fair, limits, type Panels } from './panels.ts'

/** Of the upper part, whatever it needs, px. */
const LEAST_UPPER = 180

interface Props {
  panels: Panels
  /** undefined: as it is at first */
  onResize: (part: 'side' | 'strip' | 'split', size: number | undefined) => void
  top: ReactNode
  /** under the top bar: what the open input is to the person */
  bar?: ReactNode
  tools?: ReactNode
  /** over the canvas and as wide: what the tool in hand offers */
  options?: ReactNode
  /** over the options, else over the upper edge of the canvas */
  notice?: ReactNode
  centre: ReactNode
  /** the right panel's upper and lower part */
  side?: readonly [upper: ReactNode, lower?: ReactNode]
  /** height that the upper part needs to show all of it, px; without it as much as there is room for */
  upperNeeds?: number
  strip?: ReactNode
}

/** The workspace's frame: bar, tools, canvas, panel, filmstrip; the dividers are dragged or moved by arrows. */
export function Layout({
  panels,
  onResize,
  top,
  bar,
  tools,
  options,
  notice,
  centre,
  side,
  upperNeeds = Infinity,
  strip,
}: Props) {
  const panel = useRef<HTMLElement>(null)
  const upper = useRef<HTMLDivElement>(null)
  const { split } = panels
  const share = split === undefined ? fairShare(upperNeeds) : `${split * 100}%`
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
            {notice}
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
            <div ref={upper} className={classes.upper} style={{ flex: side[1] ? `0 1 ${share}` : 1 }}>
              {side[0]}
            </div>
            {side[1] && (
              <>
                <Divider
                  name="Height of the concepts"
                  part="split"
                  size={split ?? fair}
                  sizeNow={() => (upper.current?.offsetHeight ?? 0) / (panel.current?.offsetHeight || 1)}
                  onResize={onResize}
                  sizeAt={(event) => {
                    const frame = panel.current?.getBoundingClientRect()
                    return frame ? (event.clientY - frame.top) / frame.height : (split ?? fair)
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

const fairShare = (needs: number): string =>
  Number.isFinite(needs) ? `min(${fair * 100}%, ${Math.max(LEAST_UPPER, needs)}px)` : `${fair * 100}%`

interface DividerProps {
  name: string
  part: 'side' | 'strip' | 'split'
  size: number
  onResize: Props['onResize']
  sizeAt: (event: React.PointerEvent) => number
  /** where it is not what was set */
  sizeNow?: () => number
}

const Divider = steady(
  function Divider({ name, part, size, onResize, sizeAt, sizeNow }: DividerProps) {
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
      onResize(part, (sizeNow?.() ?? size) + (part === 'split' ? -by : by))
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
        title="Drag to resize; double-click for the usual size"
        data-vertical={vertical || undefined}
        onDoubleClick={() => onResize(part, undefined)}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.preventDefault()
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={(event) =>
          event.currentTarget.hasPointerCapture(event.pointerId) && onResize(part, sizeAt(event))
        }
      />
    )
  },
  'sizeAt',
  'sizeNow',
)
