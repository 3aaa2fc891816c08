import { ActionIcon, Button, Menu, NumberInput, Popover, SegmentedControl, Slider, Switch } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Circle, Lasso, PaintBucket, Paintbrush, Puzzle, SlidersHorizontal, Square } from 'lucide-react'
import { memo, useEffect, useMemo, useRef } from 'react'
import { focusCanvas } from '#app/workspace/focusCanvas.ts'
import { Hint } from '#app/workspace/Hint.tsx'
import { warmEncoder } from '#app/workspace/masks/warmEncoder.ts'
import { useEditorState } from '#app/workspace/session/useSession.ts'
import type { Editor } from '#editor/editor.ts'
import { canFinishMask } from '#editor/paintCommands.ts'
import { type BrushSettings, currentMask, largestBrush } from '#editor/painting.ts'
import type { EditorState } from '#editor/state.ts'
import { countPieces } from '#geometry/components.ts'
import type { Mask } from '#geometry/shape.ts'
import { useCoarsePointer } from '#ui/useCoarsePointer.ts'
import classes from './BrushBar.module.css'
import { numberDone } from './barNumber.ts'

const toolPart = (state: EditorState) => state.tool
const brushPart = (state: EditorState) => state.brush
const maskPart = (state: EditorState): Mask | undefined => currentMask(state)?.shape

/** With a paint tool in hand: how it paints, and what the mask in work consists of. */
export const BrushBar = memo(function BrushBar({ editor }: { editor: Editor }) {
  const tool = useEditorState(editor, toolPart)
  const brush = useEditorState(editor, brushPart)
  useEffect(() => warmEncoder(), [])
  return (
    <section className={classes.bar} aria-label="Brush options">
      <Way editor={editor} tool={tool} />
      <Size editor={editor} size={brush.size} />
      <Hint command="brush.shape" label="Shape of the brush">
        <SegmentedControl
          size="xs"
          aria-label="Shape of the brush"
          value={brush.shape}
          onChange={(shape) => editor.setBrush({ shape: shape as BrushSettings['shape'] })}
          data={[
            { value: 'circle', label: <Circle size={13} role="img" aria-label="Round" /> },
            { value: 'square', label: <Square size={13} role="img" aria-label="Square" /> },
          ]}
        />
      </Hint>
      <SegmentedControl
        size="xs"
        aria-label="Where masks overlap"
        title="What becomes of other masks under the brush: both keep the pixels, the brush takes them, or it spares them"
        value={brush.overlap}
        onChange={(overlap) => editor.setBrush({ overlap: overlap as BrushSettings['overlap'] })}
        data={[
          { value: 'overlay', label: 'Overlay' },
          { value: 'overwrite', label: 'Overwrite' },
          { value: 'preserve', label: 'Preserve' },
        ]}
      />
      <More editor={editor} brush={brush} />
      <Pieces editor={editor} islands={brush.islands} />
      <NextMask editor={editor} />
    </section>
  )
})

/** What Enter does: the strokes so far are one mask, and the next begins another. */
function NextMask({ editor }: { editor: Editor }) {
  const possible = useEditorState(editor, canFinishMask)
  return (
    <Hint command="tool.finish" label="The next stroke begins another mask">
      <Button
        size="compact-xs"
        variant="default"
        className={classes.next}
        disabled={!possible}
        onClick={() => editor.finish()}
      >
        Next mask
      </Button>
    </Hint>
  )
}

const ways = [
  { id: 'brush', name: 'Paint', icon: Paintbrush },
  { id: 'lasso', name: 'Lasso', icon: Lasso },
  { id: 'bucket', name: 'Bucket', icon: PaintBucket },
] as const

/** By hand, by a line around, or by filling holes. */
function Way({ editor, tool }: { editor: Editor; tool: string }) {
  const shown = tool === 'eraser' ? 'brush' : tool
  return (
    <fieldset className={classes.ways} aria-label="Way of painting">
      {ways.map(({ id, name, icon: Icon }) => (
        <Hint key={id} command={`tool.${id}`}>
          <ActionIcon
            size={26}
            variant={shown === id ? 'light' : 'subtle'}
            aria-label={name}
            aria-pressed={shown === id}
            onClick={() => editor.setTool(id)}
          >
            <Icon size={15} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </Hint>
      ))}
    </fieldset>
  )
}

/** A slider of equal steps for equal factors: 1 to 2 is as far as 100 to 200. */
const STEPS = 100
const stepOf = (size: number) => Math.round((Math.log(size) / Math.log(largestBrush)) * STEPS)
const sizeOf = (step: number) => Math.round(largestBrush ** (step / STEPS))

