import { type RawBuilder, sql } from 'kysely'
import { rfmDays } from './rfm.ts'

/**
 * What buyers bought, one row a person: person_no, last_day, orders, net. The only place where RFM reads orders: those
 * that count for audiences, which are paid ones with refunds taken off.
 */
export function boughtOf(corpId: number, today: number, persons?: readonly number[]): RawBuilder<unknown> {
  const counted = sql`day > ${sql.lit(today - rfmDays)}`
  const named = persons ? sql`and person_no = any(${[...persons]}::int[])` : sql``
  return sql`select person_no, max(day) as last_day, count(*) filter (where ${counted})::int as orders,
      coalesce(sum(net) filter (where ${counted}), 0)::bigint as net
    from audience_orders where corp_id = ${sql.lit(corpId)} ${named} group by person_no`
}
