import { StatusCode } from '#gen/proto/clarifai/api/status/status_code_pb.ts'
import { ApiError } from '#proxy/service/apiError.ts'

/**
 * A token bucket a subject: `perSecond` calls a second, and as many at once after a pause.
 * Full buckets are forgotten, so that memory follows the callers of the last second.
 */
export class RateLimit {
  readonly #perSecond: number
  readonly #nowMs: () => number
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>()
  #sweptMs = 0

  /** @param perSecond 0 = no limit */
  constructor(perSecond: number, nowMs: () => number = () => performance.now()) {
    this.#perSecond = perSecond
    this.#nowMs = nowMs
  }

  /** @throws ApiError CONN_THROTTLED when the subject has used up its calls */
  take(subject: string): void {
    if (this.#perSecond === 0) return
    const atMs = this.#nowMs()
    this.#sweep(atMs)
    const bucket = this.#buckets.get(subject) ?? { tokens: this.#perSecond, atMs }
    bucket.tokens = Math.min(this.#perSecond, bucket.tokens + ((atMs - bucket.atMs) / 1000) * this.#perSecond)
    bucket.atMs = atMs
    this.#buckets.set(subject, bucket)
    if (bucket.tokens < 1)
      throw new ApiError(StatusCode.CONN_THROTTLED, `exceeded limit of ${this.#perSecond} requests per second`)
    bucket.tokens -= 1
  }

  /** Subjects remembered now. */
  get size(): number {
    return this.#buckets.size
  }

  #sweep(atMs: number) {
    if (atMs - this.#sweptMs < 1000) return
    this.#sweptMs = atMs
    for (const [subject, bucket] of this.#buckets) if (atMs - bucket.atMs >= 1000) this.#buckets.delete(subject)
  }
}

/** Counts the bytes of request bodies that are in memory. */
export class BodyBudget {
  readonly #eachBytes: number
  readonly #allBytes: number
  #used = 0

  constructor(limits: { readonly bodyBytes: number; readonly bodiesInFlightBytes: number }) {
    this.#eachBytes = limits.bodyBytes
    this.#allBytes = limits.bodiesInFlightBytes
  }

  get used(): number {
    return this.#used
  }

  /** One body: `meter` counts what is read of it, `release` gives it all back (once the call has ended). */
  open(): { meter(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>; release(): void } {
    let mine = 0
    const take = (bytes: number) => {
      mine += bytes
      this.#used += bytes
      if (mine > this.#eachBytes)
        throw new ApiError(StatusCode.CONN_EXCEEDS_LIMITS, `the body exceeds the limit of ${this.#eachBytes} bytes`)
      if (this.#used > this.#allBytes)
        throw new ApiError(StatusCode.CONN_THROTTLED, 'the server is busy reading other bodies; try again in a moment')
    }
    return {
      async *meter(body) {
        for await (const chunk of body) {
          take(chunk.byteLength)
          yield chunk
        }
      },
      release: () => {
        this.#used -= mine
        mine = 0
      },
    }
  }
}
