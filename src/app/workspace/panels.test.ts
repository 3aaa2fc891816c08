import { describe, expect, it } from 'vitest'
import { defaultPanels, keepPanels, readPanels, resized } from './panels.ts'

function storage(start?: string) {
  let kept = start
  const setItem = (_: string, value: string) => {
    kept = value
  }
  return { getItem: () => kept ?? null, setItem }
}

describe('panels', () => {
  it('come back as they were left', () => {
    const kept = storage()
    const panels = { ...resized(resized(defaultPanels, 'side', 300), 'split', 0.3), hidden: true }
    keepPanels(kept, panels)
    expect(readPanels(kept)).toEqual(panels)
  })
  it('stay within their limits', () => {
    expect(resized(defaultPanels, 'side', 9999).side).toBe(480)
    expect(resized(defaultPanels, 'strip', 1).strip).toBe(72)
  })
  it('are again as at first, and what nobody chose is not kept as chosen', () => {
    expect(resized(resized(defaultPanels, 'split', 0.3), 'split', undefined)).toEqual(defaultPanels)
    expect(readPanels(storage('{"side":300,"split":0.4}'))).toEqual({ ...defaultPanels, side: 300 })
  })
  it.each(['', 'no json', '3', 'null', '{"side":"wide","split":null}'])('are the usual ones for %j', (text) => {
    expect(readPanels(storage(text))).toEqual(defaultPanels)
  })
  it('do without a storage', () => {
    const off = {
      getItem: () => {
        throw new Error('off')
      },
      setItem: () => {
        throw new Error('off')
      },
    }
    expect(readPanels(off)).toEqual(defaultPanels)
    expect(() => keepPanels(off, defaultPanels)).not.toThrow()
  })
})
