import { ActionIcon, Button, Checkbox, Popover, SegmentedControl, Slider } from '@mantine/core'
import { SlidersHorizontal } from 'lucide-react'
import { useStore } from 'zustand'
import classes from './DisplayPanel.module.css'
import {
  type DisplaySettings,
  displayLimits,
  displayStore,
  pictureFilter,
  setDisplay,
  usualDisplay,
} from './displaySettings.ts'
import { Hint } from './Hint.tsx'

/** How picture and regions are shown, in a panel at its button. */
export function DisplayButton() {
  const { settings, open } = useStore(displayStore)
  const setOpen = (opened: boolean) => displayStore.setState({ open: opened })
  const adjusted = pictureFilter(settings) !== ''
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
          <Hint command="view.display" label="Display">
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
      <Popover.Dropdown role="dialog" aria-label="Display">
        <Settings settings={settings} />
      </Popover.Dropdown>
    </Popover>
  )
}

const percent = (value: number) => `${Math.round(value * 100)} %`

function Settings({ settings }: { settings: DisplaySettings }) {
  return (
    <div className={classes.rows}>
      <h3 className={classes.heading}>Picture</h3>
      <Amount settings={settings} name="brightness" label="Brightness" step={0.05} text={percent} />
      <Amount settings={settings} name="contrast" label="Contrast" step={0.05} text={percent} />
      <Amount settings={settings} name="saturation" label="Saturation" step={0.05} text={percent} />
      <h3 className={classes.heading}>Regions</h3>
      <Choice
        settings={settings}
        name="labels"
        label="Names"
        data={[
          { value: 'none', label: 'None' },
          { value: 'hover', label: 'Hover' },
          { value: 'selected', label: 'Selected' },
          { value: 'always', label: 'All' },
        ]}
      />
      <Choice
        settings={settings}
        name="colorBy"
        label="Colour by"
        data={[
          { value: 'concept', label: 'Concept' },
          { value: 'region', label: 'Region' },
          { value: 'author', label: 'Author' },
        ]}
      />
      <Amount settings={settings} name="fillOpacity" label="Fill" step={0.05} text={percent} />
      <Amount settings={settings} name="outlineWidth" label="Outline" step={0.25} text={(value) => `${value} px`} />
      <Choice
        settings={settings}
        name="crosshair"
        label="Crosshair"
        data={[
          { value: 'off', label: 'Off' },
          { value: 'cross', label: 'Short' },
          { value: 'full', label: 'Full' },
        ]}
      />
      <div className={classes.switches}>
        <Switch settings={settings} name="invert" label="Invert the picture" />
        <Switch settings={settings} name="halo" label="Halo around outlines" />
        <Switch settings={settings} name="pixelGrid" label="Pixel grid from 800 %" />
        <Switch settings={settings} name="minimap" label="Minimap when zoomed in" />
      </div>
      <div className={classes.foot}>
        <Button size="compact-xs" variant="default" onClick={() => setDisplay(usualDisplay)}>
          Reset all
        </Button>
      </div>
    </div>
  )
}

interface AmountProps {
  settings: DisplaySettings
  name: keyof typeof displayLimits
  label: string
  step: number
  text: (value: number) => string
}

function Amount({ settings, name, label, step, text }: AmountProps) {
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

interface ChoiceProps {
  settings: DisplaySettings
  name: 'labels' | 'crosshair' | 'colorBy'
  label: string
  data: { value: string; label: string }[]
}

function Choice({ settings, name, label, data }: ChoiceProps) {
  return (
    <>
      <span>{label}</span>
      <SegmentedControl
        className={classes.wide}
        size="xs"
        fullWidth
        aria-label={label}
        data={data}
        value={settings[name]}
        onChange={(value) => setDisplay({ [name]: value } as Partial<DisplaySettings>)}
      />
    </>
  )
}

function Switch({
  settings,
  name,
  label,
}: {
  settings: DisplaySettings
  name: 'invert' | 'halo' | 'pixelGrid' | 'minimap'
  label: string
}) {
  return (
    <Checkbox
      size="xs"
      label={label}
      checked={settings[name]}
      onChange={(event) => setDisplay({ [name]: event.currentTarget.checked })}
    />
  )
}
