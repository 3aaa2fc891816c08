import { sha256Hex } from './sha256.ts'

/** A new random id, 32 hex digits (128 bits), as annotations, regions and inputs made here carry. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * The id, 32 hex digits, that everybody finds for the same parts, so that doing a thing twice stores it once.
 * Parts keep their borders: ('a', 'bc') and ('ab', 'c') differ.
 */
export const deterministicId = (...parts: readonly string[]): string => sha256Hex(JSON.stringify(parts)).slice(0, 32)
