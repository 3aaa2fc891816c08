/** Lets `places` tasks run at a time; the others wait in the order they came. */
export function createTurnstile(places: number): { run<T>(task: () => Promise<T>): Promise<T> } {
  let free = places
  const waiting: (() => void)[] = []
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
  return {
    async run(task) {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await task()
      } finally {
        leave()
      }
    },
  }
}
