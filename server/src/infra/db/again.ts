import type { Database, Tx } from './database.ts'

/** Two transactions that hold what the other waits for (40P01), or that saw each other's writes (40001). */
const inTheWay = new Set(['40P01', '40001'])
const tries = 5

export function isInTheWay(error: unknown): boolean {
  return error instanceof Error && 'code' in error && inTheWay.has(String(error.code))
}

/**
 * Does the work in a transaction of its own, and does it again from its beginning when PostgreSQL ended it in favour of
 * another. The work must leave nothing behind but what is in the transaction.
 */
export async function transactionAgain<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let done = 1; ; done += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (done >= tries || !isInTheWay(error)) throw error
    }
  }
}
