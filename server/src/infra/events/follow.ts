import { sql } from 'kysely'
import { commitLazily, type Database, type Tx } from '../db/database.ts'

export interface StoredEvent {
  readonly id: number
  readonly txid: string
  readonly customerId: number
  readonly corpId: number
  readonly kind: string
  readonly staffUserid: string | null
  readonly occurredAt: Date
  readonly learntAt: Date
  readonly cause: string
  readonly payload: Readonly<Record<string, unknown>>
}

/**
 * Hands the subscriber the next events in commit order, in a transaction with its cursor: delivered at least once,
 * handled once. Reads stop below the oldest transaction still open, so an event that commits late is never skipped.
 * Answers how many were handled; 0: caught up, or another process is at it. `behind` names a subscriber whose work this one
 * builds on: what that one has not handled yet waits.
 */
export async function followEvents(
  db: Database,
  subscriber: string,
  limit: number,
  handle: (events: readonly StoredEvent[], tx: Tx) => Promise<void>,
  { behind }: { readonly behind?: string } = {},
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // cursor and work commit together, so what a crash undoes is simply read again
    await commitLazily(tx)
    await sql`insert into event_cursors (subscriber, txid, id) values (${subscriber}, '0', 0) on conflict do nothing`.execute(
      tx,
    )
    const cursor = await sql<{ txid: string; id: number; settled: string }>`
      select txid::text, id, events_settled()::text as settled from event_cursors
      where subscriber = ${subscriber} for update skip locked`.execute(tx)
    const at = cursor.rows[0]
    if (at === undefined) return 0
    const { rows } = await sql<StoredEvent>`
      select id, txid::text as txid, customer_id as "customerId", corp_id as "corpId", kind, staff_userid as "staffUserid",
        occurred_at as "occurredAt", learnt_at as "learntAt", cause, payload
      from events
      where (txid, id) > (${at.txid}::xid8, ${at.id}) and txid < ${at.settled}::xid8
        and (${behind ?? null}::text is null or (txid, id) <= (
          select ahead.txid, ahead.id from event_cursors ahead where ahead.subscriber = ${behind ?? null}))
      -- the column, not the text in the select list: as text 1000 comes before 999, and the cursor would go astray
      order by events.txid, events.id limit ${limit}`.execute(tx)
    const last = rows.at(-1)
    if (last === undefined) return 0
    await handle(rows, tx)
    await sql`update event_cursors set txid = ${last.txid}::xid8, id = ${last.id} where subscriber = ${subscriber}`.execute(
      tx,
    )
    return rows.length
  })
}
