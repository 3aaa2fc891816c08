import { create } from '@bufbuild/protobuf'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  GetConceptUseRequestSchema,
  ListPastConceptsRequestSchema,
  MergeConceptRequestSchema,
  RestoreConceptRequestSchema,
} from '#gen/marquee/v1/office_pb.ts'
import { ListConceptsRequestSchema } from '#gen/proto/clarifai/api/service_pb.ts'
import { aBox, boxInfo, failure } from '#proxy/service/annotations/annotationTesting.ts'
import { doAllWork } from '#proxy/service/bulk/bulkWorker.ts'
import { aTask, aTaskWorld, type TaskWorld, userAppId } from '#proxy/service/tasks/taskTesting.ts'
import { officeMethods } from '#proxy/service/team/office.ts'
import { callBy } from '#proxy/service/testing.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { conceptMethods } from './concepts.ts'

eachDialect('merging and deleting concepts', (store) => {
  let world: TaskWorld
  beforeEach(async () => {
    world = await aTaskWorld(store(), 3)
  })
  const app = { userId: 'owner', appId: 'demo' }
  const merge = (conceptId: string, intoId: string, who = 'owner') =>
    officeMethods.mergeConcept(
      create(MergeConceptRequestSchema, { ...app, conceptId, intoId }),
      callBy(who),
      world.deps,
    )
  const use = (conceptId: string) =>
    officeMethods.getConceptUse(create(GetConceptUseRequestSchema, { ...app, conceptId }), callBy('owner'), world.deps)
  const restore = (conceptId: string, undo: string) =>
    officeMethods.restoreConcept(
      create(RestoreConceptRequestSchema, { ...app, conceptId, undo }),
      callBy('owner'),
      world.deps,
    )
  const concepts = async () => {
    const { concepts: all } = await conceptMethods.listConcepts(
      create(ListConceptsRequestSchema, { userAppId }),
      callBy('owner'),
      world.deps,
    )
    return all.map(({ id }) => id).sort()
  }
  const labels = async () => {
    const all = await world.who('owner').list({ perPage: 1000 })
    return Object.fromEntries(
      all.map(({ id, data }) => [
        id,
        [...data!.concepts, ...data!.regions.flatMap((region) => region.data!.concepts)].map(
          (concept) => `${concept.id}:${concept.value}`,
        ),
      ]),
    )
  }
  const whole = (inputId: string, id: string, values: Record<string, number>) => ({
    inputId,
    id,
    data: { concepts: Object.entries(values).map(([concept, value]) => ({ id: concept, value })) },
  })

  const past = async (who = 'owner') =>
    (await officeMethods.listPastConcepts(create(ListPastConceptsRequestSchema, app), callBy(who), world.deps)).concepts

  it('lists what can still be taken back, for 30 days, as MergeConcept answered it', async () => {
    await world.who('w0').posted(aBox('i0', 'a1', ['car']))
    await world.who('owner').posted(aBox('i2', 'a4', ['van', 'bus']))
    await world.who('owner').task(aTask('full', ['w0'], { name: 'Cars', concepts: [{ concept: { id: 'car' } }] }))
    await world.who('owner').posted(aBox('i2', 'a5', ['lone']))
    await world.who('owner').delete('i2', 'a5')
    const { undo } = await merge('car', 'van')
    world.clock.wait(60)
    await merge('lone', '')
    await world.who('w0').posted(aBox('i1', 'late', ['car']))
    expect(await past()).toMatchObject([
      { conceptId: 'lone', intoId: '', by: 'owner' },
      { conceptId: 'car', intoId: 'van', intoName: 'van', by: 'owner', undo, returning: false },
    ])
    expect((await failure(past('w0'))).details).toContain('only the owner')
    // what was drawn since got the one in its place, and keeps it
    expect(await restore('car', (await past())[1]!.undo)).toMatchObject({ restored: 1, kept: 0 })
    expect(await labels()).toMatchObject({ a1: ['car:1'], late: ['van:1'] })
    expect(await past()).toMatchObject([{ conceptId: 'lone' }])
    await restore('lone', (await past())[0]!.undo)
    expect(await concepts()).toEqual(['bus', 'car', 'lone', 'van'])
    await merge('lone', '')
    world.clock.wait(31 * 24 * 3600)
    expect(await past()).toEqual([])
  })

  it('says what uses a concept', async () => {
    await world.who('w0').posted(aBox('i0', 'a1', ['car']))
    await world.who('w1').posted(aBox('i0', 'a2', ['car', 'red']))
    await world.who('w1').posted(whole('i1', 'a3', { car: 0 }))
    await world.who('owner').posted(aBox('i2', 'a4', ['van']))
    await world.who('owner').task(aTask('full', ['w0'], { name: 'Cars', concepts: [{ concept: { id: 'car' } }] }))
    expect(await use('car')).toMatchObject({ annotations: 3, regions: 2, inputs: 2, people: 2, taskNames: ['Cars'] })
    expect((await failure(use('bus'))).details).toContain('"bus"')
  })

  it('puts one in the place of the other everywhere, and takes that back', async () => {
    await world.who('w0').posted(aBox('i0', 'a1', ['car']))
    await world.who('w1').posted(aBox('i1', 'a2', ['car', 'van']))
    await world.who('w1').posted(whole('i2', 'a3', { car: 0, van: 1 }))
    const task = await world
      .who('owner')
      .task(aTask('full', ['w0'], { concepts: [{ concept: { id: 'car' } }, { concept: { id: 'van' } }] }))
    const before = await labels()

    const { changed, undo } = await merge('car', 'van')
    expect(changed).toBe(3)
    expect(await concepts()).toEqual(['van'])
    expect(await labels()).toEqual({ a1: ['van:1'], a2: ['van:1'], a3: ['van:1'] })
    const [patched] = (await world.who('owner').patchTasks('overwrite', { id: task.id, name: 'x' })).tasks
    expect(patched!.concepts.map(({ concept }) => concept!.id)).toEqual(['van'])

    // somebody draws on
    await world.who('w0').patch('overwrite', [aBox('i0', 'a1', ['bus'])])
    expect(await restore('car', undo)).toMatchObject({ restored: 2, kept: 1 })
    expect(await concepts()).toEqual(['bus', 'car', 'van'])
    expect(await labels()).toEqual({ ...before, a1: ['bus:1'] })
  })

  describe('with more labels than are written at once', () => {
    const many = 128
    let before: Awaited<ReturnType<typeof labels>>
    beforeEach(async () => {
      await world.who('w0').post(...Array.from({ length: many }, (_, i) => aBox('i0', `a${i}`, ['car'])))
      await world.who('w1').posted(whole('i1', 'both', { car: 1, van: 0 }))
      before = await labels()
    })
    /** The first so many labels are written, then the worker has to. */
    const mergeSlowly = () => {
      const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValueOnce(0).mockReturnValue(1e6)
      return merge('car', 'van').finally(() => clock.mockRestore())
    }
    const written = async () => {
      const rows = await store().read.selectFrom('annotation').select('message').execute()
      return rows.filter((row) => Buffer.from(row.message).includes('van')).length
    }

    it('shows all of the merge at once, and finishes writing it by itself', async () => {
      expect((await mergeSlowly()).changed).toBe(many + 1)
      expect(await written()).toBeLessThan(many)
      const seen = await labels()
      expect([new Set(Object.values(seen).flat()), seen.both]).toEqual([new Set(['van:1']), ['van:1']])
      // sent again, since the first answer was lost; and moved by who has not seen the merge
      expect((await world.who('w0').post(aBox('i0', `a${many - 1}`, ['car']))).status?.code).toBe(10000)
      await world.who('w0').patch('overwrite', [aBox('i0', `a${many - 2}`, ['car'], boxInfo(0, 0, 0.4, 0.4))])
      await doAllWork(world.deps)
      expect(await use('van')).toMatchObject({ annotations: many + 1 })
      expect(await labels()).toEqual(seen)
    })

    it('is taken back as a whole while it is written', async () => {
      const { undo } = await mergeSlowly()
      expect(await restore('car', undo)).toMatchObject({ kept: 0 })
      expect(await labels()).toEqual(before)
      await doAllWork(world.deps)
      expect(await labels()).toEqual(before)
      expect(await concepts()).toEqual(['car', 'van'])
    })

    it('is taken back when it is written, but for what was changed since', async () => {
      const { undo } = await merge('car', 'van')
      await doAllWork(world.deps)
      await world.who('w0').patch('overwrite', [aBox('i0', 'a7', ['bus'])])
      expect(await restore('car', undo)).toEqual(expect.objectContaining({ restored: many, kept: 1 }))
      expect(await labels()).toEqual({ ...before, a7: ['bus:1'] })
    })
  })

  it('takes it back in the frames of videos, too', async () => {
    const frame = { frameInfo: { time: 1 }, data: { concepts: [{ id: 'car', value: 1 }] } }
    await world.who('w0').posted({ inputId: 'i0', id: 'framed', data: { frames: [frame] } })
    await world.who('w0').posted(aBox('i0', 'a1', ['van']))
    const { undo } = await merge('car', 'van')
    expect(await restore('car', undo)).toMatchObject({ restored: 1, kept: 0 })
    const [framed] = (await world.who('owner').list({ perPage: 1000 })).filter(({ id }) => id === 'framed')
    expect(framed!.data!.frames[0]!.data!.concepts.map(({ id }) => id)).toEqual(['car'])
  })

  it('labels that arrive with a concept merged meanwhile get the one in its place', async () => {
    await world.who('w0').posted(aBox('i0', 'a1', ['car']))
    await world.who('w0').posted(aBox('i0', 'a2', ['van']))
    await world.who('w0').posted(aBox('i0', 'a3', ['bus']))
    await merge('car', 'van')
    await merge('van', 'bus')
    const posted = await world.who('w1').posted(aBox('i1', 'late', ['car']))
    expect(posted.data!.regions[0]!.data!.concepts[0]!.id).toBe('bus')
    // sent again, since the first answer was lost: the same, not a conflict
    expect((await world.who('w1').post(aBox('i1', 'late', ['car']))).status?.code).toBe(10000)
    const patch = { inputId: 'i0', id: 'a3', data: aBox('i0', 'a3', ['van']).data }
    expect((await world.who('w0').patch('overwrite', [patch])).status?.code).toBe(10000)
    expect((await labels()).a3).toEqual(['bus:1'])
    expect(await concepts()).toEqual(['bus'])
  })

  it('deletes what nothing uses; what is used needs something in its place', async () => {
    await world.who('owner').posted(aBox('i0', 'a1', ['car']))
    await world.who('owner').posted(aBox('i0', 'a2', ['van']))
    expect((await failure(merge('car', ''))).details).toMatch(/^into_id: "car" is used by 1 annotations of 1 inputs/)
    await world.who('owner').delete('i0', 'a1')
    const { undo } = await merge('car', '')
    expect(await concepts()).toEqual(['van'])
    await restore('car', undo)
    expect(await concepts()).toEqual(['car', 'van'])
  })

  it('is the owner’s, and refuses what is not there', async () => {
    await world.who('owner').posted(aBox('i0', 'a1', ['car', 'van']))
    expect((await failure(merge('car', 'van', 'lead'))).code).toBe(11007)
    expect((await failure(merge('car', 'car'))).details).toContain('into_id')
    expect((await failure(merge('car', 'bus'))).details).toContain('into_id')
    expect((await failure(merge('bus', 'car'))).details).toContain('concept_id')
    expect((await failure(restore('car', '1-2'))).details).toContain('undo')
  })
})
