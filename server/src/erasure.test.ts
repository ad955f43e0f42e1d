import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verifyChain } from './domains/compliance/audit.trail.ts'
import { erasureWays } from './domains/compliance/erasure.ts'
import { erasePerson } from './domains/compliance/index.ts'
import { appendEvents } from './infra/events/events.store.ts'
import { writeTraces } from './infra/traces/traces.store.ts'
import { pathStage } from './path-stage.ts'

const stage = await pathStage({ sandbox: { people: 20, staff: 12, clock: { paused: true } } })
const { db } = stage.database
const corp = await db.selectFrom('corps').selectAll().executeTakeFirstOrThrow()
const name = '诸葛慕容晓'
const remark = '慕容·常买车厘子'

const made = z.object({ id: z.string(), externalUserId: z.string() })
async function admin(path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${stage.sandboxUrl}/sandbox${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

async function newcomer(called: string): Promise<{ external: string; customerId: number }> {
  const person = made.parse(await admin('/people', { role: 'customer', name: called }))
  await admin(`/people/${person.id}/add`, { userid: 'chenxiaoyu' })
  await stage.settled()
  const { customer_id } = await db
    .selectFrom('relations')
    .select('customer_id')
    .where('external_userid', '=', person.externalUserId)
    .executeTakeFirstOrThrow()
  return { external: person.externalUserId, customerId: customer_id }
}

/** Everywhere that a text stands, in whatever column of whatever table. */
async function placesOf(text: string): Promise<Record<string, number>> {
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'graphile_worker') and c.relkind = 'r' and n.nspname = 'public'`.execute(db)
  const found: Record<string, number> = {}
  for (const { name: table } of tables) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(table)} t where strpos(t::text, ${text}) > 0`.execute(db)
    if ((rows[0]?.n ?? 0) > 0) found[table] = rows[0]?.n ?? 0
  }
  return found
}

