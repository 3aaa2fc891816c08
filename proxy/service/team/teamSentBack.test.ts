import { fromBinary, type JsonObject } from '@bufbuild/protobuf'
import { beforeEach, describe, expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/proto/clarifai/api/resources_pb.ts'
import { aBox, failure } from '#proxy/service/annotations/annotationTesting.ts'
import { aTask, aTaskWorld, reviewedBy, type TaskWorld, workedBy } from '#proxy/service/tasks/taskTesting.ts'
import { eachDialect } from '#proxy/store/testing.ts'
import { teamBy } from './teamTesting.ts'

eachDialect('What was there when work was sent back', (store) => {
  let world: TaskWorld
  let taskId: string
  const team = (who: string) => teamBy(world.deps, who)
  beforeEach(async () => {
    world = await aTaskWorld(store(), 2, { reviewers: ['r0'], review: 'manual' })
    const review = reviewedBy('manual', ['r0'])
    const worker = workedBy('partitioned', ['w0', 'w1'], { type: 1, workersPerInput: 1 })
    taskId = (await world.who('owner').task(aTask('full', [], { worker, review }))).id
  })

  const submitted = async () => {
    const w0 = world.who('w0')
    const [work] = await w0.start(taskId)
    const inputId = work!.input
    const box = (id: string) => ({ ...aBox(inputId, id), taskId })
    await w0.post(box('stays'))
    await w0.post(box('goes'))
    await w0.submit(taskId, work!.id)
    return { id: work!.id, inputId, box, w0 }
  }
  const idsOf = (messages: readonly Uint8Array[]) =>
    messages.map((message) => fromBinary(AnnotationSchema, message).id).sort()

  it('is told from the history, whatever was done since', async () => {
    const { id, inputId, box, w0 } = await submitted()
    expect((await team('r0').sentBack({ taskId, itemId: id })).at).toBeUndefined()
    await world.who('r0').post({
      inputId,
      annotationInfo: { marquee: { note: { thread: 't', text: 'why', verdict: 'changes', task: taskId, to: 'w0' } } },
    })
    await world.who('r0').requestChanges(taskId, id)
    await w0.post(box('new'))
    const then = await team('r0').sentBack({ taskId, itemId: id })
    expect(then.by).toBe('r0')
    expect(then.at).toBeDefined()
    expect(idsOf(then.annotations)).toEqual(['goes', 'stays'])
    expect(idsOf((await team('w0').sentBack({ taskId, itemId: id })).annotations)).toEqual(['goes', 'stays'])
  })

  it('is nobody else’s to see', async () => {
    const { id } = await submitted()
    expect((await failure(team('w1').sentBack({ taskId, itemId: id }))).code).toBe(54103)
    expect((await failure(team('r0').sentBack({ taskId, itemId: '' }))).details).toContain('item_id')
  })

  describe('mentions', () => {
    const note = (who: string, inputId: string, fields: JsonObject) =>
      world.who(who).post({ inputId, annotationInfo: { marquee: { note: fields } } })

    it('come to who is named, and to who is answered, newest first', async () => {
      const { inputId } = await submitted()
      await note('r0', inputId, { thread: 'a', text: 'see @w0', task: taskId, mentions: ['w0'] })
      await note('w0', inputId, { thread: 'a', text: 'done', task: taskId })
      await note('r0', inputId, { thread: 'b', text: 'for all', task: taskId })
      expect((await team('w0').mentions()).map(({ text, named }) => [text, named])).toEqual([['see @w0', true]])
      const [answer, ...more] = await team('r0').mentions()
      expect(more).toEqual([])
      expect(answer).toMatchObject({ text: 'done', by: 'w0', named: false, thread: 'a', taskId, resolved: false })
      expect(answer!.input!.inputId).toBe(inputId)
      await note('w0', inputId, { thread: 'a', text: '', resolved: true, task: taskId })
      expect((await team('r0').mentions())[0]).toMatchObject({ text: 'done', resolved: true })
      expect(await team('w1').mentions()).toEqual([])
    })
    it('are not more than asked for', async () => {
      expect((await failure(team('w0').mentions(101))).details).toContain('limit')
    })
  })
})
