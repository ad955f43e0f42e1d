import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { connectDemoWeixin } from './demo/weixin.ts'
import { createCustomerUpkeep } from './domains/customers/index.ts'
import { recordTouches } from './domains/reach/index.ts'
import { createWeixinUpkeep } from './domains/weixin/index.ts'
import { untilFollowed } from './infra/events/testing.ts'
import { pathStage } from './path-stage.ts'

const stage = await pathStage({ sandbox: { people: 150, staff: 12, clock: { paused: true } } })
const { db } = stage.database
const { services } = stage
const corp = await db.selectFrom('corps').selectAll().executeTakeFirstOrThrow()
const sandboxUrl = stage.sandboxUrl ?? ''
await connectDemoWeixin(
  { ...services, config: { ...services.config, publicUrl: stage.url } },
  sandboxUrl,
  corp.id,
  corp.corpid,
)
const weixin = createWeixinUpkeep(services, recordTouches)
const customers = createCustomerUpkeep(services)

const oracle = z.object({ counts: z.record(z.string(), z.object({ count: z.int(), fen: z.int() })) })
const post = async (path: string, body: unknown = {}) => {
  const answer = await fetch(`${sandboxUrl}/sandbox${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
}

it('a crowd in the Official Account and the mini program comes to the same figures here as there', async () => {
  await post('/oracle/reset')
  await post('/scenarios/shop-day/start', { durationS: 7_200, addsPerMinute: 1 })
  // shorter than a log-in code lives: nothing may come later than its code
  for (let minute = 0; minute < 120; minute += 2) {
    stage.sandbox?.clock.advance(120_000)
    await stage.sandbox?.settled()
  }
  await stage.settled()
  await weixin.pass()
  await untilFollowed(db, 'customers.freshness', () => customers.pass())
  await customers.pass()
  const { counts } = oracle.parse(await (await fetch(`${sandboxUrl}/sandbox/oracle/weixin`)).json())
  const there = (kind: string) => counts[kind]?.count ?? 0
  const { rows } = await sql<{ followed: number; unfollowed: number; wrote: number; visits: number; waiting: number }>`
    select (select count(*) from events where kind = 'oa.followed')::int as followed,
      (select count(*) from events where kind = 'oa.unfollowed')::int as unfollowed,
      (select count(*) from weixin_callbacks where kind = 'oa.text_received')::int as wrote,
      (select coalesce(sum(visits), 0) from weixin_people)::int as visits,
      (select count(*) from weixin_callbacks where handled_at is null)::int as waiting`.execute(db)
  expect(rows).toEqual([
    {
      ...{ followed: there('oa.subscribed'), unfollowed: there('oa.unsubscribed'), wrote: there('oa.text_received') },
      ...{ visits: there('mini_program.opened'), waiting: 0 },
    },
  ])
  const consents = await sql<{ kind: string; count: number }>`
    select kind, count(*)::int as count from weixin_consents group by kind order by kind`.execute(db)
  const answered = (kind: string) => consents.rows.find((row) => row.kind === kind)?.count ?? 0
  // two answers to one template in one second are one: so at most those that were given
  expect(answered('accepted')).toBe(there('subscribe_message.accepted'))
  expect(answered('rejected')).toBe(there('subscribe_message.rejected'))
  expect(there('oa.subscribed')).toBeGreaterThan(20)
  expect(there('mini_program.opened')).toBeGreaterThan(40)
  // everybody who opened the mini program and follows is one person: his unionid came from both
  const split = await sql<{ count: number }>`
    select count(*)::int as count from (
      select l.value from identities l join customers c on c.id = l.customer_id
      where l.corp_id = ${corp.id} and l.kind = 'unionid'
      group by l.value having count(distinct coalesce(c.merged_into, c.id)) > 1) as apart`.execute(db)
  expect(split.rows).toEqual([{ count: 0 }])
})
