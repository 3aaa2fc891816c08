import { expect, it } from 'vitest'
import type { RegionChange } from '#editor/history.ts'
import type { Mask } from '#geometry/shape.ts'
import { maskToPng } from '#model/maskPng.ts'
import { takePng } from '#model/maskPngs.ts'
import { aBox, aRegion } from '#testing/builders.ts'
import { CommitQueue } from './commitQueue.ts'
import { isSlowToEncode } from './maskEncoder.ts'

const size = { width: 4000, height: 3000 }

/** A comb: so many runs that encoding them takes longer than a quarter of a frame. */
const slow = (): Mask => ({
  kind: 'mask',
  x: 0,
  y: 0,
  w: 3000,
  h: 60,
  runs: new Uint32Array(3000 * 60).fill(1),
})
const made = (id: string, shape: Parameters<typeof aRegion>[1]): RegionChange => {
  const region = aRegion(id, shape)
  return new Map([[region.key, { after: region }]])
}

/** A queue whose encoder answers when it is told to. */
function queue() {
  const sent: string[] = []
  const answers: ((png: Uint8Array<ArrayBuffer> | undefined) => void)[] = []
  const busy: string[] = []
  const commits = new CommitQueue({
    size,
    send: (change) => sent.push([...change.keys()].join()),
    encode: () => new Promise((resolve) => answers.push(resolve)),
    busy: () => {
      busy.push('busy')
      return () => busy.push('idle')
    },
  })
  const settled = () => new Promise((resolve) => setTimeout(resolve))
  return { commits, sent, answers, busy, settled }
}

it('sends what is quick in the same turn', () => {
  const { commits, sent, busy } = queue()
  commits.add(made('box', aBox(1, 2, 3, 4)), undefined)
  expect(isSlowToEncode({ ...slow(), h: 1, runs: new Uint32Array(3000).fill(1) }, size)).toBe(false)
  expect([sent, busy]).toEqual([['box/box'], []])
})

it('keeps what was done in its order behind a mask that is encoded elsewhere, and shows it meanwhile', async () => {
  const { commits, sent, answers, busy, settled } = queue()
  const mask = slow()
  commits.add(made('mask', mask), undefined)
  commits.add(made('box', aBox(1, 2, 3, 4)), new Map([['own/car', { after: 1 }]]))
  await settled()
  expect(sent).toEqual([])
  expect([...commits.regionsOver(new Map()).keys()]).toEqual(['mask/mask', 'box/box'])
  expect(commits.tagsOver(new Map())).toEqual(new Map([['own/car', 1]]))
  answers[0]!(maskToPng(mask, size))
  await settled()
  expect(sent).toEqual(['mask/mask', 'box/box'])
  expect(takePng(mask, size)).toEqual(maskToPng(mask, size))
  expect(commits.regionsOver(new Map()).size).toBe(0)
  expect(busy).toEqual(['busy', 'idle'])
})

it('loses nothing when the page is left first, nor when the worker dies', async () => {
  const { commits, sent, answers, busy, settled } = queue()
  commits.add(made('one', slow()), undefined)
  commits.add(made('two', slow()), undefined)
  commits.flush()
  expect(sent).toEqual(['one/one', 'two/two'])
  answers[0]!(undefined)
  answers[1]!(undefined)
  await settled()
  commits.add(made('three', slow()), undefined)
  answers[2]!(undefined)
  await settled()
  expect(sent).toEqual(['one/one', 'two/two', 'three/three'])
  expect(busy).toEqual(['busy', 'idle', 'busy', 'idle'])
})
