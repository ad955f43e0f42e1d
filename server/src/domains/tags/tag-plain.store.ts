import { sql } from 'kysely'
import type { Executor, Tx } from '../../infra/db/database.ts'
import { fillMarks, markOf } from '../audiences/index.ts'

/** Whether at least so many wait to be worked out. */
export async function manyWait(on: Executor, corpId: number, least: number, at: Date): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from (
    select from tag_todos where corp_id = ${corpId} and next_at <= ${at} limit ${least}) waiting`.execute(on)
  return (rows[0]?.n ?? 0) >= least
}

/**
 * Works out at once those of whom nobody of ours ever said anything, as a first reading brings them by the million: they have
 * what the platform shows on their living relations, and it has nothing to be told. Whoever is more than one home, lost a tag,
 * or has a word of ours is left to the careful way. Answers how many they were.
 */
export async function fillPlain(tx: Tx, corpId: number, limit: number, at: Date): Promise<number> {
  const ids = await takePlain(tx, corpId, limit, at)
  if (ids.length === 0) return 0
  const bare = sql.lit(markOf.tag(''))
  await fillMarks(
    tx,
    corpId,
    ids,
    sql`select r.customer_id, k.key
      from relations r cross join lateral unnest(r.tag_ids) shown(platform_id)
      join tags t on t.corp_id = r.corp_id and t.platform_id = shown.platform_id and t.removed_at is null and t.moving is null
      join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id and g.kind <> 'own'
      join corp_tags there on there.corp_id = t.corp_id and there.tag_id = t.platform_id and there.gone_at is null
      cross join lateral (values (${bare} || t.id), (${bare} || t.id || '@wecom')) k(key)
      where r.customer_id = any(${ids}::bigint[]) and r.corp_id = ${corpId} and r.status = 'alive'`,
  )
  return ids.length
}

/**
 * Takes them from those who wait. Who waits is locked before it is asked who has a word of ours: words lie by customer,
 * and rows of one machine are not locked beside them.
 */
async function takePlain(tx: Tx, corpId: number, limit: number, at: Date): Promise<readonly number[]> {
  const taken: number[] = []
  const careful: number[] = []
  while (taken.length < limit) {
    const asked = limit - taken.length
    const waiting = await sql<{ id: number }>`
      select t.customer_id as id from tag_todos t join customers c on c.id = t.customer_id
      where t.corp_id = ${corpId} and t.next_at <= ${at} and t.was = '{}' and c.merged_into is null
        and not exists (select from customers other where other.merged_into = t.customer_id)
        and not exists (select from tag_calls k where k.customer_id = t.customer_id)
        and t.customer_id <> all(${careful}::bigint[])
      order by t.next_at, t.customer_id limit ${asked} for update of t skip locked`.execute(tx)
    const ids = waiting.rows.map(({ id }) => id)
    const plain = await sql<{ id: number }>`
      with said as materialized (
        select customer_id from tag_facts where customer_id = any(${ids}::bigint[])
        union select customer_id from tag_marks where customer_id = any(${ids}::bigint[])
      )
      delete from tag_todos t where t.customer_id = any(${ids}::bigint[])
        and not exists (select from said where said.customer_id = t.customer_id)
      returning t.customer_id as id`.execute(tx)
    taken.push(...plain.rows.map(({ id }) => id))
    if (ids.length < asked || plain.rows.length === 0) break
    const gone = new Set(taken)
    careful.push(...ids.filter((id) => !gone.has(id)))
  }
  return taken
}
