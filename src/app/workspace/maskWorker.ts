import { type ReadReply, type ReadRequest, readPicture } from './readPicture.ts'

addEventListener('message', ({ data }: MessageEvent<ReadRequest>) => {
  void readPicture(data.bytes, data.size).then((read) => {
    const reply: ReadReply = { id: data.id, read }
    postMessage(reply, { transfer: 'mask' in read ? [read.mask.runs.buffer as ArrayBuffer] : [] })
  })
})
