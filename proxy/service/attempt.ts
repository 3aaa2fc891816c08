import { ApiError } from './apiError.ts'

/** How one item of a batch fared. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApiError }

/** Expected failures as values; everything else is a bug and goes on its way. */
export const attempt = <T>(work: () => T): Attempt<T> => {
  try {
    return { ok: true, value: work() }
  } catch (error) {
    return refused(error)
  }
}

/** {@link attempt} for what takes time. */
export const attemptAsync = async <T>(work: () => Promise<T>): Promise<Attempt<T>> => {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return refused(error)
  }
}

const refused = (error: unknown): { ok: false; error: ApiError } => {
  if (error instanceof ApiError) return { ok: false, error }
  throw error
}
