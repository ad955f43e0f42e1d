import { sql } from 'kysely'
import type { Database } from '../db/database.ts'

/**
 * Passes until the subscriber has read every event: a writer of another test on the same server may hold the readers
 * back for a moment.
 */
export async function untilFollowed(db: Database, subscriber: string, pass: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    await pass()
    const cursor = await sql<{ txid: string; id: number }>`
      select txid::text, id from event_cursors where subscriber = ${subscriber}`.execute(db)
    const { txid, id } = cursor.rows[0] ?? { txid: '0', id: 0 }
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from events where (txid, id) > (${txid}::xid8, ${id})`.execute(db)
    if (rows[0]?.n === 0) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${subscriber} did not catch up within 30 s`)
}