function Size({ editor, size }: { editor: Editor; size: number }) {
  const coarse = useCoarsePointer()
  const before = useRef(size)
  const onKeyDown = (event: React.KeyboardEvent) => {
    const done = numberDone(event.nativeEvent, before.current)
    if (!done) return
    event.preventDefault()
    if (done.back !== undefined) editor.setBrush({ size: done.back })
    focusCanvas()
  }
  return (
    <div className={classes.size}>
      <Hint command="brush.larger" label="Size in pixels of the image: [ and ], or Ctrl and the right button">
        <Slider
          className={classes.slider}
          size="sm"
          min={0}
          max={STEPS}
          value={stepOf(size)}
          label={coarse ? (step) => `${sizeOf(step)} px` : null}
          onChange={(step) => stepOf(size) !== step && editor.setBrush({ size: sizeOf(step) })}
          thumbLabel="Brush size"
          thumbValueText={`${size} pixels`}
        />
      </Hint>
      <NumberInput
        className={classes.number}
        size="xs"
        aria-label="Brush size in pixels"
        min={1}
        max={largestBrush}
        allowDecimal={false}
        hideControls
        rightSection={<span className={classes.unit}>px</span>}
        rightSectionPointerEvents="none"
        value={size}
        onFocus={() => {
          before.current = size
        }}
        onKeyDown={onKeyDown}
        onChange={(value) => typeof value === 'number' && editor.setBrush({ size: value })}
      />
    </div>
  )
}

function More({ editor, brush }: { editor: Editor; brush: BrushSettings }) {
  return (
    <Popover position="bottom-end" width={264} trapFocus>
      <Popover.Target>
        <ActionIcon size={26} aria-label="More brush options" title="More: stabiliser, pressure, gaps">
          <SlidersHorizontal size={15} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes.more}>
        <Setting
          name="Stabiliser"
          help="The brush hangs on a rope behind the pointer"
          value={brush.stabiliser}
          most={100}
          onChange={(stabiliser) => editor.setBrush({ stabiliser })}
        />
        <Setting
          name="Close gaps up to"
          unit=" px"
          help="The bucket passes over openings this wide"
          value={brush.closeGaps}
          most={50}
          step={2}
          onChange={(closeGaps) => editor.setBrush({ closeGaps })}
        />
        <Switch
          size="xs"
          label="A pen's pressure changes the size"
          checked={brush.pressure}
          onChange={(event) => editor.setBrush({ pressure: event.currentTarget.checked })}
        />
        <p className={classes.help}>
          Shift: straight line from the last stroke. Alt or X: the other of adding and erasing. Hold H: the bare image.
          Enter or N: the next mask.
        </p>
      </Popover.Dropdown>
    </Popover>
  )
}

interface SettingProps {
  name: string
  help: string
  unit?: string
  value: number
  most: number
  step?: number
  onChange: (value: number) => void
}

function Setting({ name, help, unit = '', value, most, step = 1, onChange }: SettingProps) {
  return (
    <div>
      <div className={classes.named}>
        <span>{name}</span>
        <span className={classes.value}>{value === 0 ? 'off' : `${value}${unit}`}</span>
      </div>
      <Slider
        size="sm"
        min={0}
        max={most}
        step={step}
        value={value}
        label={null}
        onChange={onChange}
        thumbLabel={name}
        thumbValueText={value === 0 ? 'off' : `${value}${unit}`}
      />
      <p className={classes.help}>{help}</p>
    </div>
  )
}

/** Pieces are counted once no stroke has ended for so long: in a mask of 60,000 runs that takes longer than a frame. ms */
const COUNT_AFTER = 300

/** How many pieces the mask in work has. */
function Pieces({ editor, islands }: { editor: Editor; islands: number }) {
  const [mask] = useDebouncedValue(useEditorState(editor, maskPart), COUNT_AFTER)
  const count = useMemo(() => (mask ? countPieces(mask) : 0), [mask])
  const text = count === 0 ? 'new mask' : count === 1 ? '1 piece' : `${count} pieces`
  return (
    <Menu position="bottom-end" width={264} disabled={count === 0} closeOnItemClick>
      <Menu.Target>
        <button type="button" className={classes.pieces} disabled={count === 0} aria-label={`Mask: ${text}`}>
          <Puzzle size={14} aria-hidden />
          {text}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.islands}>
          <NumberInput
            size="xs"
            label="Islands have fewer pixels than"
            min={1}
            max={100_000}
            allowDecimal={false}
            value={islands}
            onChange={(value) => typeof value === 'number' && editor.setBrush({ islands: value })}
          />
        </div>
        <Menu.Item disabled={count < 2} onClick={() => editor.removeIslands()}>
          Remove islands below {islands} px
        </Menu.Item>
        <Menu.Item disabled={count < 2} onClick={() => editor.splitMask()}>
          Split into {count} masks
        </Menu.Item>
        <Menu.Item onClick={() => editor.fillHoles()}>Fill all holes</Menu.Item>
        <Menu.Item onClick={() => editor.toPolygon()}>To polygon…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
