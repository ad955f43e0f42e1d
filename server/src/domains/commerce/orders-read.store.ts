import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../infra/auth/actor.ts'
import { staffInScope } from '../../infra/auth/scope.ts'
import type { Executor } from '../../infra/db/database.ts'
import type { Order, OrderLine } from './orders.ts'

export interface OrderRow {
  readonly id: number
  readonly source: string
  readonly number: string
  readonly status: Order['status']
  /** The person whose it is: the root. */
  readonly root: number
  readonly customerName: string | null
  /** Whether he is a customer in WeCom, so that there is a page of him. */
  readonly added: boolean
  readonly amount: number
  readonly refunded: number
  readonly orderedAt: Date
  readonly paidAt: Date | null
  readonly cancelledAt: Date | null
  readonly refundedAt: Date | null
  readonly storeCode: string | null
  readonly storeName: string | null
  readonly channel: string | null
  readonly staffUserid: string | null
  readonly staffName: string | null
  readonly lines: readonly OrderLine[]
  readonly refunds: Order['refunds']
  readonly versionAt: Date
  readonly learntAt: Date
}

export interface OrderAsk {
  readonly source?: string | undefined
  readonly number?: string | undefined
  readonly status?: Order['status'] | undefined
  readonly store?: string | undefined
  readonly staff?: string | undefined
  readonly from?: Date | undefined
  readonly until?: Date | undefined
  readonly before?: readonly [Date, number] | undefined
  readonly limit: number
}

/** Whose orders: a corp's, for one who sees all of it or a key; else those of the customers in his scope. */
export type Reader = { readonly corpId: number } | Actor

function inScope(reader: Reader): RawBuilder<unknown> {
  if (!('scope' in reader) || reader.scope.kind === 'corp') return sql`true`
  return sql`o.customer_id in (
    with mine as (
      select distinct coalesce(c.merged_into, c.id) as root from relations r join customers c on c.id = r.customer_id
      where r.corp_id = ${reader.corpId} and ${staffInScope(reader, 'r.userid')}
    )
    select root from mine union all select c.id from mine join customers c on c.merged_into = mine.root)`
}

/** The columns of a list, for orders that `page` found. */
function withNames(corpId: number, page: RawBuilder<unknown>): RawBuilder<OrderRow> {
  return sql<OrderRow>`
    with page as materialized (${page})
    select o.id, o.source, o.number, o.status, p.id as root, p.name as "customerName",
      exists (select from customer_cards k where k.customer_id = p.id) as added, o.amount, o.refunded,
      o.ordered_at as "orderedAt", o.paid_at as "paidAt", o.cancelled_at as "cancelledAt", o.refunded_at as "refundedAt",
      o.store_code as "storeCode", s.name as "storeName", o.channel, o.staff_userid as "staffUserid", m.name as "staffName",
      o.lines, o.refunds, o.version_at as "versionAt", o.learnt_at as "learntAt"
    from page o join customers h on h.id = o.customer_id join customers p on p.id = coalesce(h.merged_into, h.id)
    left join stores s on s.corp_id = ${corpId} and s.code = o.store_code
    left join staff m on m.corp_id = ${corpId} and m.userid = o.staff_userid
    order by o.ordered_at desc, o.id desc`
}

/** Which orders are asked for, of those that the reader sees. */
function ordersAsked(reader: Reader, ask: Omit<OrderAsk, 'before' | 'limit'>): RawBuilder<unknown> {
  return sql`o.corp_id = ${reader.corpId} and ${inScope(reader)}
      ${
        ask.number === undefined
          ? sql``
          : sql`and (o.customer_id, o.id) in (
        select k.customer_id, k.order_id from order_keys k where k.number = ${ask.number} and k.corp_id = ${reader.corpId})`
      }
      ${ask.source === undefined ? sql`` : sql`and o.source = ${ask.source}`}
      ${ask.status === undefined ? sql`` : sql`and o.status = ${ask.status}`}
      ${ask.store === undefined ? sql`` : sql`and o.store_code = ${ask.store}`}
      ${ask.staff === undefined ? sql`` : sql`and o.staff_userid = ${ask.staff}`}
      ${ask.from === undefined ? sql`` : sql`and o.ordered_at >= ${ask.from}`}
      ${ask.until === undefined ? sql`` : sql`and o.ordered_at < ${ask.until}`}`
}

