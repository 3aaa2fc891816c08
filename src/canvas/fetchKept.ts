/** From the server; while it cannot be reached, what the browser has of it, however old that is. */
export const fetchKept = async (url: string, signal?: AbortSignal): Promise<Response> => {
  const asked: RequestInit = { signal: signal ?? null, credentials: 'same-origin' }
  try {
    return await fetch(url, asked)
  } catch (error) {
    signal?.throwIfAborted()
    return fetch(url, { ...asked, cache: 'force-cache' }).catch(() => Promise.reject(error))
  }
}
