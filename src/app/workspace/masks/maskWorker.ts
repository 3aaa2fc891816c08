import { readPicture } from '#app/workspace/pictures/readPicture.ts'
import { maskOutline } from '#geometry/maskOutline.ts'
import { maskToPng } from '#model/maskPng.ts'
import type { MaskReply, MaskRequest, Numbered } from './maskPool.ts'

addEventListener('message', ({ data: { number, request } }: MessageEvent<Numbered<'request', MaskRequest>>) => {
  const answer = (reply: MaskReply, transfer: Transferable[]) =>
    postMessage({ number, reply } satisfies Numbered<'reply', MaskReply>, { transfer })
  if (request.do === 'encode') {
    const png = maskToPng(request.mask, request.size)
    answer({ png }, [png.buffer])
    return
  }
  void readPicture(request.bytes, request.size).then((read) => {
    if (!('mask' in read)) return answer({ read }, [])
    const outline = maskOutline(read.mask, request.step) as Float32Array<ArrayBuffer>
    return answer({ read, outline }, [read.mask.runs.buffer as ArrayBuffer, outline.buffer])
  })
})
