import { isInTheWay } from '../../infra/db/again.ts'

/** Somebody else wrote one of our new numbers since we looked: the batch is to be done again. */
export class Overtaken extends Error {}

const tries = 5

function isOvertaken(error: unknown): boolean {
  return error instanceof Overtaken || isInTheWay(error)
}

/** Does the work again, in a transaction of its own each time, when another batch came between. */
export async function untilNotOvertaken<T>(work: () => Promise<T>): Promise<T> {
  for (let done = 1; ; done += 1) {
    try {
      return await work()
    } catch (error) {
      if (done >= tries || !isOvertaken(error)) throw error
    }
  }
}
