import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import type { Change } from '../rules/change.ts'
import { keepBuyersOf } from './buyers.store.ts'
import { noteChanges } from './changes.store.ts'

const { db } = await testDatabase()

const order = fc.record({
  customerId: fc.integer({ min: 1, max: 3 }),
  day: fc.integer({ min: 20_000, max: 20_900 }),
  net: fc.integer({ min: 0, max: 2_000_000_000 }),
})
const batches = fc.array(fc.array(order, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 })

it('what new orders are added to is what all orders together come to', async () => {
  let corpId = 0
  await fc.assert(
    fc.asyncProperty(batches, async (given) => {
      corpId += 1
      let id = corpId * 1_000
      for (const batch of given) {
        const changes = batch.map(({ customerId, day, net }): Change => {
          id += 1
          return {
            kind: 'order',
            customerId: corpId * 10 + customerId,
            id,
            fresh: true,
            order: { id, day, net, lines: [] },
          }
        })
        await db.transaction().execute((tx) => noteChanges(tx, corpId, changes))
      }
      const rows = () => sql`select * from audience_buyers where corp_id = ${corpId} order by person_no`.execute(db)
      const added = (await rows()).rows
      await db.transaction().execute((tx) => keepBuyersOf(tx, corpId, [0, 1, 2]))
      expect(added).toEqual((await rows()).rows)
    }),
    { numRuns: 40 },
  )
})
