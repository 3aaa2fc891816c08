import type { PersonProgress } from '#gen/marquee/v1/team_pb.ts'

/** A share 0 … 1 as "83%"; a dash where it is not known. */
export const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${Math.round(share * 100)}%`

/** "40 s", "2 min 5 s"; a dash where it is not known. */
export function spent(seconds: number): string {
  if (seconds <= 0) return '–'
  if (seconds < 60) return `${seconds} s`
  const rest = seconds % 60
  return `${Math.floor(seconds / 60)} min${rest > 0 ? ` ${rest} s` : ''}`
}

/** Of the verdicts on somebody's work, how many sent it back. */
export const denialRate = ({ verdicts, sentBack }: Pick<PersonProgress, 'verdicts' | 'sentBack'>): string =>
  verdicts === 0 ? '–' : percent(sentBack / verdicts)
