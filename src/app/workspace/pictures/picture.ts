import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { openPicture } from '#canvas/openPicture.ts'
import type { Picture } from '#canvas/picture.ts'
import { warmPictureReader } from '#canvas/pictureReader.ts'
import type { InputSummary } from '#gen/marquee/v1/marquee_pb.ts'
import type { Size } from '#geometry/point.ts'
import { painted } from '#ui/painted.ts'
import { type Loaded, PicturePool } from './picturePool.ts'

/** How many images ahead and behind are kept decoded. */
const AHEAD = 3
const BEHIND = 1

// while the page still asks which picture it is
if (typeof Worker !== 'undefined') warmPictureReader()

/** Places to have ready around one, the most urgent first. */
export const neighbourhood = (place: number, total: number): readonly number[] =>
  [place, place + 1, place - 1, ...Array.from({ length: AHEAD - 1 }, (_, i) => place + 2 + i)].filter(
    (at, i) => i < 1 + AHEAD + BEHIND && at >= 1 && at <= total,
  )

/** The decoded picture of the open image, and those of its neighbours on the way. */
export function usePictures(
  wanted: readonly InputSummary[],
  input: string,
): { loaded: Loaded<Picture> | undefined; retry: () => void } {
  // a large one is opened in another way, so its size must be known before
  const sizes = useRef<ReadonlyMap<string, Size>>(new Map())
  const open = useRef('')
  open.current = wanted.find(({ inputId }) => inputId === input)?.imageUrl ?? ''
  sizes.current = new Map(wanted.map((summary) => [summary.imageUrl, summary]))
  const [pool] = useState(
    () =>
      new PicturePool<Picture>((url, signal, show) => {
        const size = sizes.current.get(url)
        // one whose size is to be found out is shown when that is known
        return openPicture(url, { size: size?.width ? size : undefined, ahead: url !== open.current, show }, signal)
      }),
  )
  const list = wanted
    .filter((summary) => summary.imageUrl !== '')
    .map(({ inputId, imageUrl }) => ({ id: inputId, url: imageUrl }))
  const key = list.map(({ id }) => id).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the list, which is a new one each time
  useEffect(() => {
    // what is not decoded yet is fetched at once; else the image is painted before its neighbours are thought of
    if (pool.get(input)?.state !== 'ready') return pool.want(list)
    let left = false
    void painted().then(() => left || pool.want(list))
    return () => {
      left = true
    }
  }, [pool, key])
  useEffect(() => () => pool.close(), [pool])
  const loaded = useSyncExternalStore(pool.subscribe, () => pool.get(input))
  return { loaded, retry: () => pool.retry(input) }
}
