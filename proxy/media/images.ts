import { fileTypeFromBuffer } from 'file-type'
import sharp, { type Metadata, type Sharp } from 'sharp'
import { bmpSize, decodeBmp } from './bmp.ts'
import { ImageRefused } from './imageRefused.ts'
import { factsOf, isDeep, type PictureFacts } from './pictureFacts.ts'
import type { Tile } from './tiles.ts'
import { createTurnstile } from './turnstile.ts'
import { rangeOf, windowed } from './windowed.ts'

export interface ImageLimits {
  /** Width × height. */
  readonly imagePixels: number
  readonly imageBytes: number
}

export type ImageFormat = 'JPEG' | 'PNG' | 'TIFF' | 'BMP' | 'WEBP' | 'GIF' | 'AVIF'

/** What an image input needs to know about its bytes. */
export interface ReadImage {
  readonly format: ImageFormat
  /** As displayed, oriented. */
  readonly width: number
  readonly height: number
  /** Of the file: `YUV`, `RGB`, `GRAY`, `CMYK` … as image_info.color_mode says it. */
  readonly colorMode: string
  /** Oriented, without metadata, of the same size; undefined when a browser shows the original just so. */
  readonly display: Uint8Array | undefined
  readonly thumbnail: Uint8Array
  readonly facts: PictureFacts
}

/** Longest side in px. Renditions are WebP. */
export const renditionSides = { thumbnail: 320, small: 96 } as const
export type SmallRendition = keyof typeof renditionSides
export const renditionType = 'image/webp'

// Sniffed by content, never by name. What sharp could read beyond it (SVG, PDF …) stays closed: SVG may load files.
const formats: Readonly<Record<string, ImageFormat>> = {
  jpg: 'JPEG',
  png: 'PNG',
  apng: 'PNG',
  tif: 'TIFF',
  bmp: 'BMP',
  webp: 'WEBP',
  gif: 'GIF',
  avif: 'AVIF',
}
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'].map((loader) => `VipsForeignLoad${loader}`),
})
sharp.cache(false)

const shownByBrowsers: ReadonlySet<ImageFormat> = new Set(['JPEG', 'PNG', 'WEBP', 'GIF', 'AVIF'])
const shownColorSpaces: ReadonlySet<string> = new Set(['srgb', 'b-w', 'rgb16', 'grey16', 'rgb'])
// BMP is decoded by us, in one buffer: its limit keeps that below 400 MB
const bmpPixels = 100_000_000

// Two pictures at a time: each may take several times its decoded size in memory.
const decoding = createTurnstile(2)

/**
 * Decodes a picture wholly, so that what is accepted is known to be good, and makes what display needs.
 * The displayed, oriented size is the truth (EXIF orientation by sharp's `autoOrient`, one rule for size, display and
 * thumbnails). Sizes are checked from the header, before anything is decoded.
 * @throws ImageRefused
 */
export async function readImage(bytes: Uint8Array, limits: ImageLimits): Promise<ReadImage> {
  if (bytes.byteLength > limits.imageBytes)
    throw new ImageRefused(
      'over-limit',
      `the file has ${megabytes(bytes.byteLength)}, at most ${megabytes(limits.imageBytes)} are allowed`,
    )
  const format = await sniff(bytes)
  return decoding.run(() => (format === 'BMP' ? readBmp(bytes, limits) : readWithSharp(bytes, format, limits)))
}

/** A smaller picture of one that was accepted before, as WebP, oriented, without metadata. @throws ImageRefused */
export function renderSmall(bytes: Uint8Array, rendition: SmallRendition, limits: ImageLimits): Promise<Uint8Array> {
  return decoding.run(async () => {
    const side = renditionSides[rendition]
    if ((await sniff(bytes)) === 'BMP') return refusing(() => shrink(fromBmp(bytes), side))
    return refusing(async () => {
      const metadata = await sharp(bytes, { limitInputPixels: false }).metadata()
      return shrink(open(bytes, limits), side, metadata)
    })
  })
}

/** From the header alone, of a picture that was accepted before. @throws ImageRefused */
export async function readFacts(bytes: Uint8Array): Promise<PictureFacts> {
  if ((await sniff(bytes)) === 'BMP') return factsOf({}, bmpSize(bytes))
  const metadata = await refusing(() => sharp(bytes, { limitInputPixels: false }).metadata())
  return factsOf(metadata, metadata.autoOrient)
}

async function sniff(bytes: Uint8Array): Promise<ImageFormat> {
  if (bytes.byteLength === 0) throw new ImageRefused('corrupt', 'the file is empty')
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  const format = found && formats[found.ext]
  if (format) return format
  // file-type looks for a directory that a cut-off TIFF has lost
  if (!found && isTiff(bytes)) return 'TIFF'
  const what = found ? `${found.ext.toUpperCase()} files` : 'this file, which is no picture that is known here,'
  throw new ImageRefused('unsupported', `${what} cannot be read; use JPEG, PNG, TIFF, BMP, WEBP, GIF or AVIF`)
}

