import { transactionAgain } from '../../../infra/db/again.ts'
import { commitLazily, type Database, type Tx } from '../../../infra/db/database.ts'
import { refreshCards } from '../cards/cards.store.ts'
import type { DueCards, SeenOutcome } from '../seen/seen.store.ts'

/** What one transaction of rows did, and the search rows that it leaves to the next. */
type Written = Pick<SeenOutcome, 'cards'>

export interface SyncWriter<Chunk> {
  /** Writes after all that was pushed before; answers as soon as there is room for this one. */
  push(chunk: Chunk): Promise<void>
  /** All that was pushed is written, search rows too. */
  drain(): Promise<void>
}

interface Steps<Chunk, Outcome extends Written> {
  readonly db: Database
  /**
   * Rows and position in one transaction, which may be begun anew; `due` are older chunks' customers whose search rows are
   * not written yet.
   */
  rows(tx: Tx, chunk: Chunk, due: readonly number[]): Promise<Outcome>
  cards(tx: Tx, cards: DueCards): Promise<void>
  /** After both the rows and, at some time, before the next rows. */
  written(chunk: Chunk, outcome: Outcome): Promise<void>
}

/**
 * Two hands in a row: while the rows of a chunk are written, the search rows of the chunk before follow on a connection
 * of their own, and meanwhile the next chunk is read. Rows are written in the order of reading, so a position never
 * stands before what it counts; what follows it is named with it. Commits do not wait for the disk: what a crash of the
 * machine takes, it takes together with the position, and it is read again.
 */
export function createSyncWriter<Chunk, Outcome extends Written>({
  db,
  rows,
  cards,
  written,
}: Steps<Chunk, Outcome>): SyncWriter<Chunk> {
  let writing: Promise<void> = Promise.resolve()
  let following: Promise<void> = Promise.resolve()
  let due: readonly number[] = []

  const write = async (chunk: Chunk): Promise<void> => {
    const outcome = await transactionAgain(db, async (tx) => {
      await commitLazily(tx)
      return rows(tx, chunk, due)
    })
    await following
    due = customersOf(outcome.cards)
    following = follow(outcome.cards)
    // it is awaited by the next chunk; until then a failure must not count as unhandled
    following.catch(() => undefined)
    await written(chunk, outcome)
  }
  const follow = async (next: DueCards): Promise<void> => {
    await transactionAgain(db, async (tx) => {
      await commitLazily(tx)
      await cards(tx, next)
    })
    due = []
  }
  return {
    async push(chunk) {
      await writing
      writing = write(chunk)
      writing.catch(() => undefined)
    },
    async drain() {
      await writing.finally(() => following)
    },
  }
}

export function customersOf({ first, again }: DueCards): number[] {
  return [...new Set([...first.map((one) => one.customerId), ...again])]
}

/** Search rows that a stopped sync had not written yet. */
export async function catchUp(db: Database, due: readonly number[]): Promise<void> {
  if (due.length > 0) await transactionAgain(db, (tx) => refreshCards(tx, due))
}
