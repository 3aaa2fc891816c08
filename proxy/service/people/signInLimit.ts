import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'
import type { Store } from '#proxy/store/open.ts'
import {
  countFailure,
  type Failures,
  failuresOf,
  forgetFailures,
  forgetOldFailures,
  takeBackFailure,
} from '#proxy/store/sessions.ts'

const second = 1_000_000
const day = 24 * 3600 * second

interface Allowance {
  readonly freeTries: number
  readonly mostSeconds: number
}

// An account's wait stays short: else anybody could lock its owner out. An address's may grow.
const allowances = {
  user: { freeTries: 5, mostSeconds: 60 },
  address: { freeTries: 20, mostSeconds: 900 },
} as const satisfies Record<string, Allowance>

/** The limit on failed sign-ins, kept in the database so that a restart does not lift it. */
export interface SignInTry {
  /** The password was right: the account's failures are forgotten; the address's stay, but for this try. */
  succeeded(): Promise<void>
}

/**
 * Begins a try to sign in. It counts as failed until it has succeeded, so that tries sent at once are all counted.
 * After a few failures each further one doubles the wait; a day without any forgets them.
 * @throws ApiError CONN_THROTTLED saying how many seconds to wait; such a try is not counted
 */
export const beginSignIn = async (
  store: Store,
  userId: string,
  remoteAddress: string,
  now: number,
): Promise<SignInTry> => {
  const subjects = [subject('user', userId.slice(0, 128)), subject('address', network(remoteAddress))]
  await store.write.transaction().execute(async (tx) => {
    const waitSeconds = Math.max(0, ...(await failuresOf(tx, subjects)).map((failures) => secondsLeft(failures, now)))
    if (waitSeconds > 0)
      throw new ApiError(
        StatusCode.CONN_THROTTLED,
        `too many failed tries: wait ${waitSeconds} ${waitSeconds === 1 ? 'second' : 'seconds'}, then try again`,
      )
    await countFailure(tx, subjects, now, now - day)
  })
  return {
    async succeeded() {
      await forgetFailures(store.write, subjects[0]!)
      // an office signs in from one address: only its failures count
      await takeBackFailure(store.write, subjects[1]!)
      await forgetOldFailures(store.write, now - day)
    },
  }
}

const subject = (kind: keyof typeof allowances, name: string): string => `${kind}:${name}`

/** Seconds (whole, rounded up) until the next try is allowed. */
const secondsLeft = ({ subject, count, last_at }: Failures, now: number): number => {
  const { freeTries, mostSeconds } = subject.startsWith('user:') ? allowances.user : allowances.address
  const lastAt = Number(last_at)
  if (count < freeTries || now - lastAt >= day) return 0
  const wait = Math.min(2 ** Math.min(count - freeTries, 20), mostSeconds)
  return Math.max(0, Math.ceil((lastAt + wait * second - now) / second))
}

/** One household or machine: an IPv4 address, or the first 64 bits of an IPv6 one. */
export const network = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (!address.includes(':')) return address
  const [head = '', tail] = address.replace(/%.*$/, '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const behind = tail ? tail.split(':').length : 0
  const zeros = tail === undefined ? 0 : 8 - groups.length - behind
  const first = [...groups, ...Array.from({ length: Math.max(zeros, 0) }, () => '0')].slice(0, 4)
  return `${first.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
