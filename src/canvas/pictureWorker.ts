import type { PictureReply, PictureRequest } from './pictureMessages.ts'
import { type ReadBytes, readPicture, readRest } from './readPicture.ts'

/** Reads one picture after the other. */

let last: ReadBytes | undefined

const tell = (reply: PictureReply): void =>
  postMessage(reply, { transfer: reply.kind === 'failed' ? [] : [...reply.bitmaps] })

addEventListener('message', ({ data }: MessageEvent<PictureRequest>) => {
  if (data.kind === 'rest') {
    if (last) void readRest(last, tell)
    last = undefined
    return
  }
  void readPicture(data, tell).then((read) => {
    last = read
  })
})
