import type { Timestamp } from '@bufbuild/protobuf/wkt'

const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })

/** "5 min. ago", "yesterday", "just now". @param now ms since the epoch */
export function inWords({ seconds }: Pick<Timestamp, 'seconds'>, now: number): string {
  const ago = Math.max(0, now / 1000 - Number(seconds))
  const [unit, size] = units.find(([, size]) => ago >= size) ?? []
  return unit && size ? words.format(-Math.floor(ago / size), unit) : 'just now'
}
