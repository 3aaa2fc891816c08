import { CACHE, fromDeviceFirst, fromNetworkFirst, type Kind, kindOf, PAGE } from './shell.ts'

/** Put in by the build: every file of it, as addresses. */
declare const BUILT_FILES: readonly string[]

/** What is used of a service worker's own world; its library of types cannot stand beside the page's. */
interface Stage {
  readonly location: Location
  readonly registration: ServiceWorkerRegistration
  addEventListener(type: 'install' | 'activate', act: (event: Lasting) => void): void
  addEventListener(type: 'fetch', act: (event: Fetching) => void): void
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Lasting {
  readonly request: Request
  readonly preloadResponse: Promise<Response | undefined>
  respondWith(answer: Promise<Response>): void
}

const worker = globalThis as unknown as Stage
/** How many files are fetched at once while the person is working already. */
const AT_ONCE = 4

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) => event.waitUntil(activate()))
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const kind = kindOf(request, worker.location.origin)
  if (kind === undefined) return
  event.respondWith(answerTo(event, kind))
})

async function answerTo(event: Fetching, kind: Kind): Promise<Response> {
  const { request } = event
  const kept = await caches.open(CACHE)
  const later = (work: Promise<unknown>) => event.waitUntil(work)
  if (kind === 'asset') return fromDeviceFirst(request, kept, fetch, later)
  const { pathname } = new URL(request.url)
  if (kind === 'page file') return fromNetworkFirst(fetch(request), kept, { key: pathname, type: '' }, later)
  const answer = event.preloadResponse.then((ahead) => ahead ?? fetch(request))
  return fromNetworkFirst(answer, kept, { key: PAGE, type: 'text/html' }, later)
}

/** Everything of this build, so that a screen that was never opened opens without a network too. */
async function install(): Promise<void> {
  const kept = await caches.open(CACHE)
  const left = [...BUILT_FILES]
  const one = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      if (file.startsWith('/assets/') && (await kept.match(file))) continue
      const answer = await fetch(file)
      if (answer.status !== 200) throw new Error(`${file}: HTTP ${answer.status}`)
      await kept.put(file, answer)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
}

/** It waited until the last page of the build before was closed: what only that one needed goes. */
async function activate(): Promise<void> {
  await worker.registration.navigationPreload?.enable()
  const kept = await caches.open(CACHE)
  const built = new Set(BUILT_FILES)
  const all = await kept.keys()
  await Promise.all(all.filter(({ url }) => !built.has(new URL(url).pathname)).map((request) => kept.delete(request)))
}
