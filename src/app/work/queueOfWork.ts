import type { ImageQueue } from '#app/workspace/filmstrip/imageQueue.ts'
import type { WorkMode } from './useWork.ts'
import { badgeOf } from './workBadges.ts'
import { workSearch } from './workLink.ts'

/** A person's queue in a task, as filmstrip and keys walk it. */
export function queueOfWork(work: WorkMode): ImageQueue {
  const { next, task } = work
  const itemAt = (place: number) => {
    const summary = work.strip?.at(place)
    return summary && work.itemOf(summary.inputId)
  }
  return {
    searchAt: (place) => (itemAt(place) ? workSearch(task) : {}),
    badgeAt: (place) => {
      const item = itemAt(place)
      return item && badgeOf(item, work.pendingOf(item))
    },
    next: next?.input && { input: next.input, search: workSearch(task) },
    atEnd: 'Nothing else is open in your queue.',
  }
}
