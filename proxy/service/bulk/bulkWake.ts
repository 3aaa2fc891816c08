import type { Store } from '#proxy/store/open.ts'

const sleepers = new WeakMap<Store, () => void>()

/** Says how to wake the worker of a store. */
export const onWake = (store: Store, wake: () => void): void => void sleepers.set(store, wake)

/** There is work: told after the transaction that queued it. A worker that is not told finds it by itself, later. */
export const wakeWorker = (store: Store): void => sleepers.get(store)?.()
