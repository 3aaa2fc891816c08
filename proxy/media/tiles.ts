import { promises } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import type { BlobStore } from './blobs.ts'
import { levelSize, type PictureFacts, tileSide } from './pictureFacts.ts'
import { createTurnstile } from './turnstile.ts'

const { mkdtemp, readFile, rm } = promises

/** A tile's place: `level` 0 is the full size, `x` and `y` count tiles. */
export interface TilePlace {
  readonly level: number
  readonly x: number
  readonly y: number
}

export interface Tile {
  readonly bytes: Uint8Array
  readonly type: 'image/jpeg' | 'image/webp' | 'image/png'
}

/**
 * Tiles are stored 4 × 4 together, as blobs derived from the picture: a large photograph has thousands, and each blob
 * costs two syncs. A pack is 17 little-endian 32-bit offsets, then the tiles row by row.
 */
const packSide = 4
const offsets = packSide * packSide + 1
/** Written last: with it, all packs are there. */
const marker = 'tiles'
const packName = ({ level, x, y }: TilePlace) =>
  `tiles-${level}-${Math.floor(x / packSide)}-${Math.floor(y / packSide)}`

// one at a time: each takes a core for seconds, and some 250 MB for a photograph of 20,000 × 20,000
const building = createTurnstile(1)
const underWay = new WeakMap<BlobStore, Map<string, Promise<void>>>()

/**
 * Makes the tiles of a picture unless they are there. Asked twice at a time, it is done once.
 * @param hash under which they are kept: of the original
 * @param source the bytes to cut, of the displayed size or with an orientation
 * @throws whatever the decoder does: the bytes were read before, so a failure is no everyday one
 */
export function ensureTiles(
  blobs: BlobStore,
  hash: string,
  facts: PictureFacts,
  source: () => Promise<Uint8Array>,
): Promise<void> {
  const mine = underWay.get(blobs) ?? new Map<string, Promise<void>>()
  underWay.set(blobs, mine)
  const running = mine.get(hash)
  if (running) return running
  const made = make(blobs, hash, facts, source).finally(() => mine.delete(hash))
  mine.set(hash, made)
  return made
}

async function make(
  blobs: BlobStore,
  hash: string,
  facts: PictureFacts,
  source: () => Promise<Uint8Array>,
): Promise<void> {
  if (await blobs.getDerived(hash, marker)) return
  await building.run(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'marquee-tiles-'))
    try {
      await cut(await source(), facts, join(folder, 'p.dz'))
      await pack(blobs, hash, facts, join(folder, 'p_files'))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    await blobs.putDerived(hash, marker, new TextEncoder().encode(JSON.stringify({ version: 1, ...facts })))
  })
}

const typeOf = ({ depth, alpha }: PictureFacts): Tile['type'] =>
  depth === 16 ? 'image/png' : alpha ? 'image/webp' : 'image/jpeg'
const extensions = { 'image/png': 'png', 'image/webp': 'webp', 'image/jpeg': 'jpeg' } as const

async function cut(bytes: Uint8Array, facts: PictureFacts, path: string): Promise<void> {
  const { orientation = 1, space } = await sharp(bytes, { limitInputPixels: false }).metadata()
  // rows as they come need little memory; a turned picture needs all of them
  const sequentialRead = orientation === 1
  const upright = sharp(bytes, { limitInputPixels: false, failOn: 'error', sequentialRead }).autoOrient()
  await encoded(upright, facts, space).tile({ size: tileSide, overlap: 0, layout: 'dz', depth: 'onetile' }).toFile(path)
}

function encoded(picture: Sharp, facts: PictureFacts, space: string | undefined): Sharp {
  switch (typeOf(facts)) {
    case 'image/png':
      return picture
        .removeAlpha()
        .toColourspace(space === 'grey16' ? 'grey16' : 'rgb16')
        .png({ compressionLevel: 3 })
    case 'image/webp':
      return picture.toColourspace('srgb').webp({ quality: 92, alphaQuality: 100 })
    case 'image/jpeg':
      return picture.toColourspace('srgb').jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
  }
}

async function pack(blobs: BlobStore, hash: string, facts: PictureFacts, folder: string): Promise<void> {
  const extension = extensions[typeOf(facts)]
  const { levels } = facts.tiles!
  for (let level = 0; level < levels; level++) {
    const { width, height } = levelSize(facts, level)
    const [columns, rows] = [Math.ceil(width / tileSide), Math.ceil(height / tileSide)]
    // Deep Zoom counts its levels from the smallest
    const from = join(folder, String(levels - 1 - level))
    for (let y = 0; y < rows; y += packSide)
      for (let x = 0; x < columns; x += packSide) {
        const places = Array.from({ length: packSide * packSide }, (_, i) => ({
          x: x + (i % packSide),
          y: y + Math.floor(i / packSide),
        }))
        const tiles = await Promise.all(
          places.map((at) =>
            at.x < columns && at.y < rows ? readFile(join(from, `${at.x}_${at.y}.${extension}`)) : new Uint8Array(),
          ),
        )
        await blobs.putDerived(hash, packName({ level, x, y }), packed(tiles))
      }
  }
}

const packed = (tiles: readonly Uint8Array[]): Uint8Array => {
  const head = new DataView(new ArrayBuffer(4 * offsets))
  let at = head.byteLength
  tiles.forEach((tile, i) => {
    head.setUint32(4 * i, at, true)
    at += tile.byteLength
  })
  head.setUint32(4 * tiles.length, at, true)
  return Buffer.concat([new Uint8Array(head.buffer), ...tiles])
}

/** Undefined where there is none: outside the picture, or the tiles have not been made. */
export async function readTile(
  blobs: BlobStore,
  hash: string,
  facts: PictureFacts,
  place: TilePlace,
): Promise<Tile | undefined> {
  const found = await blobs.getDerived(hash, packName(place))
  if (!found || found.byteLength < 4 * offsets) return undefined
  const head = new DataView(found.buffer, found.byteOffset, found.byteLength)
  const i = (place.y % packSide) * packSide + (place.x % packSide)
  const bytes = found.subarray(head.getUint32(4 * i, true), head.getUint32(4 * i + 4, true))
  return bytes.byteLength > 0 ? { bytes, type: typeOf(facts) } : undefined
}
