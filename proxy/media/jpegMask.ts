import sharp from 'sharp'

/** A mask that came as a JPEG, as a PNG of 0 and 255: from 128 on it is inside (docs/decisions.md, 21). */
export const pngOfJpegMask = async (jpeg: Uint8Array): Promise<Uint8Array> =>
  sharp(jpeg, { limitInputPixels: false }).greyscale().threshold(128).toColourspace('b-w').png().toBuffer()
