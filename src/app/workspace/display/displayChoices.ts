/** What is chosen among a few, in the Display panel and in the palette. The first word of each is what is kept. */
export const displayChoices = {
  labels: {
    name: 'Names',
    options: [
      ['none', 'None'],
      ['hover', 'Hover'],
      ['selected', 'Selected'],
      ['always', 'All'],
    ],
  },
  colorBy: {
    name: 'Colour by',
    options: [
      ['concept', 'Concept'],
      ['region', 'Region'],
      ['author', 'Author'],
    ],
  },
  crosshair: {
    name: 'Crosshair',
    options: [
      ['off', 'Off'],
      ['cross', 'Short'],
      ['full', 'Full'],
    ],
  },
  wheel: {
    name: 'Wheel',
    options: [
      ['auto', 'Auto'],
      ['zoom', 'Zooms'],
      ['pan', 'Pans'],
    ],
  },
} as const

/** What is on or off. */
export const displaySwitches = {
  invert: 'Invert the picture',
  equalise: 'Equalise the picture',
  halo: 'Halo around outlines',
  pixelGrid: 'Pixel grid from 800 %',
  minimap: 'Minimap when zoomed in',
} as const

/** What a slider sets. */
export const displayAmounts = {
  brightness: 'Brightness',
  contrast: 'Contrast',
  saturation: 'Saturation',
  fillOpacity: 'Fill',
  outlineWidth: 'Outline',
} as const
