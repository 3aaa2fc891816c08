import sharp from 'sharp'
import type { Tile } from './tiles.ts'

/** Values of a 16-bit channel, 0 … 65535: what is shown black, and what white. */
export interface ValueWindow {
  readonly low: number
  readonly high: number
}

/** A tile of a deep picture in the 8 bits a screen has: what lies in the window, from black to white. */
export async function windowed(tile: Tile, { low, high }: ValueWindow): Promise<Tile> {
  const { values, width, height, channels } = await valuesOf(tile)
  const table = new Uint8Array(65_536)
  const span = Math.max(1, high - low)
  for (let value = 0; value < table.length; value++)
    table[value] = Math.min(255, Math.max(0, Math.round(((value - low) * 255) / span)))
  const shown = Uint8Array.from(values, (value) => table[value]!)
  const bytes = await sharp(shown, { raw: { width, height, channels } }).png({ compressionLevel: 1 }).toBuffer()
  return { bytes, type: 'image/png' }
}

/** The least and the greatest value in a tile; of the smallest level, nearly those of the picture. */
export async function rangeOf(tile: Tile): Promise<ValueWindow> {
  let [low, high] = [65_535, 0]
  for (const value of (await valuesOf(tile)).values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low: Math.min(low, high), high }
}

async function valuesOf(tile: Tile) {
  const grey = (await sharp(tile.bytes).metadata()).space === 'grey16'
  const { data, info } = await sharp(tile.bytes)
    .removeAlpha()
    .toColourspace(grey ? 'grey16' : 'rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  // libvips gives a copy that need not begin on an even byte
  const values = new Uint16Array(Uint8Array.from(data).buffer)
  return { values, width, height, channels: info.channels as 1 | 3 }
}
