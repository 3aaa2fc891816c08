import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits in 43 characters of base64url: for keys and session tokens. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is stored of a secret. Plain sha-256 suffices, since secrets are random and too long to be guessed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')
