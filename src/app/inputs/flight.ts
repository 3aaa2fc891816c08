/** What is looked back on, ms. */
const span = 250
/** Rows passed in that time from which nobody looks at them, and down to which they are passed again. */
const [fast, slow] = [4, 1]

/** Whether the rows of a list fly by. What is slow to show waits until they do not. */
export class Flight {
  #passed: { row: number; at: number }[] = []
  #flying = false

  /**
   * Says where the list is.
   * @param row the first in view
   * @param at ms, of any clock
   * @returns true while rows fly by: it takes less to go on than to begin, as a hand turns a wheel by fits and starts
   */
  pass(row: number, at: number): boolean {
    const kept = this.#passed.findLastIndex((one) => one.at <= at - span)
    this.#passed.splice(0, Math.max(0, kept))
    const rows = this.#passed.length > 0 ? Math.abs(row - this.#passed[0]!.row) : 0
    if (this.#passed.at(-1)?.row !== row) this.#passed.push({ row, at })
    this.#flying = rows >= (this.#flying ? slow + 1 : fast)
    return this.#flying
  }

  /** The list stands still at a row. */
  land(row: number, at: number): void {
    this.#passed = [{ row, at }]
    this.#flying = false
  }
}
