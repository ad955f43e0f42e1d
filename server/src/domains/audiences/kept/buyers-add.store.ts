import { sql } from 'kysely'
import { numberArray } from '../../../infra/db/arrays.ts'
import type { Tx } from '../../../infra/db/database.ts'
import type { Added } from './buyers-add.ts'

const slots = Array.from({ length: 13 }, (_, slot) => slot)
const places = [1, 2, 3, 4, 5] as const

/** What was bought since a period began, of the kept row and of the added orders together. */
const sums = slots.map((slot) => {
  const begins = `(greatest(b.period, excluded.period) - (greatest(b.period, excluded.period) - ${slot}) % 13)`
  const of = (row: string) => `case when ${begins} <= ${row}.period then ${row}.t${slot}::bigint else 0 end`
  return `t${slot} = least(2147483647, ${of('b')} + ${of('excluded')})`
})

/** The latest five days of both. Nearly always one order comes, and it is the latest. */
const all = [...places.map((at) => `b.d${at}`), ...places.map((at) => `excluded.d${at}`)].join(', ')
const days = places.map(
  (at) => `d${at} = case when excluded.d2 is null and excluded.d1 >= coalesce(b.d1, excluded.d1)
    then ${at === 1 ? 'excluded.d1' : `b.d${at - 1}`}
    else (select d from unnest(array[${all}]) d where d is not null order by d desc offset ${at - 1} limit 1) end`,
)

/**
 * Adds new orders to the rows of their buyers, without reading the orders that were there. Rows are met in one order, so that
 * two transactions with the same buyers wait for each other.
 */
export async function addToBuyers(tx: Tx, corpId: number, given: readonly Added[]): Promise<void> {
  if (given.length === 0) return
  const added = [...given].sort((a, b) => a.personNo - b.personNo)
  const persons = numberArray(added.map(({ personNo }) => personNo))
  const day = (place: number) => sql`${numberArray(added.map((one) => one.days[place] ?? null))}::int[]`
  await sql`insert into audience_buyers as b (corp_id, chunk, person_no, orders, net, period, d1, d2, d3, d4, d5,
      ${sql.raw(slots.map((slot) => `t${slot}`).join(', '))})
    select ${corpId}, no >> 16, no, orders, net, period, d1, d2, d3, d4, d5, ${sql.raw(slots.map(() => 'since').join(', '))}
    from unnest(${persons}::int[], ${numberArray(added.map(({ orders }) => orders))}::int[],
      ${numberArray(added.map(({ net }) => net))}::bigint[], ${numberArray(added.map(({ period }) => period))}::int[],
      ${day(0)}, ${day(1)}, ${day(2)}, ${day(3)}, ${day(4)}) as given(no, orders, net, period, d1, d2, d3, d4, d5),
      lateral (select least(2147483647, net)::int as since) capped
    on conflict (corp_id, person_no, chunk) do update set
      orders = b.orders + excluded.orders, net = b.net + excluded.net, period = greatest(b.period, excluded.period),
      ${sql.raw([...days, ...sums].join(', '))}`.execute(tx)
  // their digits follow when bits are folded; who stands there already is locked: a folding that has taken him is waited for
  await sql`insert into audience_bought as t (corp_id, chunk, person_no)
    select ${corpId}, no >> 16, no from unnest(${persons}::int[]) given(no)
    on conflict (corp_id, person_no, chunk) do update set chunk = excluded.chunk where t.person_no is null`.execute(tx)
}