const isTiff = (bytes: Uint8Array): boolean =>
  ['II*\0', 'MM\0*'].includes(Buffer.from(bytes.subarray(0, 4)).toString('latin1'))

async function readWithSharp(bytes: Uint8Array, format: ImageFormat, limits: ImageLimits): Promise<ReadImage> {
  // no limit here: the header alone is read, and our own message names the sizes
  const metadata = await refusing(() => sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata())
  const { width, height } = metadata.autoOrient
  refuseTooLarge(width, height, limits.imagePixels)
  return refusing(async () => ({
    format,
    width,
    height,
    colorMode: colorMode(metadata),
    facts: factsOf(metadata, metadata.autoOrient),
    thumbnail: await shrink(open(bytes, limits), renditionSides.thumbnail, metadata),
    display: needsRendition(metadata, format) ? await bake(open(bytes, limits), format, metadata) : undefined,
  }))
}

async function readBmp(bytes: Uint8Array, limits: ImageLimits): Promise<ReadImage> {
  const { width, height } = bmpSize(bytes)
  refuseTooLarge(width, height, Math.min(limits.imagePixels, bmpPixels))
  const source = fromBmp(bytes)
  return refusing(async () => ({
    format: 'BMP' as const,
    width,
    height,
    colorMode: 'RGB',
    facts: factsOf({}, { width, height }),
    thumbnail: await shrink(source.clone(), renditionSides.thumbnail),
    display: await source.png({ compressionLevel: 6 }).toBuffer(),
  }))
}

const open = (bytes: Uint8Array, limits: ImageLimits): Sharp =>
  sharp(bytes, { limitInputPixels: limits.imagePixels, failOn: 'error', sequentialRead: true }).autoOrient()

function fromBmp(bytes: Uint8Array): Sharp {
  const { pixels, width, height, channels } = decodeBmp(bytes)
  return sharp(pixels, { raw: { width, height, channels }, limitInputPixels: bmpPixels })
}

/** Of 16 bits a channel, what a camera of 12 fills is nearly black: its own values are shown from black to white. */
async function shrink(source: Sharp, side: number, metadata?: Metadata): Promise<Uint8Array> {
  const small = source.resize(side, side, { fit: 'inside', withoutEnlargement: true })
  const webp = { quality: 80 }
  if (!metadata || !isDeep(metadata) || metadata.hasAlpha) return small.webp(webp).toBuffer()
  const deep: Tile = { bytes: await small.toColourspace(metadata.space).png().toBuffer(), type: 'image/png' }
  return sharp((await windowed(deep, await rangeOf(deep))).bytes)
    .webp(webp)
    .toBuffer()
}

function needsRendition(metadata: Metadata, format: ImageFormat): boolean {
  const upright = (metadata.orientation ?? 1) === 1
  return !(upright && shownByBrowsers.has(format) && shownColorSpaces.has(metadata.space))
}

/** Lossless sources stay lossless; of the others, only what is turned or not in a browser's colours is encoded again. */
function bake(source: Sharp, format: ImageFormat, metadata: Metadata): Promise<Uint8Array> {
  // a browser shows the upper 8 bits, and sees by the depth that there are more
  if (isDeep(metadata)) return source.toColourspace(metadata.space).png({ compressionLevel: 6 }).toBuffer()
  const upright = source.toColourspace('srgb')
  const lossy = format === 'JPEG' || format === 'AVIF' || format === 'WEBP'
  if (!lossy) return upright.png({ compressionLevel: 6 }).toBuffer()
  return metadata.hasAlpha
    ? upright.webp({ quality: 95 }).toBuffer()
    : upright.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
}

function colorMode({ space, chromaSubsampling, hasAlpha }: Metadata): string {
  if (space === 'cmyk') return 'CMYK'
  if (space === 'b-w' || space === 'grey16') return 'GRAY'
  if (chromaSubsampling) return 'YUV'
  return hasAlpha ? 'RGBA' : 'RGB'
}

function refuseTooLarge(width: number, height: number, pixels: number): void {
  if (width * height > pixels)
    throw new ImageRefused(
      'over-limit',
      `the picture has ${width} × ${height} pixels, at most ${pixels / 1e6} megapixels are allowed`,
    )
}

/** Whatever the decoder throws means that these bytes are damaged; what it says of it is in the cause. */
async function refusing<T>(decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (error) {
    if (error instanceof ImageRefused) throw error
    throw new ImageRefused('corrupt', `the picture is damaged or cut off${whereOf(String(error))}`, { cause: error })
  }
}

/** The decoders' own words name libraries; whoever sent the picture is told what they come to. */
const whereOf = (said: string): string =>
  /premature end|unexpected end|insufficient/i.test(said) ? ': it ends too early' : ''

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
