import { sql } from 'kysely'
import type { Tx } from '../../../infra/db/database.ts'
import { noteChanges } from './changes.store.ts'

/**
 * Gives those of these persons their numbers who have none. Numbers are given to one transaction of a corp after the other:
 * who does it in a short one of its own lets others write facts of newcomers at the same time.
 */
export async function meetPersons(tx: Tx, corpId: number, homes: readonly number[]): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    select c.id from customers c where c.id = any(${[...new Set(homes)]}::bigint[]) and c.corp_id = ${corpId}
      and c.merged_into is null and c.erased_at is null
      and not exists (select from audience_people p where p.customer_id = c.id)
    order by c.id`.execute(tx)
  await noteChanges(
    tx,
    corpId,
    rows.map(({ id }) => ({ kind: 'person', customerId: id, present: true })),
  )
}
