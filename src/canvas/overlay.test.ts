import { expect, it } from 'vitest'
import { aBox, anEditor, aRegion, keyOf } from '#testing/builders.ts'
import { defaultDisplay } from './display.ts'
import { frameOf } from './frame.ts'
import { MaskPixels } from './maskPixels.ts'
import { paintOverlay } from './overlay.ts'
import { lookOf } from './paint.ts'
import { RegionStore } from './regionStore.ts'

/** The texts that the overlay of an editor writes. */
function written(editor: ReturnType<typeof anEditor>): string[] {
  const texts: string[] = []
  const context = new Proxy({} as Record<string, unknown>, {
    get: (known, name) =>
      known[name as string] ??
      ((...args: unknown[]) => {
        if (name === 'fillText') texts.push(String(args[0]))
        return { width: 10 }
      }),
  })
  const { state } = editor
  const looks = {
    colorOf: () => '#e69f00',
    lookOf: (region: Parameters<typeof lookOf>[0]) => lookOf(region, undefined, false),
  }
  const store = new RegionStore(looks)
  store.update(state.regions, state.order)
  paintOverlay(context as unknown as CanvasRenderingContext2D, {
    ...looks,
    state,
    store,
    masks: new MaskPixels(),
    frame: frameOf(state.view, state.viewport, 1),
    display: defaultDisplay,
    lifted: state.selected,
    landing: new Set(),
    labelOf: (region) => region.concepts[0]?.id ?? '',
  })
  return texts
}

it('names what is selected, but not while the bare image is asked for', () => {
  const editor = anEditor({ regions: [aRegion('a', aBox(100, 100, 200, 100), { concept: 'cat' })] })
  editor.select([keyOf('a')])
  expect(written(editor)).toEqual(['cat'])
  editor.setPeek('bare')
  expect(written(editor)).toEqual([])
})
