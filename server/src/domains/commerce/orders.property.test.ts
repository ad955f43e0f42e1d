import type { OrderInput } from '@nuanyu/client'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { at, commerceSite, order } from './testing.ts'

const { db, corpId, tell } = await commerceSite()

/** One version of one of a few orders, told at one of a few moments: ties and corrections come often. */
const version = fc.record({
  order: fc.integer({ min: 0, max: 2 }),
  minute: fc.integer({ min: 1, max: 4 }),
  buyer: fc.constantFrom('oAnna', 'oBert'),
  amount: fc.constantFrom(1_000, 2_000),
  paid: fc.boolean(),
  cancelled: fc.boolean(),
  refunded: fc.constantFrom(0, 400, 1_000),
})
type Version = typeof version extends fc.Arbitrary<infer V> ? V : never

function told(prefix: string, one: Version): OrderInput {
  const refunds = one.paid && one.refunded > 0 ? [{ number: 'R', amount: one.refunded, at: at(one.minute) }] : []
  return order(
    `${prefix}-${one.order}`,
    { unionid: one.buyer },
    {
      updated_at: at(one.minute),
      amount: one.amount,
      paid_at: one.paid ? at(0) : null,
      cancelled_at: one.cancelled ? at(one.minute) : null,
      refunds,
      lines: [{ product: 'p', category: 'c', quantity: 1, price: one.amount }],
    },
  )
}

/** Everything that is kept of the orders of a prefix, without their numbers. */
async function kept(prefix: string): Promise<unknown> {
  const { rows } = await sql`
    with o as materialized (select * from orders where corp_id = ${corpId} and number like ${`${prefix}-%`}),
    k as materialized (select * from order_keys where corp_id = ${corpId} and number like ${`${prefix}-%`})
    select substring(o.number from '[0-9]$') as which, o.customer_id, o.status, o.amount, o.refunded, o.paid_at, o.cancelled_at,
      o.refunded_at, o.lines, o.refunds, o.version_at, k.customer_id as keyed, k.version_at as keyed_at, k.digest,
      a.person_no, a.day, a.net, (select json_agg(l.amount order by l.line) from audience_lines l where l.order_id = o.id) as bought
    from k join o on o.customer_id = k.customer_id and o.id = k.order_id
    left join audience_orders a on a.corp_id = o.corp_id and a.order_id = o.id order by 1`.execute(db)
  return rows
}

let run = 0

it('any order of the same versions, in whatever batches, ends in the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(version, { minLength: 1, maxLength: 10 })
        .chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray(all, { minLength: all.length }),
            fc.integer({ min: 1, max: 4 }),
          ),
        ),
      async ([all, shuffled, size]) => {
        run += 1
        await tell(
          'orders',
          all.map((one) => told(`a${run}`, one)),
        )
        for (let from = 0; from < shuffled.length; from += size)
          await tell(
            'orders',
            shuffled.slice(from, from + size).map((one) => told(`b${run}`, one)),
          )
        expect(await kept(`b${run}`)).toEqual(await kept(`a${run}`))
      },
    ),
    { numRuns: 25 },
  )
}, 60_000)
