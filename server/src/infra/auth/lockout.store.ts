import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Database, Executor } from '../db/database.ts'
import { attempt, type Failures, type LockKind, type Verdict } from './lockout.ts'

const keyOf = (value: string) => createHash('sha256').update(value).digest()

/** Counts an attempt under a row lock, so that several processes share one count. */
export function beginAttempt(db: Database, kind: LockKind, value: string, now: Date): Promise<Verdict> {
  const key = keyOf(value)
  return db.transaction().execute(async (tx) => {
    await tx
      .insertInto('login_locks')
      .values({ kind, key, failures: 0, failed_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const row = await tx
      .selectFrom('login_locks')
      .select(['failures', 'failed_at', 'locked_until'])
      .where('kind', '=', kind)
      .where('key', '=', key)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const before =
      row.failures === 0
        ? undefined
        : { count: row.failures, lastAt: row.failed_at, lockedUntil: row.locked_until ?? undefined }
    const verdict = attempt(kind, before, now)
    if (verdict.allowed) {
      const { count, lastAt, lockedUntil } = verdict.failures
      await tx
        .updateTable('login_locks')
        .set({ failures: count, failed_at: lastAt, locked_until: lockedUntil ?? null })
        .where('kind', '=', kind)
        .where('key', '=', key)
        .execute()
    }
    return verdict
  })
}

/** The name's failures are forgotten after a success. */
export async function forgetFailures(on: Executor, kind: LockKind, value: string): Promise<void> {
  await on.deleteFrom('login_locks').where('kind', '=', kind).where('key', '=', keyOf(value)).execute()
}

/**
 * Takes one attempt back, with the lock that it set: an address is not cleared by one success, or one own account would
 * let it guess others.
 */
export async function takeBack(on: Executor, kind: LockKind, value: string, counted: Failures): Promise<void> {
  const own = counted.lockedUntil ?? null
  await on
    .updateTable('login_locks')
    .set({
      failures: sql<number>`greatest(failures - 1, 0)`,
      locked_until: sql<Date | null>`nullif(locked_until, ${own}::timestamptz)`,
    })
    .where('kind', '=', kind)
    .where('key', '=', keyOf(value))
    .execute()
}

/** Rows idle for more than a day say nothing any more. */
export async function removeIdleLocks(on: Executor, now: Date): Promise<void> {
  await on
    .deleteFrom('login_locks')
    .where('failed_at', '<', new Date(now.getTime() - 86_400_000))
    .execute()
}
