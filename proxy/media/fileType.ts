import { fileTypeFromBuffer } from 'file-type'

/** A media type by content; `text/plain` for UTF-8 text without NUL; undefined for everything unknown. */
export const sniffType = async (bytes: Uint8Array): Promise<string | undefined> => {
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  if (found) return found.mime
  return isText(bytes) ? 'text/plain' : undefined
}

const isText = (bytes: Uint8Array): boolean => {
  if (bytes.includes(0)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
