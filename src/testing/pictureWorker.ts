import { vi } from 'vitest'
import type { PictureReply, PictureRequest } from '#canvas/pictureMessages.ts'
import { type ReadBytes, readPicture, readRest } from '#canvas/readPicture.ts'

/** What the workers were asked for, and how often one was ended before it had answered. Workers outlive a test. */
const asked: PictureRequest[] = []
const ended = vi.fn()

/** Reads pictures beside the test, where there are no workers. */
class PictureWorker {
  onmessage: ((event: { data: PictureReply }) => void) | null = null
  onerror: unknown = null
  #last: ReadBytes | undefined
  #over = false

  postMessage(request: PictureRequest): void {
    asked.push(request)
    const tell = (data: PictureReply) => {
      if (!this.#over) this.onmessage?.({ data })
    }
    if (request.kind === 'read') {
      void readPicture(request, tell).then((read) => {
        this.#last = read
      })
    } else if (this.#last) void readRest(this.#last, tell)
  }

  terminate(): void {
    this.#over = true
    ended()
  }
}

/** Has pictures read without a browser's workers; `fetch` and `createImageBitmap` are the test's to stub. */
export const stubPictureWorker = () => {
  asked.length = 0
  ended.mockClear()
  vi.stubGlobal('Worker', PictureWorker)
  vi.stubGlobal('location', { href: 'http://marquee.test/' })
  vi.stubGlobal('window', { innerWidth: 1440, innerHeight: 900, devicePixelRatio: 1 })
  return { asked, ended }
}
