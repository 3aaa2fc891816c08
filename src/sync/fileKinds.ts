/** Why a file cannot be an input, in a person's words; undefined = send it. */
export async function whyNot(file: File, maxBytes: number): Promise<string | undefined> {
  if (file.size === 0) return 'The file is empty.'
  if (file.size > maxBytes) return `Too large: ${megabytes(file.size)}. At most ${megabytes(maxBytes)} can be sent.`
  const head = await firstBytes(file).catch(() => undefined)
  if (!head) return 'The file could not be read. It may have been moved or changed; choose it again.'
  if (isImage(head)) return undefined
  return 'Not an image this app can read, whatever the name says. JPEG, PNG, WebP, GIF, TIFF and BMP can be added.'
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`

const firstBytes = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.slice(0, 12).arrayBuffer())

/** What a file starts with says more than its name or type, which may be empty or wrong. `.` is any byte. */
const SIGNATURES: readonly string[] = [
  'ff d8 ff', // JPEG
  '89 50 4e 47 0d 0a 1a 0a', // PNG
  '47 49 46 38', // GIF
  '52 49 46 46 . . . . 57 45 42 50', // RIFF….WEBP
  '42 4d', // BMP
  '49 49 2a 00', // TIFF, little-endian
  '4d 4d 00 2a', // TIFF, big-endian
  '49 49 2b 00', // BigTIFF
  '4d 4d 00 2b',
]

const isImage = (head: Uint8Array): boolean =>
  SIGNATURES.some((signature) =>
    signature.split(' ').every((byte, i) => byte === '.' || head[i] === Number.parseInt(byte, 16)),
  )