/** What other rooms write about a person, in its own words. */
async function leaveTraces(who: { external: string; customerId: number }): Promise<void> {
  const { external, customerId } = who
  const at = stage.clock.now()
  const base = { corp_id: corp.id, customer_id: customerId, external_userid: external }
  await db
    .updateTable('customers')
    .set({ name, name_pinyin: 'zhu ge mu rong xiao', avatar: `https://faces/${external}.png` })
    .where('id', '=', customerId)
    .execute()
  await db
    .updateTable('relations')
    .set({ remark, description: `电话 13800000000 ${name}`, personal_tags: [remark] })
    .where('customer_id', '=', customerId)
    .execute()
  await db
    .insertInto('customer_cards')
    .values({
      customer_id: customerId,
      corp_id: corp.id,
      search: `${name}\n${remark}`,
      status: 'alive',
      last_added_at: at,
    })
    .execute()
  await db
    .insertInto('customer_todos')
    .values({ ...base, kind: 'remark', userid: 'chenxiaoyu', next_at: at, detail: JSON.stringify({ remark }) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await db
    .insertInto('sync_differences')
    .values({ ...base, operation_id: '00000000-0000-7000-8000-000000000001', kind: 'found', userid: 'chenxiaoyu', at })
    .execute()
  const task = { corp_id: corp.id, userid: 'chenxiaoyu', kind: 'welcome', key: `welcome:${external}`, created_at: at }
  await db
    .insertInto('staff_tasks')
    .values({ ...task, customer_id: customerId, detail: JSON.stringify({ text: `${name}你好` }) })
    .execute()
  const { id: send } = await db
    .insertInto('app_message_sends')
    .values({
      ...{ corp_id: corp.id, userid: 'chenxiaoyu', made_at: at, messages: 2, state: 'sent', process_id: 1 },
      content: JSON.stringify({ text: `2 条新消息:\n· ${name} 支付了 9.90 元\n· 别人 支付了 8.80 元` }),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('app_messages')
    .values({
      ...{ corp_id: corp.id, userid: 'chenxiaoyu', kind: 'order.paid', key: `order:${customerId}`, send_id: send },
      ...{ customer_id: customerId, values: JSON.stringify({ 客户: name }), created_at: at },
    })
    .execute()
  await db
    .insertInto('identities')
    .values({ corp_id: corp.id, kind: 'unionid', value: `union-${external}`, customer_id: customerId, seen_at: at })
    .execute()
  await appendEvents(
    db,
    [
      {
        kind: 'customer.remarked',
        corpId: corp.id,
        customerId,
        staffUserid: 'chenxiaoyu',
        occurredAt: at,
        cause: `effect:remark:${external}`,
        payload: { externalUserid: external, remark, channelId: 'kept' },
      },
    ],
    at,
  )
  const said = { customer_id: customerId, at, corp_id: corp.id, through: 'account', reason: `${name}在电话里说的` }
  await db
    .insertInto('personalisation_wishes')
    .values({ ...said, personalised: false })
    .execute()
  const opened = { link_id: 1, id: '00000000-0000-7000-8000-000000000001', run_id: 1, task: 1 }
  await db
    .insertInto('link_opens')
    .values({ ...opened, at, corp_id: corp.id, customer_id: customerId })
    .execute()
  const subject = `relation:chenxiaoyu:${external}`
  await writeTraces(db, [{ corpId: corp.id, kind: 'tags', subject, decidedAt: at, body: { name } }])
  await db
    .insertInto('callbacks')
    .values({
      batch_id: 1,
      corp_id: corp.id,
      app_id: '00000000-0000-7000-8000-000000000001',
      received_at: at,
      created_at: at,
      kind: 'group.updated',
      subject: 'wrGroup',
      body: `<xml><MemChangeList><Item>${external}</Item></MemChangeList></xml>`,
    })
    .execute()
}

const audit = {
  corpId: corp.id,
  actor: { accountId: '00000000-0000-7000-8000-000000000009', name: '管理员', role: 'administrator' as const },
  action: 'customer.erase' as const,
  outcome: 'done' as const,
  reason: '本人要求',
  ip: '127.0.0.1',
  userAgent: 'test',
  requestId: 'r1',
}
const erase = (customerId: number) => erasePerson(stage.services, { corpId: corp.id, customerId, audit })

describe('erasing a person', () => {
  it('leaves no id and no name in any table but a keyed fingerprint, and nobody else is touched', async () => {
    const gone = await newcomer(name)
    const other = await newcomer('留下的人')
    await leaveTraces(gone)
    const before = await placesOf(gone.external)
    const others = await placesOf(other.external)
    expect(Object.keys(before).length).toBeGreaterThan(8)
    const counts = async () =>
      Promise.all(
        (['relations', 'events', 'effects', 'welcome_sends', 'callbacks', 'customers', 'identities'] as const).map(
          async (table) =>
            (await db.selectFrom(table).select(db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n,
        ),
      )
    const rows = await counts()

    const outcome = await erase(gone.customerId)
    expect(outcome).toMatchObject({ kind: 'erased', customerIds: [gone.customerId] })
    for (const text of [gone.external, name, remark, 'zhu ge', '13800000000']) expect(await placesOf(text)).toEqual({})
    expect(await placesOf(other.external)).toEqual(others)
    // what is counted stays countable
    expect(await counts()).toEqual(rows)
    const left = await db
      .selectFrom('identities')
      .select(['kind', 'value'])
      .where('customer_id', '=', gone.customerId)
      .execute()
    expect(left.map((one) => one.kind).sort()).toEqual(['external_userid', 'unionid'])
    for (const { value } of left) expect(value).toMatch(/^erased-[0-9a-f]{32}$/)
    // that somebody opened a link stays, and not who
    expect(await db.selectFrom('link_opens').select('customer_id').execute()).toEqual([{ customer_id: 0 }])
    const welcome = db.selectFrom('events').select('payload').where('customer_id', '=', gone.customerId)
    expect(await welcome.where('kind', '=', 'welcome.sent').executeTakeFirst()).toMatchObject({
      payload: { outcome: 'sent', welcomeId: expect.any(String) },
    })
  })

  it('is recorded in the chain, with who and why and not whom by name; once', async () => {
    const entries = db.selectFrom('audit_entries').selectAll().where('action', '=', 'customer.erase')
    const [entry] = await entries.execute()
    expect(entry).toMatchObject({ object_kind: 'customer', account_name: '管理员', summary: { reason: '本人要求' } })
    expect(await verifyChain(db, corp.id)).toMatchObject({ ok: true })
    expect(await erase(Number(entry?.object_id))).toEqual({ kind: 'unknown' })
    expect(await erase(999_999)).toEqual({ kind: 'unknown' })
    expect(await entries.execute()).toHaveLength(1)
  })

  it('takes those along who were merged into him, whichever is named', async () => {
    const [one, two] = [await newcomer('甲某人'), await newcomer('乙某人')]
    await db.updateTable('customers').set({ merged_into: one.customerId }).where('id', '=', two.customerId).execute()
    expect(await erase(two.customerId)).toMatchObject({ customerIds: [one.customerId, two.customerId] })
    for (const text of [one.external, two.external]) expect(await placesOf(text)).toEqual({})
  })

  it('waits for a call that is under way, and changes nothing meanwhile', async () => {
    const who = await newcomer('丙某人')
    await db.updateTable('effects').set({ state: 'claimed' }).where('subject', '=', who.external).execute()
    const before = await placesOf(who.external)
    expect(await erase(who.customerId)).toEqual({ kind: 'busy' })
    expect(await placesOf(who.external)).toEqual(before)
    await db.updateTable('effects').set({ state: 'done' }).where('subject', '=', who.external).execute()
    expect(await erase(who.customerId)).toMatchObject({ kind: 'erased' })
  })

  it('whoever adds again is a new person, greeted as one', async () => {
    const who = await newcomer('丁某人')
    await erase(who.customerId)
    await admin(`/people/${who.external}/delete`, { peer: 'chenxiaoyu' })
    await admin('/clock', { advanceMs: 60_000 })
    await admin(`/people/${who.external}/add`, { userid: 'chenxiaoyu' })
    await stage.settled()
    const again = await db.selectFrom('identities').select('customer_id').where('value', '=', who.external).execute()
    expect(again).toHaveLength(1)
    expect(again[0]?.customer_id).not.toBe(who.customerId)
    const welcome = db.selectFrom('welcome_sends').select('outcome').where('external_userid', '=', who.external)
    expect(await welcome.execute()).toEqual([{ outcome: 'sent' }])
    expect(await db.selectFrom('customers').select('name').where('id', '=', who.customerId).execute()).toEqual([
      { name: null },
    ])
  })
})

it('every table says what becomes of a person’s traces in it', async () => {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migrations'`.execute(
    db,
  )
  expect(Object.keys(erasureWays).sort()).toEqual(rows.map((row) => row.name).sort())
})
