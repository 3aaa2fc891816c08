/**
 * Raw pixels take no transform: in a turned view they go by way of a canvas of their own, `flat` where the caller keeps
 * one of their size.
 */
export const putTurnedPixels = (
  context: CanvasRenderingContext2D,
  image: ImageData,
  left: number,
  top: number,
  flat = new OffscreenCanvas(image.width, image.height),
): void => {
  flat.getContext('2d')!.putImageData(image, 0, 0)
  context.clearRect(left, top, image.width, image.height)
  context.drawImage(flat, left, top)
}
