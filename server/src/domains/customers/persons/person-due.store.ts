import { sql } from 'kysely'
import type { Database } from '../../../infra/db/database.ts'
import { kindsOf, lockEvidence } from './person-component.store.ts'
import { settlePersons } from './person-settle.store.ts'

const atOnce = 1_000

/** Works out the persons whose evidence was only noted. Answers how many homes it looked at. */
export async function settleDue(db: Database, corpId: number, at: Date): Promise<number> {
  for (let done = 0; ; ) {
    const taken = await settleSome(db, corpId, at)
    done += taken
    if (taken < atOnce) return done
  }
}

async function settleSome(db: Database, corpId: number, at: Date): Promise<number> {
  const { rows: some } = await sql`select from person_todos where corp_id = ${corpId} limit 1`.execute(db)
  if (some.length === 0) return 0
  return db.transaction().execute(async (tx) => {
    await lockEvidence(tx, corpId)
    const { rows } = await sql<{ home: number }>`
      delete from person_todos where customer_id in (
        select customer_id from person_todos where corp_id = ${corpId} order by customer_id limit ${atOnce} for update skip locked)
      returning customer_id as home`.execute(tx)
    const kinds = await kindsOf(tx, corpId)
    await settlePersons(
      tx,
      rows.map((row) => row.home),
      { corpId, kinds, at, cause: 'identities' },
    )
    return rows.length
  })
}
