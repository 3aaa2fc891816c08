import { describe, expect, it } from 'vitest'
import { counted, toneTable, wholeWindow } from './tone.ts'

const histogramOf = (...greys: number[]) => {
  const histogram = new Array<number>(256).fill(0)
  for (const grey of greys) histogram[grey]!++
  return histogram
}

describe('the tone of a picture', () => {
  it('is left alone without a window and without equalising', () => {
    expect(toneTable(wholeWindow)).toBeUndefined()
  })

  it('a window spreads what is in it from black to white', () => {
    const table = toneTable([51 / 255, 102 / 255])!
    expect(table).toHaveLength(256)
    expect([table[0], table[51], table[102], table[255]]).toEqual([0, 0, 1, 1])
    expect(table[76]).toBeCloseTo(25 / 51)
  })

  it('a window of no width parts black and white, and is never NaN', () => {
    expect(toneTable([0.5, 0.5])!.every((value) => value >= 0 && value <= 1)).toBe(true)
  })

  it('equalising shows greys that lie close together far apart', () => {
    const table = toneTable(wholeWindow, histogramOf(100, 101, 102, 103, 104))!
    expect([100, 101, 102, 103, 104].map((grey) => table[grey])).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(table.every((value, i) => i === 0 || value >= table[i - 1]!)).toBe(true)
  })

  it('equalising goes by what the window leaves', () => {
    const table = toneTable([100 / 255, 200 / 255], histogramOf(0, 50, 100, 150, 200))!
    expect(table[100]).toBe(0)
    expect(table[150]).toBeCloseTo(0.5)
    expect(table[200]).toBe(1)
  })

  it('a picture of one grey stays as it is', () => {
    expect(toneTable(wholeWindow, histogramOf(90, 90, 90))![90]).toBeCloseTo(90 / 255)
    expect(toneTable(wholeWindow, histogramOf())![90]).toBeCloseTo(90 / 255)
  })

  it('counts what is seen, and notices that something can be seen through', () => {
    const seen = counted(Uint8ClampedArray.from([255, 255, 255, 255, 9, 9, 9, 0, 255, 0, 0, 200]))
    expect(seen.seeThrough).toBe(true)
    expect([seen.histogram[255], seen.histogram[9], seen.histogram[76]]).toEqual([1, 0, 1])
    expect(counted(Uint8ClampedArray.from([1, 2, 3, 255])).seeThrough).toBe(false)
  })
})
