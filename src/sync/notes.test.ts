import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { newNote, noteOf, threadsOf } from './notes.ts'

const aNote = (id: string, seconds: number | undefined, note: object, userId = 'rosa') =>
  create(AnnotationSchema, {
    id,
    userId,
    annotationInfo: { marquee: { note: note as never } },
    ...(seconds === undefined ? {} : { createdAt: { seconds: BigInt(seconds) } }),
  })

describe('threads', () => {
  it('are the notes that share an id, oldest first, what is not sent last', () => {
    const [thread, other] = threadsOf([
      aNote('c', undefined, { thread: 't', text: 'three' }, 'ana'),
      aNote('b', 20, { thread: 't', text: 'two' }),
      aNote('a', 10, { thread: 't', text: 'one', at: [0.25, 0.5], region: 'r' }),
      aNote('d', 15, { thread: 'u', text: 'other' }),
      create(AnnotationSchema, { id: 'label' }),
    ])
    expect(thread?.notes.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    expect(thread).toMatchObject({ id: 't', at: { row: 0.25, col: 0.5 }, region: 'r', resolved: false })
    expect(other?.id).toBe('u')
  })

  it('are as resolved as the newest word about that says', () => {
    const notes = [aNote('a', 1, { thread: 't' }), aNote('b', 2, { thread: 't', resolved: true })]
    expect(threadsOf(notes)[0]?.resolved).toBe(true)
    const reopened = aNote('c', 3, { thread: 't', resolved: false })
    const answered = aNote('d', 4, { thread: 't', text: 'so?' })
    expect(threadsOf([...notes, reopened, answered])[0]?.resolved).toBe(false)
  })

  it('read back what was written', () => {
    const note = newNote({ id: 'n', inputId: 'i', userId: 'ana', thread: 't', text: 'hm', at: { row: 0.1, col: 0.2 } })
    expect(noteOf(note)).toMatchObject({
      by: 'ana',
      thread: 't',
      text: 'hm',
      at: { row: 0.1, col: 0.2 },
      time: undefined,
    })
  })
})
