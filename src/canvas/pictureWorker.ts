import type { LevelRequest } from './picture.ts'

/** Each size from the one before: every step is about a half, so bilinear scaling loses nothing. */
const scaleDown = async ({ blob, sizes }: LevelRequest): Promise<ImageBitmap[]> => {
  const levels: ImageBitmap[] = []
  const whole = await createImageBitmap(blob, { imageOrientation: 'from-image' })
  for (const { width, height } of sizes) {
    const size = { resizeWidth: width, resizeHeight: height, resizeQuality: 'medium' } as const
    levels.push(await createImageBitmap(levels.at(-1) ?? whole, size))
  }
  whole.close()
  return levels
}

addEventListener('message', ({ data }: MessageEvent<LevelRequest>) => {
  scaleDown(data).then(
    (levels) => postMessage(levels, { transfer: levels }),
    // nothing smaller, then: the page goes on with the full size
    (error: unknown) => reportError(error),
  )
})
