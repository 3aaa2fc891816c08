import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2)

// OWASP's second choice (19 MiB, 2 passes, 1 lane): 25–40 ms here, off the main thread
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const tagLength = 32

export const leastPasswordLength = 8
/** Longer ones only cost time. */
export const mostPasswordLength = 1024

/** Argon2id as a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, so that its costs may change later. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16)
  const hash = await derive('argon2id', { ...cost, message: normalized(password), nonce: salt, tagLength })
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${phc(salt)}$${phc(hash)}`
}

/**
 * Whether a password is the one of a stored hash. Without a hash (no such user, no password set) it does the same work
 * and answers false, so that time tells nobody who exists.
 */
export const verifyPassword = async (password: string, stored: string | null | undefined): Promise<boolean> => {
  const known = stored ? parsePhc(stored) : undefined
  const { memory, passes, parallelism, salt, hash } = known ?? { ...cost, salt: noSalt, hash: noHash }
  const nonce = salt
  const message = normalized(password)
  const derived = await derive('argon2id', { memory, passes, parallelism, message, nonce, tagLength: hash.length })
  return timingSafeEqual(derived, hash) && known !== undefined
}

const noSalt = randomBytes(16)
const noHash = randomBytes(tagLength)

const phcForm = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

const parsePhc = (text: string) => {
  const [, memory, passes, parallelism, salt, hash] = phcForm.exec(text) ?? []
  if (!salt || !hash) throw new Error('a stored password hash is not of the form $argon2id$v=19$…')
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

/** PHC writes base64 without padding. */
const phc = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** One password, whichever way a keyboard composes its accents. */
const normalized = (password: string): Buffer => Buffer.from(password.normalize('NFKC'))
