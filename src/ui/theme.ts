import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** The one accent. White on shade 6 has a contrast of 5.3 : 1. */
const iris: MantineColorsTuple = [
  '#f0f2ff',
  '#dfe3fb',
  '#bcc4f4',
  '#a3adf0',
  '#8592ea',
  '#6674e2',
  '#4f5edb',
  '#4452c6',
  '#3946ad',
  '#2f3a92',
]

/** For what says yes. White on shade 6 has a contrast of 5.4 : 1, on 7 (under the pointer) of 6.5 : 1. */
const green: MantineColorsTuple = [
  '#ebf8ee',
  '#d3eed9',
  '#a9dcb5',
  '#7cc98d',
  '#55b56b',
  '#359b4e',
  '#217a37',
  '#1a6b2e',
  '#145a26',
  '#0e481d',
]

/** Neutral with a breath of blue, light to dark; 6 is the dimmed text of the light theme (5.6 : 1 on white). */
const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f1f2f5',
  '#e6e8ec',
  '#d9dce2',
  '#c5c9d1',
  '#9aa0ab',
  '#626976',
  '#474d58',
  '#2f343c',
  '#1b1e23',
]

/** Mantine's roles: 0 text, 2 dimmed, 4 lines, 5 hover, 6 raised, 7 page. Dimmed on page: 6.4 : 1. */
const dark: MantineColorsTuple = [
  '#dfe1e6',
  '#b9bdc6',
  '#999fab',
  '#737985',
  '#363a42',
  '#2a2d34',
  '#202329',
  '#17191d',
  '#111316',
  '#0b0c0e',
]

const dense = { defaultProps: { size: 'xs' } }

/** Dense and quiet: 13 px text, 30 px controls, one accent, the system's own typeface. */
export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: 6,
  colors: { iris, green, gray, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '13px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  fontWeights: { regular: '400', medium: '500', bold: '600' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '18px', lineHeight: '1.35' },
      h2: { fontSize: '15px', lineHeight: '1.4' },
      h3: { fontSize: '13px', lineHeight: '1.45' },
    },
  },
  // plain objects instead of Component.extend(): the theme is needed at once, the components are not
  components: {
    ActionIcon: { defaultProps: { size: 28, variant: 'subtle', color: 'gray' } },
    Anchor: { defaultProps: { underline: 'hover' } },
    Button: dense,
    Menu: {
      defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false, transitionProps: { duration: 80 } },
    },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'md',
        overlayProps: { backgroundOpacity: 0.4 },
        transitionProps: { duration: 100 },
        closeButtonProps: { 'aria-label': 'Close' },
        // Mantine's <header> would be a second banner of the page
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontSize: 15, fontWeight: 600 } },
    },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    PasswordInput: dense,
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    SegmentedControl: dense,
    Select: dense,
    Textarea: dense,
    TextInput: dense,
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 60 }, fz: 12 } },
  },
})

/** Mantine's variables whose own defaults are too pale to read, or too loud. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1b1e23',
    '--mantine-color-dimmed': '#626976',
    '--mantine-color-placeholder': '#717885',
    '--mantine-color-error': '#c3302b',
    '--mantine-color-anchor': '#4452c6',
    '--mantine-color-default-border': '#d9dce2',
  },
  dark: {
    '--mantine-color-text': '#dfe1e6',
    '--mantine-color-dimmed': '#999fab',
    '--mantine-color-placeholder': '#868c98',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-anchor': '#a3adf0',
    '--mantine-color-default-border': '#363a42',
  },
})
