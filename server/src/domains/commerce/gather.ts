interface Waiting<Item, Answer> {
  readonly items: readonly Item[]
  resolve(answers: readonly Answer[]): void
  reject(error: unknown): void
}

/**
 * Writes what comes while a write is under way together in the next one, by corp. Every caller gets the answers to his own
 * items, in their order, when they are written, or the error of the write that they were part of.
 */
export function createGatherer<Item, Answer>(
  atOnce: number,
  write: (corpId: number, items: readonly Item[]) => Promise<readonly Answer[]>,
) {
  const queues = new Map<number, Waiting<Item, Answer>[]>()

  async function run(corpId: number, queue: Waiting<Item, Answer>[]): Promise<void> {
    while (queue.length > 0) {
      const some = queue.splice(0, fitting(queue))
      try {
        const answers = await write(
          corpId,
          some.flatMap(({ items }) => items),
        )
        let from = 0
        for (const { items, resolve } of some) {
          resolve(answers.slice(from, from + items.length))
          from += items.length
        }
      } catch (error) {
        for (const { reject } of some) reject(error)
      }
    }
    queues.delete(corpId)
  }

  /** How many of the first in the queue go together: one at least. */
  function fitting(queue: readonly Waiting<Item, Answer>[]): number {
    let sum = 0
    const at = queue.findIndex(({ items }) => {
      sum += items.length
      return sum > atOnce
    })
    return at < 0 ? queue.length : Math.max(1, at)
  }

  return {
    add(corpId: number, items: readonly Item[]): Promise<readonly Answer[]> {
      return new Promise((resolve, reject) => {
        const waiting = { items, resolve, reject }
        const queue = queues.get(corpId)
        if (queue !== undefined) {
          queue.push(waiting)
          return
        }
        const started = [waiting]
        queues.set(corpId, started)
        void run(corpId, started)
      })
    },
  }
}
