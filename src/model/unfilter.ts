const damaged = () => new RangeError('the mask is damaged: a row says that it is packed in an unknown way')

/**
 * Undoes a PNG row's filter in place. `at` is its filter type, the `bytes` after it the row; `before` is where the row
 * above begins, −1 for none; `pixel` the bytes of a pixel, at least 1. `same`: the row is the one above, and was left
 * as it is. Source: PNG specification, §9.
 *
 * @throws RangeError for an unknown filter
 */
export function unfilter(data: Uint8Array, at: number, bytes: number, before: number, pixel: number): 'same' | 'done' {
  const row = at + 1
  const end = row + bytes
  switch (data[at]) {
    case 0:
      return 'done'
    case 1:
      for (let i = row + pixel; i < end; i++) data[i] = data[i]! + data[i - pixel]!
      return 'done'
    case 2:
      return before < 0 ? 'done' : up(data, row, end, before)
    case 3:
      for (let i = row; i < end; i++) {
        const left = i - row >= pixel ? data[i - pixel]! : 0
        const above = before < 0 ? 0 : data[before + i - row]!
        data[i] = data[i]! + ((left + above) >> 1)
      }
      return 'done'
    case 4:
      paeth(data, row, end, before, pixel)
      return 'done'
    default:
      throw damaged()
  }
}

function up(data: Uint8Array, row: number, end: number, before: number): 'same' | 'done' {
  let i = row
  while (i < end && data[i] === 0) i++
  if (i === end) return 'same'
  data.copyWithin(row, before, before + i - row)
  for (; i < end; i++) data[i] = data[i]! + data[before + i - row]!
  return 'done'
}

function paeth(data: Uint8Array, row: number, end: number, before: number, pixel: number): void {
  for (let i = row; i < end; i++) {
    const left = i - row >= pixel ? data[i - pixel]! : 0
    const above = before < 0 ? 0 : data[before + i - row]!
    const corner = before < 0 || i - row < pixel ? 0 : data[before + i - row - pixel]!
    const guess = left + above - corner
    const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
    data[i] = data[i]! + (toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner)
  }
}
