import { useState } from 'react'
import { useApp } from '#app/appContext.tsx'
import { count, messageOf } from '#app/messages.ts'
import { addConcept, type BulkConcepts, inputsOf, removeConcept, together, undoConcepts } from '#sync/bulkConcepts.ts'
import { addToDataset, datasetInputIds, deleteDataset, makeDataset, takeFromDataset } from '#sync/datasets.ts'
import { queryKeys } from '#sync/queryKeys.ts'
import type { AppScope } from '#sync/scope.ts'
import { failureToast, plainToast, undoToast } from '#ui/toast.tsx'

export interface Bulk {
  readonly busy: boolean
  /** Says of the images that they show it, or takes that off; answers whether all of it was done. */
  concept(inputIds: readonly string[], concept: { id: string; name: string }, how: 'add' | 'remove'): Promise<boolean>
  /** Puts inputs into a dataset. `fresh`: one that is made for them. */
  dataset(inputIds: readonly string[], dataset: { id: string; fresh: boolean }): Promise<boolean>
}

/** What can be done with many inputs at once; each says what it did and can be undone for ten seconds. */
export function useBulk(scope: AppScope): Bulk {
  const { clients, queryClient, person } = useApp()
  const [busy, setBusy] = useState(false)
  const where = { clients, scope }
  const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.app(scope) })

  async function undo(title: string, act: () => Promise<void>, done: string) {
    try {
      await act()
      plainToast(done)
    } catch (error) {
      failureToast(title, messageOf(error))
    }
    await refresh()
  }

  async function concept(
    inputIds: readonly string[],
    { id, name }: { id: string; name: string },
    how: 'add' | 'remove',
  ) {
    const parts: BulkConcepts[] = []
    const onDone = (some: BulkConcepts) => void parts.push(some)
    let failed: unknown
    try {
      await (how === 'add'
        ? addConcept(where, person.id, inputIds, id, onDone)
        : removeConcept(where, inputIds, id, onDone))
    } catch (error) {
      failed = error
    }
    const did = together(id, parts)
    failed ??= did.failure
    const n = inputsOf(did)
    const words = how === 'add' ? `“${name}” set on ${count(n, 'image')}` : `“${name}” taken off ${count(n, 'image')}`
    if (n > 0) undoToast(words, () => void undo('Not taken back', () => undoConcepts(where, did), 'Taken back'))
    else if (!failed)
      plainToast(how === 'add' ? `All of them had “${name}” already` : `None of these images has “${name}” as a whole`)
    if (failed) failureToast(n > 0 ? 'Not on all of them' : 'Not changed', messageOf(failed))
    return !failed
  }

  async function dataset(inputIds: readonly string[], { id, fresh }: { id: string; fresh: boolean }) {
    try {
      if (fresh) await makeDataset(clients, scope, id, '')
      const there = new Set(fresh ? [] : await datasetInputIds(clients, scope, id))
      const added = inputIds.filter((one) => !there.has(one))
      await addToDataset(clients, scope, id, added)
      const back = () => (fresh ? deleteDataset(clients, scope, id) : takeFromDataset(clients, scope, id, added))
      const already = inputIds.length - added.length
      const rest = already > 0 ? `; ${count(already, 'input')} were in it already` : ''
      if (added.length > 0 || fresh)
        undoToast(
          `${count(added.length, 'input')} put into dataset “${id}”${rest}`,
          () => void undo('Not taken back', back, 'Taken out again'),
        )
      else plainToast(`All of them are in dataset “${id}” already`)
      return true
    } catch (error) {
      failureToast('Not put into the dataset', messageOf(error))
      return false
    }
  }

  async function working<A extends readonly unknown[]>(act: (...args: A) => Promise<boolean>, ...args: A) {
    setBusy(true)
    const done = await act(...args)
    setBusy(false)
    await refresh()
    return done
  }
  return {
    busy,
    concept: (...args) => working(concept, ...args),
    dataset: (...args) => working(dataset, ...args),
  }
}
