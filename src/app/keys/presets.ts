export type PresetId = 'marquee' | 'cvat' | 'labelStudio' | 'labelme' | 'clarifai'

export interface Preset {
  readonly name: string
  /** where its keys are from, and what has no counterpart here */
  readonly about: string
  /** keys by command id, instead of ours; commands that are not named keep ours where they are free */
  readonly keys: Readonly<Record<string, readonly string[]>>
}

const slots = (key: (digit: number) => readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => i + 1).map((slot) => [`concept.slot.${slot}`, key(slot % 10)]),
  )

/** The keys of other tools, for hands that know them. */
export const presets: Readonly<Record<PresetId, Preset>> = {
  marquee: { name: 'Marquee', about: 'The keys that are printed on tooltips and menus.', keys: {} },
  // cvat-ai/cvat: componentShortcuts of controls-side-bar, objects-side-bar and annotation-top-bar;
  // site/content/en/docs/getting_started/shortcuts.md
  cvat: {
    name: 'CVAT',
    about:
      'D and F turn the images, N draws again and finishes, Ctrl+digit sets the label, T H and T L hide and lock all, + and - are the layers. The box and polygon tools, which CVAT gives no key, keep ours.',
    keys: {
      'tool.select': ['Shift+V'],
      'image.previous': ['D'],
      'image.next': ['F'],
      'image.back10': ['C'],
      'image.forward10': ['V'],
      'image.goTo': ['`', '~', 'Ctrl+G'],
      'hold.bare': [],
      'tool.again': ['N'],
      'shape.cut': ['Alt+J'],
      'shape.union': ['J'],
      'edit.propagate': ['Ctrl+B'],
      'edit.delete': ['Delete'],
      'edit.deleteLocked': ['Shift+Delete'],
      'select.lock': ['L'],
      'select.hide': ['H'],
      'select.allHidden': ['T H'],
      'select.allLocked': ['T L'],
      // T alone would begin both
      'tool.classify': ['Shift+T'],
      'select.forward': [],
      'select.backward': [],
      'select.front': ['+', '='],
      'select.back': ['-', '_'],
      'view.zoomIn': ['Ctrl+=', 'Ctrl++'],
      'view.zoomOut': ['Ctrl+-'],
      'view.fit': ['Shift+F'],
      'view.actualSize': [],
      help: ['F1'],
      ...slots((digit) => [`Ctrl+${digit}`, String(digit)]),
    },
  },
  // HumanSignal/label-studio: web/libs/editor/src/core/settings/keymap.json and docs/source/guide/hotkeys.md
  labelStudio: {
    name: 'Label Studio',
    about:
      'Ctrl+arrows turn the images, Alt+H and Alt+L hide and lock, Ctrl+H hides all, Ctrl+Backspace deletes all, Alt+. goes from region to region, U deselects. Resizing by Ctrl+arrows has no key then.',
    keys: {
      'image.previous': ['Ctrl+ArrowLeft'],
      'image.next': ['Ctrl+ArrowRight'],
      'edit.growLeft': [],
      'edit.growRight': [],
      'edit.growUp': [],
      'edit.growDown': [],
      'work.skip': ['Ctrl+Space', 'Ctrl+Shift+Enter'],
      'tool.box': ['R'],
      'tool.rotated': ['Shift+R'],
      'tool.polygon': ['P'],
      'tool.point': ['K'],
      'tool.brush': ['B'],
      'tool.eraser': ['E'],
      'tool.select': ['V'],
      'select.hide': ['Alt+H'],
      'select.allHidden': ['Ctrl+H'],
      'edit.deleteAll': ['Ctrl+Backspace'],
      'select.lock': ['Alt+L'],
      'select.next': ['Alt+.', 'Tab'],
      'select.none': ['U'],
      'shape.union': [],
      'edit.redo': ['Ctrl+Shift+Z'],
      'edit.delete': ['Backspace', 'Delete'],
      'edit.duplicate': ['Ctrl+D'],
      'attributes.focus': ['Alt+M'],
      'hold.names': ['.'],
    },
  },
  // wkentaro/labelme: labelme/config/default_config.yaml
  labelme: {
    name: 'labelme',
    about:
      'A and D turn the images, Ctrl+J edits, Ctrl+E changes the label, T shows or hides all. Ctrl+N for a polygon belongs to the browser: it is P.',
    keys: {
      'image.previous': ['A', 'Ctrl+Shift+A'],
      'image.next': ['D', 'Ctrl+Shift+D'],
      'tool.box': ['Ctrl+R', 'R'],
      'tool.polygon': ['P'],
      'tool.select': ['Ctrl+J', 'V'],
      'edit.relabel': ['Ctrl+E', 'Enter'],
      'edit.duplicate': ['Ctrl+D'],
      'edit.delete': ['Delete', 'Backspace'],
      'edit.redo': ['Ctrl+Shift+Z'],
      'edit.copyPrevious': ['Ctrl+P'],
      'view.zoomIn': ['Ctrl++', 'Ctrl+='],
      'view.zoomOut': ['Ctrl+-'],
      'view.actualSize': ['Ctrl+0'],
      'view.fit': ['Ctrl+F'],
      'select.allHidden': ['T'],
      'tool.classify': [],
    },
  },
  // Clarifai/docs: docs/portal-guide/annotate/labeling-tools.md; decisions §25 for the tools
  clarifai: {
    name: 'Clarifai',
    about: 'V, B and P are Select, Box and Polygon, / searches concepts, digits set them.',
    keys: {
      'tool.select': ['V'],
      'tool.box': ['B'],
      'tool.polygon': ['P'],
      'tool.brush': ['Shift+B'],
      'concept.search': ['/'],
      'view.invertColors': ['I'],
      'attributes.focus': ['Shift+I'],
      ...slots((digit) => [String(digit)]),
    },
  },
}
