import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { testDatabase } from '../postgres/testing.ts'
import { followEvents } from './follow.ts'

const { db } = await testDatabase()

/** An event of a transaction with this number, as if it had been committed long ago. */
async function happened(txid: number): Promise<void> {
  await sql`
    insert into events (customer_id, corp_id, kind, occurred_at, learnt_at, cause, payload, txid)
    values (1, 1, 'relation.added', now(), now(), 'test', ${JSON.stringify({ txid })}::jsonb, ${String(txid)}::xid8)`.execute(
    db,
  )
}

it('hands every event over once and in commit order, also where the transaction’s number grows by a digit', async () => {
  const seen: unknown[] = []
  const follow = (limit: number) =>
    followEvents(db, 'test', limit, async (events) => void seen.push(...events.map(({ payload }) => payload['txid'])))
  for (const txid of [10, 9, 8, 11, 100, 99]) await happened(txid)
  while ((await follow(4)) > 0);
  expect(seen).toEqual([8, 9, 10, 11, 99, 100])
})

it('who builds on the work of another waits for it', async () => {
  const seen: unknown[] = []
  const after = () =>
    followEvents(db, 'after', 10, async (events) => void seen.push(...events.map(({ payload }) => payload['txid'])), {
      behind: 'before',
    })
  expect([await after(), seen]).toEqual([0, []])
  await followEvents(db, 'before', 3, async () => undefined)
  await after()
  expect(seen).toEqual([8, 9, 10])
})
