import { OfficialClient } from '#e2e/officialClient.ts'
import type { TestServer } from '#e2e/server.ts'
import type { Mask } from '#geometry/shape.ts'
import { maskFromPng } from '#model/maskPng.ts'

type Pair = readonly [x: number, y: number]

/** One region as the official client reads it, in image px. */
export interface StoredShape {
  readonly concepts: readonly string[]
  readonly box?: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
  readonly ring?: readonly Pair[]
  readonly point?: Pair
  readonly mask?: Mask
}

interface Place {
  readonly row: number
  readonly col: number
}
interface Message {
  readonly region_info: {
    readonly bounding_box: { left_col: number; top_row: number; right_col: number; bottom_row: number } | null
    readonly polygon: { readonly points: readonly Place[] } | null
    readonly point: Place | null
    readonly mask: { readonly image: { readonly base64: Uint8Array } } | null
  }
  readonly data: { readonly concepts: readonly { readonly id: string }[] } | null
}

/** What the server holds of an input, oldest first. */
export async function storedShapes(
  server: TestServer,
  input: string,
  { width, height }: { width: number; height: number },
): Promise<readonly StoredShape[]> {
  const all = await new OfficialClient(server.port, server.credentials('owner').pat).regions(input)
  const pair = ({ row, col }: Place): Pair => [col * width, row * height]
  return all.flatMap(({ data }) =>
    ((data?.regions ?? []) as unknown as readonly Message[]).map(({ region_info: info, data: said }): StoredShape => {
      const concepts = (said?.concepts ?? []).map(({ id }) => id)
      if (info.mask) {
        const mask = maskFromPng(new Uint8Array(info.mask.image.base64), { width, height })
        return { concepts, ...(mask && { mask }) }
      }
      if (info.polygon) return { concepts, ring: info.polygon.points.map(pair) }
      if (info.point) return { concepts, point: pair(info.point) }
      const box = info.bounding_box
      if (!box) return { concepts }
      const [left, right, top, bottom] = [box.left_col, box.right_col, box.top_row, box.bottom_row]
      return {
        concepts,
        box: { left: left * width, top: top * height, right: right * width, bottom: bottom * height },
      }
    }),
  )
}
