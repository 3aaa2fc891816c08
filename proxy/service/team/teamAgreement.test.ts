import { beforeEach, describe, expect, it } from 'vitest'
import type { Annotation } from '#gen/proto/clarifai/api/resources_pb.ts'
import { maskToPng } from '#model/maskPng.ts'
import { aBox, aTag, boxInfo, failure, type SentAnnotation } from '#proxy/service/annotations/annotationTesting.ts'
import { aTask, aTaskWorld, reviewedBy, type TaskWorld } from '#proxy/service/tasks/taskTesting.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { compare } from './agreementNumbers.ts'
import { teamBy } from './teamTesting.ts'

const left = boxInfo(0, 0, 0.5, 0.5)
/** Shares a third of what both cover with `left`. */
const shifted = boxInfo(0, 0.25, 0.5, 0.75)
const far = boxInfo(0.8, 0.8, 1, 1)

eachDialect('agreement', (store) => {
  let world: TaskWorld
  let taskId: string
  const team = (who: string) => teamBy(world.deps, who)
  beforeEach(async () => {
    world = await aTaskWorld(store(), 3)
    const review = reviewedBy('consensus', ['r0'], { consensus: { approvalThresholdLabelers: 3 } })
    taskId = (await world.who('owner').task(aTask('full', ['w0', 'w1', 'w2'], { review }))).id
    for (const who of ['w0', 'w1', 'w2']) await world.who(who).start(taskId)
  })

  const does = async (who: string, inputId: string, ...made: SentAnnotation[]) => {
    for (const one of made) await world.who(who).posted({ ...one, taskId })
    const { items } = await team(who).items({ taskId, inputId })
    return world.who(who).submit(taskId, items.find(({ workerId }) => workerId === who)!.id)
  }

  it('is counted by region, by pair, and by input', async () => {
    await does('w0', 'i0', aBox('i0', 'a', ['car'], left), aTag('i0', 'street'))
    await does('w1', 'i0', aBox('i0', 'b', ['car'], shifted), aTag('i0', 'street'))
    await does('w2', 'i0', aBox('i0', 'c', ['van'], left))
    const found = await team('r0').agreement(taskId, 'i0')
    expect(found.workerIds).toEqual(['w0', 'w1', 'w2'])
    const { inputs } = await team('r0').agreements(taskId)
    expect(inputs).toMatchObject([{ people: 3, waiting: 3, approved: 0 }])
    const [ab, ac, bc] = found.pairs
    // a third of the region and the concept, of one region and one concept
    expect(ab!.agreement).toBeCloseTo((1 / 3 + 1) / 2)
    expect(ab!.matches).toMatchObject([{ aAnnotationId: 'a', bAnnotationId: 'b', sameConcepts: true }])
    expect(ac).toMatchObject({ a: 'w0', b: 'w2', agreement: 0 })
    expect(ac!.matches).toMatchObject([{ overlap: 1, sameConcepts: false }])
    expect(bc!.agreement).toBe(0)
    expect(found.agreement).toBeCloseTo((1 / 3 + 1) / 6)
    const regions = new Map(found.regions.map((region) => [region.annotationId, region]))
    expect(regions.get('a')!.agreement).toBeCloseTo(1 / 6)
    expect(regions.get('a')!.foundBy).toBe(1)
    expect(regions.get('c')).toMatchObject({ agreement: 0, foundBy: 0 })
    expect(found.concepts).toMatchObject([{ conceptId: 'street', yes: ['w0', 'w1'], no: [] }])
  })

  it('is listed from the lowest on, with the matrix, and by person', async () => {
    for (const who of ['w0', 'w1']) await does(who, 'i1', aBox('i1', `${who}-1`, ['car'], left))
    await does('w0', 'i0', aBox('i0', 'a', ['car'], left))
    await does('w1', 'i0', aBox('i0', 'b', ['car'], far))
    for (const who of ['w0', 'w1']) await does(who, 'i2')
    const first = await team('owner').agreements(taskId, { perPage: 2 })
    expect(first.inputs.map(({ input, agreement }) => [input!.inputId, agreement])).toEqual([
      ['i0', 0],
      ['i1', 1],
    ])
    expect(first.total).toBe(3)
    expect(first.mean).toBeCloseTo(2 / 3)
    expect(first.pairs).toMatchObject([{ a: 'w0', b: 'w1', inputs: 3 }])
    const next = await team('owner').agreements(taskId, { perPage: 2, after: first.nextPage })
    expect(next.inputs.map(({ input }) => [input!.inputId, input!.place])).toEqual([['i2', 3]])
    const people = new Map((await team('owner').people()).map((person) => [person.userId, person]))
    expect(people.get('w0')!.agreement).toBeCloseTo(2 / 3)
    expect(people.get('w0')!.agreementPairs).toBe(3)
    expect(people.get('w2')!.agreement).toBeUndefined()

    // an image that is gone counts nowhere, as the list does not show it
    await store().write.updateTable('input').set({ deleted_at: 1 }).where('id', '=', 'i0').execute()
    const rest = await team('owner').agreements(taskId)
    expect([rest.total, rest.mean]).toEqual([2, 1])
    expect(rest.pairs).toMatchObject([{ inputs: 2, agreement: 1 }])
    const [w0] = (await team('owner').people()).filter(({ userId }) => userId === 'w0')
    expect(w0).toMatchObject({ agreement: 1, agreementPairs: 2 })
  })

  it('is not told to those who label', async () => {
    expect(await failure(team('w0').agreement(taskId, 'i0'))).toMatchObject({ code: 54103 })
    expect(await failure(team('w0').agreements(taskId))).toMatchObject({ code: 54103 })
    expect((await failure(team('owner').agreement(taskId, ''))).details).toContain('input_id: required')
    expect((await failure(team('owner').agreements(taskId, { after: '?' }))).details).toContain('after:')
  })

  describe('with known answers', () => {
    beforeEach(async () => {
      await world.who('owner').posted(aBox('i0', 'truth', ['car'], left))
      await team('owner').keep(taskId, ['i0'])
    })

    it('is a quality score of each person, for the owner alone', async () => {
      await does('w0', 'i0', aBox('i0', 'a', ['car'], left))
      await does('w1', 'i0', aBox('i0', 'b', ['car'], shifted))
      const people = new Map((await team('owner').people()).map((person) => [person.userId, person]))
      expect(people.get('w0')).toMatchObject({ quality: 1, qualityItems: 1 })
      expect(people.get('w1')!.quality).toBeCloseTo(1 / 3)
      expect(people.get('w2')!.quality).toBeUndefined()
      expect((await team('owner').tasks(taskId))[0]!.people[0]).toMatchObject({ userId: 'w0', quality: 1 })
      expect((await team('w0').people())[0]!.quality).toBeUndefined()
      expect(await team('owner').known(taskId)).toMatchObject([{ regions: 1, people: 2 }])
    })

    it('hides what they were taken from', async () => {
      const seen = await world.who('w0').list({ inputIds: ['i0'], listAllAnnotations: true })
      expect(seen.map(({ id }) => id)).not.toContain('truth')
      expect((await world.who('owner').list({ inputIds: ['i0'] })).map(({ id }) => id)).toContain('truth')
      await team('owner').keep(taskId, ['i0'], true)
      expect((await world.who('w0').list({ inputIds: ['i0'] })).map(({ id }) => id)).toContain('truth')
    })

    it('names what is wrong', async () => {
      expect((await failure(team('owner').keep(taskId, ['i0', 'i1']))).details).toContain(
        'input_ids[1]: you have labelled nothing',
      )
      expect((await failure(team('owner').keep(taskId, ['gone']))).details).toContain('is not in the task')
      expect(await failure(team('w0').keep(taskId, ['i0']))).toMatchObject({ code: 54103 })
      expect(await failure(team('w0').known(taskId))).toMatchObject({ code: 54103 })
    })
  })

  it('of masks is that of their pixels, whether they are kept in the message or in a blob', async () => {
    // a block, and below it the same noise in all of them: noise makes the file too large for the message
    const noise = Array.from({ length: 640 * 280 }, (_, i) => ((i * 2654435761) >>> 28) % 2)
    const common = noise.reduce((sum, bit) => sum + bit, 0)
    const mask = (x: number, noisy: boolean): SentAnnotation => {
      const image = { width: 640, height: 480 }
      const bits = new Uint8Array(640 * 480)
      for (let row = 0; row < 100; row++) bits.fill(1, row * 640 + x, row * 640 + x + 100)
      if (noisy) bits.set(noise, 640 * 200)
      const base64 = maskToPng({ kind: 'mask', x: 0, y: 0, w: 640, h: 480, runs: runsOf(bits) }, image)
      expect(base64.length > world.deps.limits.inlineBytes).toBe(noisy)
      const regionInfo = { mask: { image: { base64 } } }
      return { inputId: noisy ? 'i1' : 'i0', data: { regions: [{ regionInfo }] } } as never
    }
    for (const noisy of [false, true]) {
      const inputId = noisy ? 'i1' : 'i0'
      await does('w0', inputId, mask(0, noisy))
      await does('w1', inputId, mask(50, noisy))
      const more = noisy ? common : 0
      expect((await team('owner').agreement(taskId, inputId)).agreement).toBeCloseTo((5000 + more) / (15_000 + more))
    }
  })
})

/** Off, on, off …: how long each is. */
const runsOf = (bits: Uint8Array): Uint32Array => {
  const runs = [0]
  let on = 0
  for (const bit of bits) {
    if (bit !== on) {
      runs.push(0)
      on = bit
    }
    runs[runs.length - 1]!++
  }
  return Uint32Array.from(runs)
}

describe('compare', () => {
  it('finds that two who say nothing agree', () => {
    expect(compare([], []).agreement).toBe(1)
    expect(compare([], [{ data: { concepts: [{ id: 'x', value: 1 }] } } as unknown as Annotation]).agreement).toBe(0)
  })

  it('takes two things side by side for two, and one drawn loosely for one', () => {
    const region = (left: number) => [aBox('i', `${left}`, ['boat'], boxInfo(0, left, 0.5, left + 0.5))] as never
    const pairs = (left: number) => compare(region(0), region(left)).matches.map(({ overlap }) => overlap.toFixed(2))
    // a hundredth of what both cover, just below and just above a fifth
    expect([pairs(0.49), pairs(0.34), pairs(0.33)]).toEqual([[], [], ['0.20']])
    expect(compare(region(0), region(0.49)).agreement).toBe(0)
  })
})
