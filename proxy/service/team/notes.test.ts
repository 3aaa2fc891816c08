import { beforeEach, describe, expect, it } from 'vitest'
import { aBox, aWorld, items, type World } from '#proxy/service/annotations/annotationTesting.ts'
import { aTask, aTaskWorld, reviewedBy } from '#proxy/service/tasks/taskTesting.ts'
import { eachDialect } from '#proxy/store/testing.ts'

const aNote = (note: object, inputId = 'i1') => ({ inputId, annotationInfo: { marquee: { note: note as never } } })
const good = { thread: 't1', text: 'too wide', at: [0.25, 0.5], region: 'r', resolved: false }

eachDialect('notes', (store) => {
  describe('on inputs', () => {
    let world: World
    beforeEach(async () => {
      world = await aWorld(store())
    })

    it('are written by everybody who may label, and kept as they came', async () => {
      const note = await world.ann.posted(aNote({ ...good, color: 'red' }))
      expect(note).toMatchObject({ userId: 'ann', annotationInfo: { marquee: { note: { ...good, color: 'red' } } } })
      for (const who of [world.owner, world.ben]) await who.posted(aNote(good))
      expect(items(await world.stranger.post(aNote(good)).catch(() => ({ annotations: [] }) as never))).toEqual([])
    })

    it('are told what is wrong with them', async () => {
      const said = async (note: unknown) => items(await world.ann.post(aNote(note as object)))[0]!.details
      expect(await said('text')).toContain('annotation_info.marquee.note: must be an object')
      expect(await said({ text: 'x' })).toContain('note.thread: must be a text')
      expect(await said({ thread: '', text: 'x' })).toContain('note.thread: 0 characters')
      expect(await said({ thread: 't', text: 'x'.repeat(10_001) })).toContain('note.text: 10001 characters')
      expect(await said({ ...good, at: [1.5, 0] })).toContain('note.at[0]: 1.5 is outside')
      expect(await said({ ...good, at: [0.5] })).toContain('note.at: must be [row, col]')
      expect(await said({ ...good, resolved: 'yes' })).toContain('note.resolved')
      const both = { ...aBox('i1'), ...aNote(good) }
      expect(items(await world.ann.post(both))[0]!.details).toContain('data: a note has none')
    })

    it('do not become labels, nor labels notes', async () => {
      const note = await world.ann.posted(aNote(good))
      const box = await world.ann.posted(aBox('i1', 'box'))
      const patches = [{ ...aBox('i1', note.id) }, { ...aNote(good), id: box.id }]
      const [one, other] = items(await world.ann.patch('merge', patches))
      expect(one!.details).toContain('a note has none')
      expect(other!.details).toContain('does not become a note')
      const edit = { ...aNote({ text: 'still too wide' }), id: note.id }
      expect(items(await world.ann.patch('merge', [edit]))[0]!.code).toBe(24150)
      expect(items(await world.ben.patch('merge', [edit]))[0]!.code).toBe(24156)
    })

    it('label nothing', async () => {
      await world.ann.posted(aNote(good))
      const { labelled } = await store()
        .read.selectFrom('input')
        .select('labelled')
        .where('id', '=', 'i1')
        .executeTakeFirstOrThrow()
      expect(labelled).toBe(0)
    })
  })

  it('in a task are neither work nor moved with it, and are written after submitting too', async () => {
    const world = await aTaskWorld(store(), 2)
    const review = reviewedBy('manual', ['r0'])
    const { id: taskId } = await world.who('owner').task(aTask('full', ['w0'], { review }))
    const [first] = await world.who('w0').start(taskId)
    const note = await world.who('w0').posted({ ...aNote(good, first!.input), taskId })
    expect(note.status!.code).toBe(24150)
    await world.who('w0').posted({ ...aBox(first!.input, 'a'), taskId })
    await world.who('w0').submit(taskId, first!.id)
    const answer = await world.who('w0').posted({ ...aNote({ ...good, text: 'done' }, first!.input), taskId })
    await world.who('r0').posted({ ...aNote({ ...good, text: 'no' }, first!.input), taskId })
    await world.who('r0').reject(taskId, first!.id)
    const of = async (id: string) => (await world.who('owner').get(first!.input, id)).status!.code
    expect([await of(note.id), await of(answer.id), await of('a')]).toEqual([24150, 24150, 24158])
  })

  it("of a reviewer reach the labeler from whom the others' work is hidden", async () => {
    const world = await aTaskWorld(store(), 1)
    const review = reviewedBy('consensus', ['r0'], { consensus: { approvalThresholdLabelers: 2 } })
    const { id: taskId } = await world.who('owner').task(aTask('full', ['w0', 'w1'], { review }))
    await world.who('w1').start(taskId)
    await world.who('w1').posted({ ...aNote({ ...good, text: 'mine' }, 'i0'), taskId })
    await world.who('r0').posted({ ...aNote({ ...good, text: 'theirs' }, 'i0'), taskId })
    const seen = await world.who('w0').list({ inputIds: ['i0'] })
    expect(seen.map(({ annotationInfo }) => (annotationInfo!.marquee as { note: { text: string } }).note.text)).toEqual(
      ['theirs'],
    )
  })
})
