import type { Region } from '#model/region.ts'

const kindNames: Readonly<Record<Region['shape']['kind'], string>> = {
  box: 'box',
  polygon: 'polygon',
  mask: 'mask',
  point: 'point',
  asReceived: 'shape',
}

/** What a region is drawn as. */
export function kindOf({ shape }: Region): string {
  if (shape.kind === 'asReceived') return shape.what
  return shape.kind === 'polygon' && shape.angle !== undefined ? 'rotated box' : kindNames[shape.kind]
}

/** "car, box": what a region is called wherever it is named. */
export const regionName = (region: Region, labelOf: (region: Region) => string): string =>
  `${labelOf(region)}, ${kindOf(region)}`

/** How large a mask is: `4,096 px`, from a million on `21.4 Mpx`. */
export const pixels = (count: number): string =>
  count < 1e6 ? `${count.toLocaleString('en')} px` : `${(count / 1e6).toFixed(1)} Mpx`
