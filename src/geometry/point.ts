/** Image pixels unless a name says otherwise: origin top left of the image as displayed, x right, y down, float64. */
export type Point = readonly [x: number, y: number]

/** Width and height, in image pixels (or in screen pixels where a name says so). */
export interface Size {
  readonly width: number
  readonly height: number
}
