import { createHash, randomBytes, randomFillSync } from 'node:crypto'

/** 256 random bits in 43 characters of base64url: for keys and session tokens. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is stored of a secret. Plain sha-256 suffices, since secrets are random and too long to be guessed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

const pool = Buffer.alloc(4096)
let poolAt = pool.length

/** 32 hex characters at random. Drawn from the system 256 ids at a time: asking for each took 8 µs (bench/api). */
export const newId = (): string => {
  if (poolAt === pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  poolAt += 16
  return pool.toString('hex', poolAt - 16, poolAt)
}
