import { maskToPng } from '#model/maskPng.ts'
import type { MaskReply, MaskRequest } from './maskPool.ts'
import { readPicture } from './readPicture.ts'

addEventListener('message', ({ data }: MessageEvent<MaskRequest>) => {
  if (data.do === 'encode') {
    const png = maskToPng(data.mask, data.size)
    postMessage({ png } satisfies MaskReply, { transfer: [png.buffer] })
    return
  }
  void readPicture(data.bytes, data.size).then((read) => {
    const transfer = 'mask' in read ? [read.mask.runs.buffer as ArrayBuffer] : []
    postMessage({ read } satisfies MaskReply, { transfer })
  })
})
