import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import type { CustomerStatus } from '../cards/cards.ts'

export interface ExportRow {
  readonly id: number
  readonly name: string | null
  readonly corpName: string | null
  /** null: he has no relation. */
  readonly status: CustomerStatus | null
  readonly lastAddedAt: Date | null
  readonly externalUserids: readonly string[]
  readonly remarks: readonly string[]
  readonly staff: readonly string[]
  readonly channels: readonly string[]
  readonly tags: readonly string[]
  readonly memberNumbers: readonly string[]
  /** Sealed lists of what members noted, and sealed single numbers and names of imports and memberships. */
  readonly noted: readonly Buffer[]
  readonly phones: readonly Buffer[]
  readonly names: readonly Buffer[]
}

/** What a table tells of these persons, in the order of the ids; relations outside the data scope are not among it. */
export async function exportRows(on: Executor, actor: Actor, ids: readonly number[]): Promise<readonly ExportRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<ExportRow>`
    with homes as materialized (
      select id as root, id as home from unnest(${[...ids]}::bigint[]) as asked(id)
      union select merged_into, id from customers where merged_into = any(${[...ids]}::bigint[])
    ), t as materialized (
      select o.root, array_agg(distinct g.name || '/' || w.name) as tags
      from homes o join person_tags x on x.customer_id = o.home and x.corp_id = ${actor.corpId}
      join tags w on w.corp_id = x.corp_id and w.id = x.tag_id and w.removed_at is null
      join tag_groups g on g.corp_id = w.corp_id and g.id = w.group_id group by o.root
    ), b as materialized (
      select o.root, array_agg(n.phone_sealed) filter (where n.phone_sealed is not null) as phones,
        array_agg(n.name_sealed) filter (where n.name_sealed is not null) as names
      from homes o join imported_customers n on n.customer_id = o.home and n.corp_id = ${actor.corpId} group by o.root
    )
    select c.id, c.name, c.corp_name as "corpName", k.status, k.last_added_at as "lastAddedAt",
      coalesce(d.external_userids, '{}') as "externalUserids", coalesce(d.remarks, '{}') as remarks, coalesce(d.staff, '{}') as staff,
      coalesce(d.channels, '{}') as channels, coalesce(t.tags, '{}') as tags, coalesce(m.numbers, '{}') as "memberNumbers",
      coalesce(d.noted, '{}') as noted, coalesce(m.phones, '{}') || coalesce(b.phones, '{}') as phones,
      coalesce(m.names, '{}') || coalesce(b.names, '{}') as names
    from unnest(${[...ids]}::bigint[]) with ordinality as asked(id, place)
    join customers c on c.id = asked.id and c.corp_id = ${actor.corpId} and c.erased_at is null
    left join customer_cards k on k.customer_id = c.id
    cross join lateral (
      select array_agg(h.id) as homes from (select c.id union all select id from customers where merged_into = c.id) h
    ) p
    cross join lateral (
      select array_agg(distinct r.external_userid) as external_userids,
        array_agg(distinct r.remark) filter (where r.remark <> '') as remarks,
        array_agg(distinct coalesce(s.name, r.userid)) filter (where r.status <> 'ended') as staff,
        array_agg(distinct h.name) filter (where h.id is not null) as channels,
        array_agg(r.mobiles) filter (where r.mobiles is not null) as noted
      from relations r left join staff s on s.corp_id = r.corp_id and s.userid = r.userid left join channels h on h.id = r.channel_id
      where r.customer_id = any(p.homes) and r.corp_id = ${actor.corpId} and ${staffInScope(actor, 'r.userid')}
    ) d
    left join t on t.root = c.id
    cross join lateral (
      select array_agg(distinct n.number) as numbers, array_agg(n.phone_sealed) filter (where n.phone_sealed is not null) as phones,
        array_agg(n.name_sealed) filter (where n.name_sealed is not null) as names
      from members n where n.customer_id = any(p.homes) and n.corp_id = ${actor.corpId}
    ) m
    left join b on b.root = c.id
    order by asked.place`.execute(on)
  return rows
}