/** Orders, the last ordered first. */
export async function listOrders(on: Executor, reader: Reader, ask: OrderAsk): Promise<readonly OrderRow[]> {
  const { rows } = await withNames(
    reader.corpId,
    sql`
    select o.* from orders o where ${ordersAsked(reader, ask)}
      ${ask.before === undefined ? sql`` : sql`and (o.ordered_at, o.id) < (${ask.before[0]}::timestamptz, ${ask.before[1]}::bigint)`}
    order by o.ordered_at desc, o.id desc limit ${ask.limit}`,
  ).execute(on)
  return rows
}

export async function countOrders(
  on: Executor,
  reader: Reader,
  ask: Omit<OrderAsk, 'before' | 'limit'>,
): Promise<number> {
  const { rows } = await sql<{ orders: number }>`
    select count(*)::int as orders from orders o where ${ordersAsked(reader, ask)}`.execute(on)
  return rows[0]?.orders ?? 0
}

/** One order by its source and number, if the reader sees its customer. */
export async function findOrder(
  on: Executor,
  reader: Reader,
  source: string,
  number: string,
): Promise<OrderRow | undefined> {
  const { rows } = await withNames(
    reader.corpId,
    sql`
    select o.* from orders o where (o.customer_id, o.id) in (
      select n.customer_id, n.order_id from order_keys n
      where n.number = ${number} and n.source = ${source} and n.corp_id = ${reader.corpId}) and ${inScope(reader)}`,
  ).execute(on)
  return rows[0]
}

export interface OrderTotals {
  /** Orders that count as bought. */
  readonly count: number
  /** Fen, after refunds. */
  readonly net: number
  readonly refunded: number
  readonly firstAt: Date | null
  readonly lastAt: Date | null
}

const nothing: OrderTotals = { count: 0, net: 0, refunded: 0, firstAt: null, lastAt: null }

/** What the person of these homes bought, since a moment and ever: his orders are read once for both. */
export async function totalsOf(
  on: Executor,
  homes: readonly number[],
  since: Date,
): Promise<{ readonly recent: OrderTotals; readonly ever: OrderTotals }> {
  const { rows } = await sql<OrderTotals & { readonly isRecent: boolean }>`
    select paid_at >= ${since}::timestamptz as "isRecent", count(*)::int as count,
      sum(amount - refunded)::bigint as net, sum(refunded)::bigint as refunded, min(paid_at) as "firstAt", max(paid_at) as "lastAt"
    from orders where customer_id = any(${[...homes]}::bigint[]) and status in ('paid', 'part_refunded')
    group by 1 order by 1`.execute(on)
  const ever = rows.reduce<OrderTotals>(
    (sum, row) => ({
      ...{ count: sum.count + row.count, net: sum.net + row.net, refunded: sum.refunded + row.refunded },
      // what is older comes first
      ...{ firstAt: sum.firstAt ?? row.firstAt, lastAt: row.lastAt },
    }),
    nothing,
  )
  return { recent: rows.find(({ isRecent }) => isRecent) ?? nothing, ever }
}

/** The latest orders of the person of these homes, since a moment. */
export async function ordersOfHomes(
  on: Executor,
  corpId: number,
  homes: readonly number[],
  since: Date,
  limit: number,
): Promise<readonly OrderRow[]> {
  const { rows } = await withNames(
    corpId,
    sql`
    select o.* from orders o
    where o.customer_id = any(${[...homes]}::bigint[]) and o.corp_id = ${corpId} and o.ordered_at >= ${since}
    order by o.ordered_at desc, o.id desc limit ${limit}`,
  ).execute(on)
  return rows
}
