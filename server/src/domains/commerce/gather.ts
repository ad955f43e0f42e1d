interface Waiting<Item, Answer> {
  readonly items: readonly Item[]
  resolve(answers: readonly Answer[]): void
  reject(error: unknown): void
}

interface Queue<Item, Answer> {
  readonly waiting: Waiting<Item, Answer>[]
  writing: number
}

/**
 * Writes what comes while writes are under way together in the next one, by corp; at most `lanes` of a corp at a time.
 * Every caller gets the answers to his own items, in their order, when they are written, or the error of the write that
 * they were part of.
 */
export function createGatherer<Item, Answer>(
  { atOnce, lanes }: { readonly atOnce: number; readonly lanes: number },
  write: (corpId: number, items: readonly Item[]) => Promise<readonly Answer[]>,
) {
  const queues = new Map<number, Queue<Item, Answer>>()

  async function run(corpId: number, queue: Queue<Item, Answer>): Promise<void> {
    queue.writing += 1
    while (queue.waiting.length > 0) await writeTogether(corpId, queue.waiting.splice(0, fitting(queue.waiting)))
    queue.writing -= 1
    if (queue.writing === 0) queues.delete(corpId)
  }

  async function writeTogether(corpId: number, some: readonly Waiting<Item, Answer>[]): Promise<void> {
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

  /** How many of the first in the queue go together: one at least. */
  function fitting(waiting: readonly Waiting<Item, Answer>[]): number {
    let sum = 0
    const at = waiting.findIndex(({ items }) => {
      sum += items.length
      return sum > atOnce
    })
    return at < 0 ? waiting.length : Math.max(1, at)
  }

  return {
    add(corpId: number, items: readonly Item[]): Promise<readonly Answer[]> {
      return new Promise((resolve, reject) => {
        const queue = queues.get(corpId) ?? { waiting: [], writing: 0 }
        queues.set(corpId, queue)
        queue.waiting.push({ items, resolve, reject })
        if (queue.writing < lanes) void run(corpId, queue)
      })
    },
  }
}
