import { expect, it } from 'vitest'
import { aBox, aRegion } from '#testing/builders.ts'
import { regionDiff } from './regionDiff.ts'

const at = (id: string, x: number, concept = 'car') => aRegion(id, aBox(x, 0, 10, 10), { concept })
const [a, b, c] = [at('a', 0), at('b', 20), at('c', 40)]

it('tells what was added, removed, moved and relabelled, and nothing of what stayed', () => {
  const moved = at('b', 25)
  const relabelled = at('c', 40, 'bus')
  const added = at('d', 60)
  const gone = at('e', 80)
  expect(regionDiff([a, b, c, gone], [a, moved, relabelled, added])).toEqual([
    { is: 'moved', before: b, after: moved },
    { is: 'relabelled', before: c, after: relabelled },
    { is: 'added', after: added },
    { is: 'removed', before: gone },
  ])
  expect(regionDiff([a, b], [b, a])).toEqual([])
})
