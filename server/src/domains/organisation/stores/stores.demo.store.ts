import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor } from '../../../infra/db/database.ts'

/**
 * Makes the demo brand's stores of its departments «…店»: the code is S and the department's number, the region its
 * parent, the manager its 店长. Undefined: the departments are not known yet.
 */
export async function makeDemoStores(on: Executor, corpId: number, at: Date): Promise<number | undefined> {
  const { rows: found } = await sql<{ id: number; name: string; region: string | null; manager: string | null }>`
    select d.department_id as id, d.name, p.name as region, (
      select m.userid from staff m where m.corp_id = ${corpId} and m.gone_at is null and m.position = '店长'
        and d.department_id = any(m.department_ids) order by m.userid limit 1) as manager
    from departments d left join departments p on p.corp_id = d.corp_id and p.department_id = d.parent_id
    where d.corp_id = ${corpId} and d.gone_at is null and d.name like '%店' order by d.department_id`.execute(on)
  if (found.length === 0 || found.every((one) => one.manager === null)) return undefined
  const { numAffectedRows } = await sql`
    insert into stores (id, corp_id, code, name, city, region, opening_hours, manager_userid, department_id, created_at)
    select n.id, ${corpId}, n.code, n.name, left(n.name, 2), n.region, '08:00-22:00', n.manager, n.department, ${at}
    from unnest(
      ${found.map(() => uuid())}::uuid[], ${found.map((one) => `S${one.id}`)}::text[], ${found.map((one) => one.name)}::text[],
      ${found.map((one) => one.region)}::text[], ${found.map((one) => one.manager)}::text[], ${found.map((one) => one.id)}::int[]
    ) as n(id, code, name, region, manager, department)
    where not exists (select from stores s where s.corp_id = ${corpId} and s.department_id = n.department)
    on conflict (corp_id, code) do nothing`.execute(on)
  return Number(numAffectedRows ?? 0)
}
