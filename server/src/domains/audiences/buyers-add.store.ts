import { sql } from 'kysely'
import type { Tx } from '../../infra/db/database.ts'
import { periodDays } from './facts.ts'

/** An order that was never told of before. */
export interface NewOrder {
  readonly personNo: number
  readonly day: number
  readonly net: number
}

const slots = Array.from({ length: 13 }, (_, slot) => slot)
const largest = 2_147_483_647

/** What was bought since each of the thirteen periods up to the last began. */
const since = sql.raw(
  slots
    .map((slot) => `least(${largest}, coalesce(sum(net) filter (where period >= last - (last - ${slot}) % 13), 0))`)
    .join(', '),
)
/** The same of a kept row and of a new one together: of each what its orders of these periods come to. */
const both = slots.map((slot) => {
  const begins = `(greatest(b.period, excluded.period) - (greatest(b.period, excluded.period) - ${slot}) % 13)`
  const of = (row: string) => `case when ${begins} <= ${row}.period then ${row}.t${slot}::bigint else 0 end`
  return `t${slot} = least(${largest}, ${of('b')} + ${of('excluded')})`
})

/**
 * Adds new orders to the rows of their buyers, without reading the orders that were there. Rows are met in one order, so two
 * transactions with the same buyers wait for each other.
 */
export async function addToBuyers(tx: Tx, corpId: number, orders: readonly NewOrder[]): Promise<void> {
  if (orders.length === 0) return
  await sql`insert into audience_buyers as b (corp_id, chunk, person_no, orders, net, period, d1, d2, d3, d4, d5,
      t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12)
    select ${corpId}, no >> 16, no, count(*), sum(net), max(period),
      (array_agg(day order by day desc))[1], (array_agg(day order by day desc))[2], (array_agg(day order by day desc))[3],
      (array_agg(day order by day desc))[4], (array_agg(day order by day desc))[5], ${since}
    from (
      select no, day, net, day / ${sql.lit(periodDays)} as period, max(day / ${sql.lit(periodDays)}) over (partition by no) as last
      from unnest(${orders.map(({ personNo }) => personNo)}::int[], ${orders.map(({ day }) => day)}::int[],
        ${orders.map(({ net }) => net)}::bigint[]) as given(no, day, net)
    ) given
    group by no order by no
    on conflict (corp_id, person_no, chunk) do update set
      orders = b.orders + excluded.orders, net = b.net + excluded.net, period = greatest(b.period, excluded.period),
      (d1, d2, d3, d4, d5) = (
        select l[1], l[2], l[3], l[4], l[5] from (select array_agg(d order by d desc) as l from unnest(array[b.d1, b.d2, b.d3,
          b.d4, b.d5, excluded.d1, excluded.d2, excluded.d3, excluded.d4, excluded.d5]) as d where d is not null) latest),
      ${sql.raw(both.join(', '))}`.execute(tx)
  await noteBought(
    tx,
    corpId,
    orders.map(({ personNo }) => personNo),
  )
}

/** Their digits follow when bits are folded. Who stands there already is locked: a folding that has taken him is waited for. */
async function noteBought(tx: Tx, corpId: number, persons: readonly number[]): Promise<void> {
  const each = [...new Set(persons)].sort((a, b) => a - b)
  await sql`insert into audience_bought as t (corp_id, chunk, person_no)
    select ${corpId}, no >> 16, no from unnest(${each}::int[]) given(no)
    on conflict (corp_id, person_no, chunk) do update set chunk = excluded.chunk where t.person_no is null`.execute(tx)
}
