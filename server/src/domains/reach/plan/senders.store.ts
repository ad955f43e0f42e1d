import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { ownedSince, senderOrder } from '../../customers/index.ts'
import { onLeave } from '../../organisation/index.ts'
import { type SenderReason, senderReasons } from '../campaigns/recipient.ts'
import type { DraftTables, PlanInput } from './draft.store.ts'

const n = (value: number) => sql.raw(String(value))
const reasonNumber = (reason: SenderReason) => n(senderReasons.indexOf(reason))

/**
 * Who may send, and what stands in the way of those who may not: `turn` 0 can, 1 will when he is back, 2 cannot. `for_store`:
 * the first variant that is for his store. Leave counts at the moment for which the run is planned.
 */
export async function makeSenders(
  on: Executor,
  tables: Pick<DraftTables, 'senders'>,
  { corpId, spec, senderSet, ask }: Pick<PlanInput, 'corpId' | 'spec' | 'senderSet' | 'ask'>,
): Promise<void> {
  const ofStores = spec.variants.flatMap(({ for: whom }, place) =>
    whom !== null && 'stores' in whom ? [sql`when s.store_id = any(${[...whom.stores]}::uuid[]) then ${n(place)}`] : [],
  )
  await sql`
    create unlogged table ${sql.table(tables.senders)} (userid text primary key, trouble smallint, turn smallint, for_store smallint)`.execute(
    on,
  )
  await sql`
    insert into ${sql.table(tables.senders)}
    select userid, trouble, case when trouble is null then 0 when trouble = ${reasonNumber('sender_away')} then 1 else 2 end, for_store
    from (
      select s.userid,
        case when s.gone_at is not null or not s.follows or coalesce(s.status, 1) <> 1 then ${reasonNumber('sender_gone')}
          when ${senderSet === null ? sql`false` : sql`s.userid <> all(${textArray(senderSet)}::text[])`} then ${reasonNumber('not_in_set')}
          when ${onLeave(ask.at)} then ${reasonNumber('sender_away')}
        end as trouble,
        ${ofStores.length === 0 ? sql`null::smallint` : sql`case ${sql.join(ofStores, sql` `)} end`} as for_store
      from staff s where s.corp_id = ${corpId}
    ) known`.execute(on)
  await sql`analyze ${sql.table(tables.senders)}`.execute(on)
}

/**
 * `chosen`, for those of `pool` whom nothing excludes: one member each: among those who can send, his exclusive owner, then
 * who last chatted with him, then whoever added him last. A person's relations may be of any home.
 */
export async function chooseSenders(
  tx: Tx,
  tables: Pick<DraftTables, 'senders'>,
  { corpId, tags }: Pick<PlanInput, 'corpId' | 'tags'>,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const carrying = tags.length === 0 ? sql`` : sql`and r.tag_ids && ${textArray(tags)}::text[]`
  const alive = sql`r.corp_id = ${corpId} and r.status = 'alive' ${carrying}`
  const relation = sql`r.userid, r.external_userid, ${ownedSince} as owned_at, r.chatted_at, r.added_at`
  await sql`
    create temporary table chosen on commit drop as
    select distinct on (root) root, userid, external_userid, for_store, trouble from (
      select own.*, s.for_store, coalesce(s.turn, 2) as turn,
        case when s.userid is null then ${reasonNumber('sender_gone')} else s.trouble end as trouble
      from (
        select p.customer_id as root, ${relation}
        from pool p join relations r on r.customer_id = p.customer_id
        where p.hits = 0 and r.customer_id between ${from} and ${to} and ${alive}
        union all
        select p.customer_id, ${relation}
        from pool p join customers home on home.merged_into = p.customer_id join relations r on r.customer_id = home.id
        where p.hits = 0 and home.merged_into between ${from} and ${to} and ${alive}
      ) own left join ${sql.table(tables.senders)} s on s.userid = own.userid
    ) able order by root, turn, ${senderOrder}`.execute(tx)
  await sql`analyze chosen`.execute(tx)
}
