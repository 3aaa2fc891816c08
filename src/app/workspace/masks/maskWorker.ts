import { readPicture } from '#app/workspace/pictures/readPicture.ts'
import { maskOutline } from '#geometry/maskOutline.ts'
import { maskToPng } from '#model/maskPng.ts'
import type { MaskReply, MaskRequest, Numbered } from './maskPool.ts'

/** What has been done in this time is told at once. ms */
const TOGETHER_MS = 16

interface Answer {
  readonly reply: MaskReply
  readonly transfer: Transferable[]
}

addEventListener('message', ({ data }: MessageEvent<Numbered<'request', MaskRequest>[]>) => void work(data))

async function work(asked: readonly Numbered<'request', MaskRequest>[]): Promise<void> {
  let answered: Numbered<'reply', MaskReply>[] = []
  let transfers: Transferable[] = []
  let began = performance.now()
  for (const [i, { number, request }] of asked.entries()) {
    const { reply, transfer } = await answer(request)
    answered.push({ number, reply })
    transfers.push(...transfer)
    if (i < asked.length - 1 && performance.now() - began < TOGETHER_MS) continue
    postMessage(answered, { transfer: transfers })
    answered = []
    transfers = []
    began = performance.now()
  }
}

async function answer(request: MaskRequest): Promise<Answer> {
  if (request.do === 'encode') {
    const png = maskToPng(request.mask, request.size)
    return { reply: { png }, transfer: [png.buffer] }
  }
  const read = await readPicture(request.bytes, request.size)
  if (!('mask' in read)) return { reply: { read }, transfer: [] }
  const outline = maskOutline(read.mask, request.step) as Float32Array<ArrayBuffer>
  return { reply: { read, outline }, transfer: [read.mask.runs.buffer as ArrayBuffer, outline.buffer] }
}
