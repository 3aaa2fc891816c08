import { randomBytes } from 'node:crypto'
import type { Call, Caller } from './call.ts'

/** A call from inside this process: the demo, the admin command, media. Nobody reads its headers. */
export const innerCall = (caller: Caller | undefined): Call => ({
  caller,
  requestId: randomBytes(16).toString('hex'),
  signal: new AbortController().signal,
  header: () => undefined,
  setHeader: () => {},
  remoteAddress: '',
})

/** A person with all their rights. */
export const innerCaller = (userId: string): Caller => ({
  userId,
  via: 'session',
  scopes: 'all',
  credentialId: `inner:${userId}`,
})
