import { sql } from 'kysely'
import type { Executor, Tx } from '../db/database.ts'
import { notify } from '../db/listen.ts'
import type { DueItem, Schedule } from './due.ts'

/** Sets when something is due; one per kind and key, the latest word counts. */
export async function schedule(on: Executor, items: readonly Schedule[]): Promise<void> {
  if (items.length === 0) return
  await sql`
    insert into due (corp_id, at, kind, key, payload)
    select * from unnest(
      ${items.map((item) => item.corpId)}::int[], ${items.map((item) => item.at.toISOString())}::timestamptz[],
      ${items.map((item) => item.kind)}::text[], ${items.map((item) => item.key)}::text[],
      ${items.map((item) => JSON.stringify(item.payload ?? {}))}::jsonb[])
    on conflict (kind, key) do update
      set corp_id = excluded.corp_id, at = excluded.at, payload = excluded.payload`.execute(on)
  await notify(on, 'nuanyu_due', '')
}

export async function unschedule(on: Executor, kind: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await on
    .deleteFrom('due')
    .where('kind', '=', kind)
    .where('key', 'in', [...keys])
    .execute()
}

/** Takes what is due out of the table; it comes back when the transaction fails. Two processes never take the same. */
export async function takeDue(
  tx: Tx,
  kind: string,
  now: Date,
  limit: number,
  except: readonly number[],
): Promise<readonly DueItem[]> {
  const { rows } = await sql<DueItem>`
    with ripe as (
      select id from due where kind = ${kind} and at <= ${now} and not id = any(${[...except]}::bigint[])
      order by at limit ${limit} for update skip locked)
    delete from due using ripe where due.id = ripe.id
    returning due.id, due.corp_id as "corpId", due.kind, due.key, due.at, due.payload`.execute(tx)
  return [...rows].sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** When the next of these kinds is due. */
export async function nextDue(on: Executor, kinds: readonly string[]): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(at) as at from due where kind = any(${[...kinds]}::text[])`.execute(on)
  return rows[0]?.at ?? undefined
}
