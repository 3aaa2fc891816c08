import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Command, CommandContext } from '#app/command.ts'
import { chordStore, endChord } from './chord.ts'
import { runKey } from './runKey.ts'

vi.stubGlobal('Element', class {})
vi.stubGlobal('HTMLInputElement', class {})

let ran: string[] = []
const command = (id: string, key: string, rest: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'View',
  keys: [key],
  scope: 'everywhere',
  when: () => true,
  run: () => void ran.push(id),
  ...rest,
})
const commands = [command('hide', 'H'), command('hideAll', 'T H'), command('lockAll', 'T L')]

function press(letter: string, rest: Partial<KeyboardEvent> = {}) {
  let prevented = false
  const event = {
    key: letter.length === 1 ? letter.toLowerCase() : letter,
    code: `Key${letter}`,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    repeat: false,
    defaultPrevented: false,
    target: null,
    preventDefault: () => {
      prevented = true
    },
    ...rest,
  } as unknown as KeyboardEvent
  runKey(event, {} as CommandContext, commands)
  return prevented
}

beforeEach(() => {
  ran = []
  endChord()
})

describe('two keys in a row', () => {
  it('run what they stand for, the first alone nothing', () => {
    expect(press('T')).toBe(true)
    expect(ran).toEqual([])
    expect(chordStore.getState().begun).toBe('T')
    press('H')
    press('H')
    expect(ran).toEqual(['hideAll', 'hide'])
  })

  it('wait while the first is held down and for a modifier', () => {
    press('T')
    press('T', { repeat: true })
    press('Shift', { key: 'Shift' })
    press('L')
    expect(ran).toEqual(['lockAll'])
  })

  it('leave another key to mean what it always does', () => {
    const others = [...commands, command('fit', 'F')]
    press('T')
    runKey(
      Object.assign(Object.create(null), {
        key: 'f',
        code: 'KeyF',
        ctrlKey: false,
        metaKey: false,
        shiftKey: false,
        altKey: false,
        preventDefault: () => undefined,
      }),
      {} as CommandContext,
      others,
    )
    expect(ran).toEqual(['fit'])
    press('H')
    expect(ran).toEqual(['fit', 'hide'])
  })

  it('are forgotten after a while', () => {
    vi.useFakeTimers()
    press('T')
    vi.advanceTimersByTime(2000)
    press('H')
    vi.useRealTimers()
    expect(ran).toEqual(['hide'])
  })

  it('do not begin where their command cannot be run now', () => {
    const never = [command('hideAll', 'T H', { when: () => false })]
    let prevented = false
    const event = {
      key: 't',
      code: 'KeyT',
      ctrlKey: false,
      metaKey: false,
      shiftKey: false,
      altKey: false,
      preventDefault: () => {
        prevented = true
      },
    }
    runKey(event as unknown as KeyboardEvent, {} as CommandContext, never)
    expect(prevented).toBe(false)
    expect(chordStore.getState().begun).toBeUndefined()
  })
})

describe('inside an overlay', () => {
  const inside = (keysOf: string | undefined, tag = 'div') =>
    Object.assign(new (Element as unknown as new () => object)(), {
      closest: () => ({ dataset: { keysOf } }),
      matches: (selector: string) => selector.split(', ').includes(tag),
    }) as unknown as EventTarget

  it('only the keys it names do what they always do: the one that opened it closes it', () => {
    press('H', { target: inside(undefined) })
    press('H', { target: inside('showAll fit') })
    expect(ran).toEqual([])
    press('H', { target: inside('fit hide') })
    expect(ran).toEqual(['hide'])
  })

  it('and none of them while somebody types there', () => {
    press('H', { target: inside('hide', 'textarea') })
    expect(ran).toEqual([])
  })
})

describe('over what floats', () => {
  const inside = (keys: string | undefined) =>
    Object.assign(new (Element as unknown as new () => object)(), {
      matches: () => false,
      closest: (selector: string) => (selector.includes('dialog') ? { dataset: { keys } } : null),
    })
  const all = [...commands, command('next', 'ArrowRight'), command('undo', 'Ctrl+Z')]
  const pressIn = (target: object, key: string, rest: object = {}) =>
    runKey(
      {
        key,
        code: `Key${key.toUpperCase()}`,
        ctrlKey: false,
        metaKey: false,
        shiftKey: false,
        altKey: false,
        target,
        preventDefault: () => undefined,
        ...rest,
      } as unknown as KeyboardEvent,
      {} as CommandContext,
      all,
    )

  it('a question about a region leaves the image its keys, but those that move in the question', () => {
    pressIn(inside('image'), 'h')
    pressIn(inside('image'), 'z', { ctrlKey: true })
    pressIn(inside('image'), 'ArrowRight', { code: 'ArrowRight' })
    expect(ran).toEqual(['hide', 'undo'])
  })

  it('a dialog has all keys to itself', () => {
    pressIn(inside(undefined), 'h')
    pressIn(inside(undefined), 'z', { ctrlKey: true })
    expect(ran).toEqual([])
  })
})
