import { type AddressRules, bodyOf, checkedUrl, failed, send } from './outgoing.ts'

export interface DownloadOptions extends AddressRules {
  readonly mostBytes: number
  /** For the whole download, redirects included. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

const mostRedirects = 5
const usualTimeoutMs = 60_000

/**
 * The bytes behind an address; each redirect is judged anew.
 * @throws ApiError INPUT_INVALID_URL for addresses not to be asked, INPUT_FAILED when nothing good came,
 * INPUT_OVER_LIMIT for too much
 */
export const download = async (address: string, options: DownloadOptions): Promise<Uint8Array> => {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? usualTimeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  let url = checkedUrl(address, options)
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await send(url, { method: 'GET', headers: { accept: '*/*' }, signal }, options)
    const { statusCode = 0, headers } = response
    if (statusCode >= 300 && statusCode < 400 && headers.location) {
      response.destroy()
      url = checkedUrl(headers.location, options, url)
      continue
    }
    if (statusCode !== 200) {
      response.destroy()
      throw failed(`the server answered ${statusCode}`)
    }
    return bodyOf(response, options.mostBytes, signal)
  }
  throw failed(`more than ${mostRedirects} redirects`)
}
