import { create } from '@bufbuild/protobuf'
import { type Timestamp, TimestampSchema } from '@bufbuild/protobuf/wkt'

const microsPerSecond = 1_000_000

/** Microseconds since 1970 as the wire has them. */
export const timestampOf = (micros: number): Timestamp => {
  const seconds = Math.floor(micros / microsPerSecond)
  return create(TimestampSchema, { seconds: BigInt(seconds), nanos: (micros - seconds * microsPerSecond) * 1000 })
}

/** Whole microseconds since 1970. */
export const microsOf = (timestamp: Timestamp): number =>
  Number(timestamp.seconds) * microsPerSecond + Math.floor(timestamp.nanos / 1000)

/** RFC 3339 with six digits, as the API prints times: `2017-04-11T21:50:50.223962Z`. */
export const rfc3339 = (micros: number): string => {
  const wholeSeconds = new Date(Math.floor(micros / microsPerSecond) * 1000).toISOString().slice(0, 19)
  const fraction = micros - Math.floor(micros / microsPerSecond) * microsPerSecond
  return `${wholeSeconds}.${String(fraction).padStart(6, '0')}Z`
}
