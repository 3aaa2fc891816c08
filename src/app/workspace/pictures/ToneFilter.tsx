import { useEffect, useState } from 'react'
import { type DisplaySettings, displayStore, usualRange } from '#app/workspace/display/displaySettings.ts'
import type { Picture } from '#canvas/picture.ts'
import { look, type ToneTable, toneTable, wholeWindow } from '#canvas/tone.ts'

const ID = 'marquee-tone'
/** A deep picture is windowed by the server: not for every pixel the slider moves. */
const SETTLED_MS = 90

/** CSS that shows a picture in this tone; empty when it is shown as it is. */
export const toneFilter = (table: ToneTable): string => (table ? `url(#${ID})` : '')

/** The filter that {@link toneFilter} names: pixels are changed by the browser where the picture is put on the screen. */
export function ToneFilter({ table }: { table: ToneTable }) {
  if (!table) return null
  const values = table.map((value) => value.toFixed(4)).join(' ')
  return (
    <svg width="0" height="0" aria-hidden style={{ position: 'absolute' }}>
      <filter id={ID} colorInterpolationFilters="sRGB">
        <feComponentTransfer>
          <feFuncR type="table" tableValues={values} />
          <feFuncG type="table" tableValues={values} />
          <feFuncB type="table" tableValues={values} />
        </feComponentTransfer>
      </filter>
    </svg>
  )
}

/** How the picture's greys are to be changed on the way to the screen, by window and equalising. */
export function useTone(picture: Picture | undefined, { window, equalise }: DisplaySettings): ToneTable {
  const [table, setTable] = useState<ToneTable>()
  useEffect(() => {
    if (!picture) return
    displayStore.setState({ range: picture.range ?? usualRange })
    const show = () => {
      const sample = equalise ? picture.sample() : undefined
      // the values of a deep picture have gone through the window on the server
      setTable(toneTable(picture.range ? wholeWindow : window, sample && look(sample).histogram))
    }
    show()
    if (!picture.range) return
    let shown = true
    const timer = setTimeout(() => {
      void picture.setWindow(window).then(() => {
        if (shown) show()
      })
    }, SETTLED_MS)
    return () => {
      shown = false
      clearTimeout(timer)
    }
  }, [picture, window, equalise])
  return table
}
