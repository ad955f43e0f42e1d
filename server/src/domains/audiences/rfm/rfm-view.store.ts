import { sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { rootInScope } from '../saved/member.store.ts'
import type { RfmScores } from './rfm.ts'

export interface Cell extends RfmScores {
  readonly buyers: number
  readonly net: number
}

export async function cellsOf(on: Executor, corpId: number): Promise<readonly Cell[]> {
  const { rows } = await sql<Cell>`select r, f, m, count(*)::int as buyers, sum(net)::bigint as net from rfm_people
    where corp_id = ${corpId} group by r, f, m order by r, f, m`.execute(on)
  return rows
}

export async function tierTotals(
  on: Executor,
  corpId: number,
): Promise<ReadonlyMap<string, { readonly buyers: number; readonly net: number }>> {
  const { rows } = await sql<{ tier: string; buyers: number; net: number }>`
    select tier, count(*)::int as buyers, sum(net)::bigint as net from rfm_people
    where corp_id = ${corpId} and tier is not null group by tier`.execute(on)
  return new Map(rows.map((row) => [row.tier, row]))
}

export interface BuyerRow extends RfmScores {
  readonly personNo: number
  readonly customerId: number
  readonly name: string | null
  readonly hasPage: boolean
  readonly lastDay: number
  readonly orders: number
  readonly net: number
  readonly tier: string | null
}

export interface BuyerFilter {
  readonly r?: number | undefined
  readonly f?: number | undefined
  readonly m?: number | undefined
  readonly tier?: string | undefined
  readonly after?: { readonly net: number; readonly personNo: number } | undefined
  readonly limit: number
}

/** Buyers within the data scope, who spent most first. Without a relation that the actor may see only who sees all. */
export async function listBuyers(on: Executor, actor: Actor, filter: BuyerFilter): Promise<readonly BuyerRow[]> {
  const relation = sql`select from relations r join customers home on home.id = r.customer_id
    where (home.id = c.id or home.merged_into = c.id) and r.corp_id = ${actor.corpId} and ${staffInScope(actor, 'r.userid')}`
  const wanted = [
    sql`v.corp_id = ${actor.corpId} and c.erased_at is null`,
    ...(['r', 'f', 'm', 'tier'] as const).flatMap((by) =>
      filter[by] === undefined ? [] : [sql`${sql.ref(`v.${by}`)} = ${filter[by]}`],
    ),
    ...(filter.after ? [sql`(v.net, v.person_no) < (${filter.after.net}, ${filter.after.personNo})`] : []),
    ...(actor.scope.kind === 'corp' ? [] : [sql`exists (${relation})`]),
  ]
  const { rows } = await sql<BuyerRow>`
    select v.person_no as "personNo", p.customer_id as "customerId", c.name, exists (${relation}) as "hasPage",
      v.last_day as "lastDay", v.orders, v.net, v.r, v.f, v.m, v.tier
    from rfm_people v
    join audience_people p on p.corp_id = v.corp_id and p.person_no = v.person_no
    join customers c on c.id = p.customer_id
    where ${sql.join(wanted, sql` and `)}
    order by v.net desc, v.person_no desc limit ${filter.limit}`.execute(on)
  return rows
}

export interface ValueRow extends RfmScores {
  readonly lastDay: number
  readonly orders: number
  readonly net: number
  readonly tier: string | null
  readonly tierSince: Date
}

/** The person of one of his homes as the actor may see him: his values, or null when he never bought; undefined: nobody. */
export async function valueOfCustomer(on: Executor, actor: Actor, id: number): Promise<ValueRow | null | undefined> {
  const root = await rootInScope(on, actor, id)
  if (root === undefined) return undefined
  const { rows: values } = await sql<ValueRow>`
    select v.last_day as "lastDay", v.orders, v.net, v.r, v.f, v.m, v.tier, v.tier_since as "tierSince"
    from audience_people p join rfm_people v on v.corp_id = p.corp_id and v.person_no = p.person_no
    where p.customer_id = ${root} and p.corp_id = ${actor.corpId}`.execute(on)
  return values[0] ?? null
}
