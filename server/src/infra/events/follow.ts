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
  readonly cause: string
  readonly payload: Readonly<Record<string, unknown>>
}

/**
 * Hands the subscriber the next events in commit order, in a transaction with its cursor: delivered at least once,
 * handled once. Reads stop below the oldest transaction still open, so an event that commits late is never skipped.
 * Answers how many were handled; 0: caught up, or another process is at it.
 */
export async function followEvents(
  db: Database,
  subscriber: string,
  limit: number,
  handle: (events: readonly StoredEvent[], tx: Tx) => Promise<void>,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // cursor and work commit together, so what a crash undoes is simply read again
    await commitLazily(tx)
    await sql`insert into event_cursors (subscriber, txid, id) values (${subscriber}, '0', 0) on conflict do nothing`.execute(
      tx,
    )
    const cursor = await sql<{ txid: string; id: number }>`
      select txid::text, id from event_cursors where subscriber = ${subscriber} for update skip locked`.execute(tx)
    const at = cursor.rows[0]
    if (at === undefined) return 0
    const below = await settledBelow(tx)
    const { rows } = await sql<StoredEvent>`
      select id, txid::text as txid, customer_id as "customerId", corp_id as "corpId", kind, staff_userid as "staffUserid",
        occurred_at as "occurredAt", cause, payload
      from events
      where (txid, id) > (${at.txid}::xid8, ${at.id}) and txid < ${below}::xid8
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

/**
 * Every transaction of this database with a number below the answer has ended. Read before the events are, in a statement
 * of its own: what ended meanwhile is then seen. The snapshot's own `xmin` would do too, but it also waits for writers of
 * other databases on the same server.
 */
async function settledBelow(tx: Tx): Promise<string> {
  const { rows } = await sql<{ below: string }>`
    with head as (select pg_snapshot_xmax(pg_current_snapshot())::text::numeric as xmax)
    -- backend_xid has 32 bits; the rest is that of the newest number, or one less where it is greater than that
    select coalesce(min(case when xid > mod(xmax, 4294967296) then xmax - mod(xmax, 4294967296) - 4294967296 + xid
      else xmax - mod(xmax, 4294967296) + xid end), max(xmax))::text as below
    from head left join (
      select backend_xid::text::numeric as xid from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_xid is not null
    ) open on true`.execute(tx)
  return rows[0]?.below ?? '0'
}
