/** How the image lies on the screen: screen px from the drawing surface's top left = image px × scale + (x, y). */
export interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}
