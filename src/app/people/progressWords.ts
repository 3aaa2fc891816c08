import { count } from '#app/messages.ts'
import type { FormerPerson, RestorePersonResponse } from '#gen/marquee/v1/office_pb.ts'
import type { PersonProgress, WorkCounts } from '#gen/marquee/v1/team_pb.ts'

/** What a person has yet to do: never submitted, begun, or sent back. */
export const openOf = (counts: WorkCounts | undefined): number =>
  counts ? counts.todo + counts.begun + counts.returned : 0

/** "45 s", "3 min 05 s", "1 h 02 min"; a dash when it is not known. */
export function duration(seconds: number): string {
  if (seconds === 0) return '–'
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** "12%" of how many verdicts sent work back; a dash when there are none. */
export const sentBackRate = ({ verdicts, sentBack }: Pick<PersonProgress, 'verdicts' | 'sentBack'>): string =>
  verdicts === 0 ? '–' : percent(sentBack / verdicts)

/** "93%"; a dash when it is not known. @param share 0 … 1 */
export const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${Math.round(share * 100)}%`

/** What removing them does, as they stand now. */
export function removalQuestion(name: string, progress: PersonProgress | undefined): string {
  const open = openOf(progress?.counts)
  const kept = (progress?.counts?.done ?? 0) + (progress?.counts?.waiting ?? 0)
  const work =
    open === 0
      ? 'They have no open work.'
      : `${count(open, 'open item')} ${open === 1 ? 'goes' : 'go'} back to the others of the task, or to the owner.`
  const stays = kept > 0 ? ` ${count(kept, 'submitted item')} and all labels stay theirs.` : ' Their labels stay.'
  return `${name} loses access at once. ${work}${stays} For 30 days they can be brought back as they were.`
}

/** "Left Nov 3", "Removed Nov 3 by owner"; "Has left" where nothing else is known. */
export function leftWords(former: FormerPerson | undefined): string {
  if (!former) return 'Has left'
  const { userId, removedBy, leftAt } = former
  const day = new Date(Number(leftAt?.seconds ?? 0n) * 1000).toLocaleDateString('en', { dateStyle: 'medium' })
  return removedBy === '' || removedBy === userId ? `Left ${day}` : `Removed ${day} by ${removedBy}`
}

/** What came back with somebody. */
export function returnedWords(name: string, { returned, elsewhere, tasks }: RestorePersonResponse): string {
  const work = tasks === 0 ? '' : `, in ${count(tasks, 'task')} with ${count(returned, 'open item')}`
  const others = elsewhere === 0 ? '' : ` ${count(elsewhere, 'item')} that others have begun meanwhile stay with them.`
  return `${name} is back as before${work}.${others}`
}
