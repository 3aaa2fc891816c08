/** Without a byte between them. */
const failuresInARow = 3

/**
 * The bytes from `first` up to, without, `end`: whole, though the connection breaks or stands idle for too long in
 * between, as it does while a browser has paused a film. Stopping early closes the connection.
 * @param body those from `first` on; undefined where there are none
 * @param reopen those from a place on
 * @param failed throws what the reader is to see
 */
export async function* resumed(
  body: AsyncIterable<Uint8Array> | undefined,
  { first, end }: { first: number; end: number },
  reopen: (next: number) => Promise<AsyncIterable<Uint8Array>>,
  failed: (error: unknown) => never,
): AsyncGenerator<Uint8Array> {
  let next = first
  let chunks = body
  for (let failures = 0; next < end; ) {
    try {
      chunks ??= await reopen(next)
      for await (const chunk of chunks) {
        next += chunk.byteLength
        failures = 0
        yield chunk
      }
      if (next < end) throw new Error(`it ended after ${next - first} of ${end - first} bytes`)
    } catch (error) {
      failures++
      if (failures >= failuresInARow) failed(error)
      chunks = undefined
    }
  }
}
