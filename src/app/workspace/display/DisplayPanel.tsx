import {
  ActionIcon,
  Button,
  Checkbox,
  NumberInput,
  Popover,
  RangeSlider,
  SegmentedControl,
  Slider,
} from '@mantine/core'
import { SlidersHorizontal } from 'lucide-react'
import { memo, useState } from 'react'
import { useStore } from 'zustand'
import { Hint } from '#app/workspace/Hint.tsx'
import classes from './DisplayPanel.module.css'
import { displayAmounts, displayChoices, displaySwitches } from './displayChoices.ts'
import {
  type DisplaySettings,
  displayLimits,
  displayStore,
  isAdjusted,
  setDisplay,
  setWindowEnd,
  usualDisplay,
} from './displaySettings.ts'

/** Commands whose keys hold while the panel has the focus. */
const ownKeys = 'view.display view.resetDisplay view.invertColors'

/** How picture and regions are shown, in a panel at its button. */
export const DisplayButton = memo(function DisplayButton() {
  const settings = useStore(displayStore, (state) => state.settings)
  const open = useStore(displayStore, (state) => state.open)
  const setOpen = (opened: boolean) => displayStore.setState({ open: opened })
  const adjusted = isAdjusted(settings)
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={340}
      shadow="md"
      trapFocus
      returnFocus
      withRoles={false}
    >
      <Popover.Target>
        <span>
          <Hint command="view.display" label="Display" disabled={open}>
            <ActionIcon
              aria-label={adjusted ? 'Display, the picture is adjusted' : 'Display'}
              aria-haspopup="dialog"
              aria-expanded={open}
              color={adjusted ? 'blue' : undefined}
              onClick={() => setOpen(!open)}
            >
              <SlidersHorizontal size={16} strokeWidth={1.75} aria-hidden />
            </ActionIcon>
          </Hint>
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Display" data-keys-of={ownKeys}>
        <Settings settings={settings} />
      </Popover.Dropdown>
    </Popover>
  )
})

const percent = (value: number) => `${Math.round(value * 100)} %`

function Settings({ settings }: { settings: DisplaySettings }) {
  return (
    <div className={classes.rows}>
      <h3 className={classes.heading}>Picture</h3>
      <Amount settings={settings} name="brightness" step={0.05} text={percent} />
      <Amount settings={settings} name="contrast" step={0.05} text={percent} />
      <Amount settings={settings} name="saturation" step={0.05} text={percent} />
      <Window settings={settings} />
      <Switches settings={settings} names={['invert', 'equalise']} />
      <h3 className={classes.heading}>Regions</h3>
      <Choice settings={settings} name="labels" />
      <Choice settings={settings} name="colorBy" />
      <Amount settings={settings} name="fillOpacity" step={0.05} text={percent} />
      <Amount settings={settings} name="outlineWidth" step={0.25} text={(value) => `${value} px`} />
      <Switches settings={settings} names={['halo']} />
      <h3 className={classes.heading}>View and pointer</h3>
      <Choice settings={settings} name="crosshair" />
      <Choice settings={settings} name="wheel" />
      <Switches settings={settings} names={['minimap', 'pixelGrid']} />
      <div className={classes.foot}>
        <Button size="compact-xs" variant="default" onClick={() => setDisplay(usualDisplay)}>
          Reset all
        </Button>
      </div>
    </div>
  )
}

/** Which of the picture's values are shown from black to white: its own numbers, 16 bits where it has them. */
function Window({ settings }: { settings: DisplaySettings }) {
  const [least, most] = useStore(displayStore, (state) => state.range)
  const valueAt = (part: number) => least + part * (most - least)
  const [low, high] = settings.window
  return (
    <>
      <span>Window</span>
      <RangeSlider
        size="sm"
        min={0}
        max={1}
        step={1 / 512}
        minRange={1 / 64}
        value={[low, high]}
        label={null}
        onChange={(window) => setDisplay({ window })}
        onDoubleClick={() => setDisplay({ window: usualDisplay.window })}
        thumbFromLabel="Black from"
        thumbToLabel="White from"
        scale={(part) => Math.round(valueAt(part))}
      />
      <span />
      <div className={classes.ends}>
        <WindowEnd end="low" name="Black from" value={Math.round(valueAt(low))} />
        <WindowEnd end="high" name="White from" value={Math.round(valueAt(high))} />
      </div>
    </>
  )
}

/** One end as a number, for those who know it: taken over by Enter or when it is left, Esc brings back what stood there. */
function WindowEnd({ end, name, value }: { end: 'low' | 'high'; name: string; value: number }) {
  const [typed, setTyped] = useState<string | number>()
  const take = () => {
    if (typeof typed === 'number' && typed !== value) setWindowEnd(end, typed)
    setTyped(undefined)
  }
  return (
    <NumberInput
      size="xs"
      className={classes.end}
      aria-label={`${name}, value of the picture`}
      leftSection={<span className={classes.unit}>{name}</span>}
      leftSectionWidth={68}
      leftSectionPointerEvents="none"
      hideControls
      allowDecimal={false}
      allowNegative={false}
      value={typed ?? value}
      onChange={setTyped}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take()
        if (event.key !== 'Escape' || typed === undefined) return
        // of the number only: the panel stays
        event.stopPropagation()
        setTyped(undefined)
      }}
    />
  )
}

interface AmountProps {
  settings: DisplaySettings
  name: keyof typeof displayLimits
  step: number
  text: (value: number) => string
}

function Amount({ settings, name, step, text }: AmountProps) {
  const label = displayAmounts[name]
  const value = settings[name]
  const [min, max] = displayLimits[name]
  return (
    <>
      <span>{label}</span>
      <Slider
        size="sm"
        min={min}
        max={max}
        step={step}
        value={value}
        label={null}
        onChange={(next) => setDisplay({ [name]: next })}
        onDoubleClick={() => setDisplay({ [name]: usualDisplay[name] })}
        thumbLabel={label}
        thumbValueText={text(value)}
      />
      <span className={classes.value}>{text(value)}</span>
    </>
  )
}

function Choice({ settings, name }: { settings: DisplaySettings; name: keyof typeof displayChoices }) {
  const { name: label, options } = displayChoices[name]
  return (
    <>
      <span>{label}</span>
      <SegmentedControl
        className={classes.wide}
        size="xs"
        fullWidth
        aria-label={label}
        data={options.map(([value, said]) => ({ value, label: said }))}
        value={settings[name]}
        onChange={(value) => setDisplay({ [name]: value } as Partial<DisplaySettings>)}
      />
    </>
  )
}

type SwitchName = keyof typeof displaySwitches

function Switches({ settings, names }: { settings: DisplaySettings; names: readonly SwitchName[] }) {
  return (
    <div className={classes.switches}>
      {names.map((name) => (
        <Switch key={name} settings={settings} name={name} />
      ))}
    </div>
  )
}

function Switch({ settings, name }: { settings: DisplaySettings; name: SwitchName }) {
  return (
    <Checkbox
      size="xs"
      label={displaySwitches[name]}
      checked={settings[name]}
      onChange={(event) => setDisplay({ [name]: event.currentTarget.checked })}
    />
  )
}
