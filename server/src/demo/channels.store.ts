import { sql } from 'kysely'
import type { Executor } from '../infra/db/database.ts'

export async function countChannels(on: Executor, corpId: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from channels where corp_id = ${corpId}`.execute(
    on,
  )
  return rows[0]?.n ?? 0
}

/** Stores with their members whom customers can add. */
export async function demoShops(
  on: Executor,
  corpId: number,
  limit: number,
): Promise<readonly { storeId: string; name: string; userids: readonly string[] }[]> {
  const { rows } = await sql<{ storeId: string; name: string; userids: string[] }>`
    select st.id as "storeId", st.name, array_agg(s.userid order by s.userid) as userids
    from stores st join staff s on s.store_id = st.id and s.follows and s.gone_at is null
    where st.corp_id = ${corpId} and st.closed_at is null
    group by st.id, st.name, st.code order by st.code limit ${limit}`.execute(on)
  return rows
}
