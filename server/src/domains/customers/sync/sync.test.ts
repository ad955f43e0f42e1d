import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refreshCards } from '../cards/cards.store.ts'
import { customerStage } from '../customer-stage.ts'

const stage = await customerStage({ staff: 20, people: 900, relations: 2_600 })
const { db, sandbox } = stage

async function relationsThere(): Promise<number> {
  let sum = 0
  for (const userid of (await stage.client.customers.listFollowUsers({})).follow_user) {
    sum += (await stage.client.customers.listExternalUserIds({ userid }).catch(() => ({ external_userid: [] })))
      .external_userid.length
  }
  return sum
}

describe('the first sync', () => {
  it('stops anywhere and goes on from the last page it wrote, reading next to nothing twice', async () => {
    const id = uuid()
    await expect(stage.sync({ id, stopAfter: 3 })).rejects.toThrow('stops')
    const before = await stage.calls('batch/get_by_user')
    expect(await db.selectFrom('relations').select('userid').execute()).not.toHaveLength(0)
    const report = await stage.sync({ id })
    const there = await relationsThere()
    expect(report).toMatchObject({ relations: there, found: 0, vanished: 0, kept: 0, skipped: [] })
    expect(before).toBeGreaterThan(5)
    expect((await stage.calls('batch/get_by_user')) - Math.ceil(there / 100)).toBeLessThanOrEqual(12)
    const { n } = await db.selectFrom('relations').select(db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
    expect(n).toBe(there)
  })

  it('knows names and pinyin of staff and customers, tags, and who has customer contact', async () => {
    const staff = await db.selectFrom('staff').selectAll().execute()
    expect(staff).toHaveLength(20)
    const first = staff.find((one) => one.userid === 'chenxiaoyu')
    expect(first).toMatchObject({ name: '陈晓雨', name_pinyin: 'chen xiao yu', status: 1, follows: true })
    expect(first?.department_ids).not.toEqual([])
    // the first of a store leads it
    expect(first?.leads).toEqual(first?.department_ids)
    expect(staff.filter(({ leads }) => leads.length > 0)).toHaveLength(8)
    const customer = await db
      .selectFrom('customers')
      .selectAll()
      .where('name', 'is not', null)
      .executeTakeFirstOrThrow()
    expect(customer).toMatchObject({ name_pinyin: expect.stringMatching(/^[a-z0-9 ]*$/), avatar: expect.any(String) })
    const tags = await db.selectFrom('corp_tags').select('tag_id').execute()
    expect(tags.length).toBeGreaterThan(5)
    const tagged = (await db.selectFrom('relations').select('tag_ids').execute()).filter(
      (one) => one.tag_ids.length > 0,
    )
    expect(tagged.length).toBeGreaterThan(50)
    const { n } = await db
      .selectFrom('customer_cards')
      .select(db.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    const people = await db.selectFrom('relations').select('customer_id').distinct().execute()
    expect(n).toBe(people.length)
    expect(await db.selectFrom('events').select('id').execute()).toEqual([])
    const cards = () => db.selectFrom('customer_cards').selectAll().orderBy('customer_id').execute()
    const before = await cards()
    await db.transaction().execute((tx) =>
      refreshCards(
        tx,
        before.map((card) => card.customer_id),
      ),
    )
    expect(await cards()).toEqual(before)
  })
})

describe('search rows', () => {
  it('that a stopped sync had not written yet are written when it goes on', async () => {
    const id = uuid()
    await expect(stage.sync({ id, stopAfter: 2 })).rejects.toThrow('stops')
    const lost = await db.selectFrom('customer_cards').selectAll().orderBy('customer_id').limit(5).execute()
    const ids = lost.map((one) => one.customer_id)
    // killed between the rows and their search rows
    await db.deleteFrom('customer_cards').where('customer_id', 'in', ids).execute()
    const point = db.updateTable('sync_points').where('operation_id', '=', id)
    await point.set({ cards_due: ids, position: JSON.stringify({ from: 10_000, size: 100, cursor: '' }) }).execute()
    await stage.sync({ id })
    const again = await db
      .selectFrom('customer_cards')
      .selectAll()
      .where('customer_id', 'in', ids)
      .orderBy('customer_id')
      .execute()
    expect(again).toEqual(lost)
  })

  it('follow their rows by one transaction, and are named with the position until then', async () => {
    const id = uuid()
    await expect(stage.sync({ id, stopAfter: 2 })).rejects.toThrow('stops')
    const point = await db
      .selectFrom('sync_points')
      .select('cards_due')
      .where('operation_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(point.cards_due.length).toBeGreaterThan(0)
    expect(new Set(point.cards_due).size).toBe(point.cards_due.length)
  })
})

describe('identities and phone numbers', () => {
  it('a unionid is an identity of its customer, once; people of other companies have none', async () => {
    const { rows } = await sql<{ people: number; unionids: number; wrong: number }>`
      select count(*) filter (where c.kind = 1)::int as people, count(i.value)::int as unionids,
        count(*) filter (where (c.kind = 1) <> (i.value is not null))::int as wrong
      from customers c left join identities i on i.customer_id = c.id and i.kind = 'unionid'
      where c.name is not null`.execute(db)
    expect(rows[0]?.people).toBeGreaterThan(500)
    expect(rows[0]).toMatchObject({ unionids: rows[0]?.people, wrong: 0 })
  })

  it('noted phone numbers are kept sealed, and go when the member deletes them', async () => {
    const { userid, external_userid, customer_id } = await aliveRelation(5)
    const at = { userid: userid as never, external_userid: external_userid as never }
    const stored = () =>
      db
        .selectFrom('relations')
        .select('mobiles')
        .where('customer_id', '=', customer_id)
        .where('userid', '=', userid)
        .executeTakeFirstOrThrow()
    await stage.client.customers.remark({ ...at, remark_mobiles: ['13812345678', '02112345678'] })
    await stage.sync()
    const { mobiles } = await stored()
    expect(mobiles?.toString('latin1')).not.toContain('13812345678')
    expect(JSON.parse(stage.services.vault.open(mobiles ?? Buffer.alloc(0)))).toEqual(['13812345678', '02112345678'])
    await stage.client.customers.remark({ ...at, remark_mobiles: [''] })
    await stage.sync()
    expect(await stored()).toEqual({ mobiles: null })
  })
})

describe('a reconcile', () => {
  it('finds adds that nobody told of, ends what is gone, never revives what a customer ended', async () => {
    const [missed, left] = await strangers()
    // the platform tells the second of an add: it must not be that of the first sync
    await stage.admin('POST', '/sandbox/clock', { advanceMs: 2_000 })
    const gone = await aliveRelation(0)
    const ended = await aliveRelation(1)
    await stage.admin('POST', `/sandbox/people/${missed}/add`, { userid: 'chenxiaoyu' })
    await stage.admin('POST', `/sandbox/people/${gone.userid}/delete`, { peer: gone.external_userid })
    // the customer ended it, and his callback did come
    await stage.admin('POST', `/sandbox/people/${ended.external_userid}/delete`, { peer: ended.userid })
    await db
      .updateTable('relations')
      .set({ ended_at: new Date(sandbox.clock.now()), ended_by: 'customer' })
      .where('customer_id', '=', ended.customer_id)
      .where('userid', '=', ended.userid)
      .execute()
    stage.clock.set(new Date(sandbox.clock.now() + 10 * 60_000))
    const report = await stage.sync()
    expect(report).toMatchObject({ found: 1, vanished: 1, kept: 0 })
    const found = await db.selectFrom('events').selectAll().where('kind', '=', 'relation.found').execute()
    expect(found).toMatchObject([
      { staff_userid: 'chenxiaoyu', payload: { externalUserid: missed, welcome: 'impossible' } },
    ])
    expect(await statusOf(gone)).toMatchObject({ status: 'ended', ended_by: 'staff' })
    expect(await statusOf(ended)).toMatchObject({ status: 'ended', ended_by: 'customer' })
    const differences = await db
      .selectFrom('sync_differences')
      .select(['kind', 'external_userid'])
      .orderBy('kind')
      .execute()
    expect(differences).toEqual([
      { kind: 'found', external_userid: missed },
      { kind: 'vanished', external_userid: gone.external_userid },
    ])
    expect(await stage.sync()).toMatchObject({ found: 0, vanished: 0 })
    expect(left).toBeDefined()
  })

  it('leaves an add that is younger than its callback’s last repeat to the callback, and asks again at the end', async () => {
    const [young] = await strangers()
    await stage.admin('POST', `/sandbox/people/${young}/add`, { userid: 'chenxiaoyu' })
    stage.clock.set(new Date(sandbox.clock.now()))
    let over = false
    const running = stage.sync().finally(() => {
      over = true
    })
    while (!over) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      stage.clock.advance(5_000)
    }
    expect(await running).toMatchObject({ found: 1 })
  })

  it('believes no reading in which many are gone at once', async () => {
    const at = new Date('2026-01-01T00:00:00Z')
    await db
      .insertInto('relations')
      .values(
        Array.from({ length: 200 }, (_, n) => ({
          customer_id: 1_000_000 + n,
          corp_id: stage.corpId,
          userid: 'chenxiaoyu',
          external_userid: `wmGone${n}`,
          added_at: at,
        })),
      )
      .execute()
    expect(await stage.sync()).toMatchObject({ vanished: 0, kept: 200 })
    const noted = await db.selectFrom('sync_differences').select('id').where('kind', '=', 'kept').execute()
    expect(noted).toHaveLength(200)
  })
})

/** Customers whom nobody has yet. */
async function strangers(): Promise<string[]> {
  const made = await Promise.all(
    ['新客一', '新客二'].map((name) => stage.admin('POST', '/sandbox/people', { name, role: 'customer' })),
  )
  return made.map((one) => z.object({ externalUserId: z.string() }).parse(one).externalUserId)
}

async function aliveRelation(offset: number) {
  return db
    .selectFrom('relations')
    .select(['customer_id', 'userid', 'external_userid'])
    .where('status', '=', 'alive')
    .orderBy('customer_id')
    .orderBy('userid')
    .offset(offset)
    .limit(1)
    .executeTakeFirstOrThrow()
}

async function statusOf(relation: { customer_id: number; userid: string }) {
  return db
    .selectFrom('relations')
    .select(['status', 'ended_by'])
    .where('customer_id', '=', relation.customer_id)
    .where('userid', '=', relation.userid)
    .executeTakeFirstOrThrow()
}
