import { sha256Hex } from './sha256.ts'

/**
 * A new id, as annotations, regions and inputs made here carry: 32 hex digits, of which the first 12 are the time in
 * milliseconds and the others random (80 bits). What is made together stands together in the server's indexes.
 */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10))
  const random = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return Date.now().toString(16).padStart(12, '0') + random
}

/**
 * The id, 32 hex digits, that everybody finds for the same parts, so that doing a thing twice stores it once.
 * Parts keep their borders: ('a', 'bc') and ('ab', 'c') differ.
 */
export const deterministicId = (...parts: readonly string[]): string => sha256Hex(JSON.stringify(parts)).slice(0, 32)
