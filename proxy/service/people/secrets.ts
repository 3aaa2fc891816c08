import { createHash, randomBytes, randomFillSync } from 'node:crypto'

/** 256 random bits in 43 characters of base64url: for keys and session tokens. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is stored of a secret. Plain sha-256 suffices, since secrets are random and too long to be guessed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

const randomOfId = 10
const pool = Buffer.alloc(400 * randomOfId)
let poolAt = pool.length

/**
 * 32 hex characters: the time in milliseconds (12 of them, as in RFC 9562's version 7), the rest at random, so that what
 * is made together stands together in an index: 128 boxes touched a page each. The random part is drawn from the system
 * 400 ids at a time: asking for each took 8 µs (bench/api).
 */
export const newId = (): string => {
  if (poolAt === pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  poolAt += randomOfId
  return Date.now().toString(16).padStart(12, '0') + pool.toString('hex', poolAt - randomOfId, poolAt)
}
