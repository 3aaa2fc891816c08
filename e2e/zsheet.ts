import sharp from 'sharp'
const [out, cols, w, ...names] = process.argv.slice(2)
const W = Number(w), C = Number(cols)
const tiles = await Promise.all(names.map(async (n) => ({ buf: await sharp(n).resize({ width: W }).png().toBuffer({ resolveWithObject: true }) })))
const h = Math.max(...tiles.map((t) => t.buf.info.height)); const rows = Math.ceil(tiles.length / C)
await sharp({ create: { width: W * C + 6 * (C - 1), height: h * rows + 6 * (rows - 1), channels: 3, background: 'red' } }).composite(tiles.map((t, i) => ({ input: t.buf.data, left: (i % C) * (W + 6), top: Math.floor(i / C) * (h + 6) }))).png().toFile(out!)
