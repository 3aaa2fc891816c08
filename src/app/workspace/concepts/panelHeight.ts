/** Heights of a row of the concepts, px: for a mouse and for fingers. */
export const ROW = 30
export const TOUCH_ROW = 44

/** Title, search, what is active, and the space around, px. */
const REST = 118

/** What the panel of the concepts needs to show all of them, px. */
export const heightFor = (concepts: number, coarse: boolean): number => REST + concepts * (coarse ? TOUCH_ROW : ROW)
