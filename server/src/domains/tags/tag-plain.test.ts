import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { foldChanges } from '../audiences/index.ts'
import { recordFacts } from './tag-facts.store.ts'
import { fillPlain, manyWait } from './tag-plain.store.ts'
import { tagStage } from './tag-stage.ts'

const stage = await tagStage({ staff: 4, people: 60, relations: 90 })
const { db, corpId, clock } = stage

/** Every tag mark of every person as counting sees it. */
async function marks() {
  await foldChanges(db, corpId)
  const { rows } = await sql<{ key: string; persons: string }>`
    select b.key, string_agg(p.customer_id::text, ',' order by p.customer_id) as persons from audience_bits b
    join audience_people p on p.corp_id = b.corp_id and p.person_no >> 16 = b.chunk and get_bit(b.bits, p.person_no & 65535) = 1
    where b.corp_id = ${corpId} and b.key like 'tag:%' group by 1 order by 1`.execute(db)
  return rows
}
const requeue = () =>
  sql`insert into tag_todos (customer_id, corp_id, next_at) select id, corp_id, now() from customers
    on conflict (customer_id) do update set next_at = now()`.execute(db)

it('filling in bulk comes to the same marks as working out one by one, and leaves who has a word of ours to that', async () => {
  await stage.sync()
  await requeue()
  await stage.settle()
  const careful = await marks()
  expect(careful.length).toBeGreaterThan(4)
  await sql`delete from audience_bits where corp_id = ${corpId} and key like 'tag:%'`.execute(db)
  await requeue()
  const [someone] = await db
    .selectFrom('customer_cards')
    .select('customer_id')
    .orderBy('customer_id')
    .limit(1)
    .execute()
  const [tag] = await db.selectFrom('tags').select('id').orderBy('id').limit(1).execute()
  const word = {
    customerId: someone?.customer_id ?? 0,
    tagId: tag?.id ?? '',
    reference: 'r',
    says: true,
    at: clock.now(),
  }
  await db.transaction().execute((tx) => recordFacts(tx, corpId, [{ ...word, source: 'rule' }], new Date()))
  expect(await manyWait(db, corpId, 20, new Date(Date.now() + 1_000))).toBe(true)
  const fill = () => db.transaction().execute((tx) => fillPlain(tx, corpId, 25, new Date(Date.now() + 1_000)))
  let filled = 0
  for (let more = 1; more > 0; filled += more) more = await fill()
  expect(filled).toBeGreaterThan(25)
  const left = await db.selectFrom('tag_todos').select('customer_id').execute()
  expect(left).toEqual([{ customer_id: word.customerId }])
  // nothing of it waits to be folded
  const pending = await sql<{
    n: number
  }>`select count(*)::int as n from audience_changes where key like 'tag:%'`.execute(db)
  expect(pending.rows[0]?.n).toBe(0)
  await db.deleteFrom('tag_facts').execute()
  await stage.settle()
  expect(await marks()).toEqual(careful)
})
