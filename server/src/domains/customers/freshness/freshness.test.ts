import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { untilFollowed } from '../../../infra/events/testing.ts'
import { wireLosingAnswerOf } from '../../../infra/platform/testing.ts'
import { type Callback, factKey } from '../../intake/index.ts'
import { customerStage } from '../customer-stage.ts'
import { resolveIdentities } from '../identities/identity-resolve.store.ts'
import { rootsOf } from '../persons/person-homes.store.ts'
import { applyRelationFacts } from '../relations/relation-facts.store.ts'
import type { RelationFact } from '../relations/relation-facts.ts'
import { createCustomerUpkeep, handleCustomerCallbacks } from './customer-upkeep.ts'
import { readsPages, remarkFor } from './freshness.ts'
import { watchHalf } from './half-watch.ts'
import { addTodos } from './todos.store.ts'

const stage = await customerStage({
  staff: 6,
  people: 60,
  relations: 80,
})
const { db, sandbox, corpId } = stage
const upkeep = createCustomerUpkeep(stage.services)
const channelId = '00000000-0000-7000-8000-0000000000c1'
let tagIds: string[] = []

beforeAll(async () => {
  await stage.sync()
  tagIds = (await db.selectFrom('corp_tags').select('tag_id').orderBy('tag_id').limit(2).execute()).map((t) => t.tag_id)
  const at = stage.clock.now()
  await db
    .insertInto('channels')
    .values({
      ...{
        id: channelId,
        corp_id: corpId,
        kind: 'qr',
        name: '海报',
        state: 'poster',
        code: 'poster1',
        strategy: 'platform',
      },
      ...{
        tag_ids: tagIds,
        remark: '海报-{客户昵称}',
        description: '来自海报',
        created_by: 'test',
        created_at: at,
        updated_at: at,
      },
    })
    .execute()
})

/** Somebody new adds the member; we hear of it as the add path would. */
async function add(name: string, half = false) {
  const person = z
    .object({ externalUserId: z.string() })
    .parse(await stage.admin('POST', '/sandbox/people', { name, role: 'customer' }))
  await stage.admin('POST', `/sandbox/people/${person.externalUserId}/add`, { userid: 'chenxiaoyu', half })
  await tell(half ? 'half_added' : 'added', person.externalUserId)
  return person.externalUserId
}

async function tell(kind: RelationFact['kind'], externalUserid: string) {
  stage.clock.set(new Date(sandbox.clock.now()))
  const at = new Date(Math.floor(stage.clock.now().getTime() / 1000) * 1000)
  const fact: RelationFact = {
    ...{ kind, corpId, userid: 'chenxiaoyu', externalUserid, at, cause: 'test' },
    ...(kind === 'edited' ? {} : { state: 'poster', channelId }),
    dedupeKey: factKey(corpId, [kind, 'chenxiaoyu', externalUserid, at.getTime()]),
  }
  await db.transaction().execute((tx) => applyRelationFacts(tx, stage.services.vault, [fact], at))
}

/** Events are read below the oldest transaction of the whole cluster, so other test files can hold them up. */
async function passUntil(holds: () => Promise<boolean>): Promise<void> {
  const passed = async () => {
    await db
      .updateTable('customer_todos')
      .set({ next_at: new Date(0) })
      .execute()
    await caughtUp()
    return holds()
  }
  await expect.poll(passed).toBe(true)
}
const putOnDone = async (externalUserid: string) =>
  (await effectsOf(externalUserid)).filter((effect) => effect.state === 'done').length === 2

async function relationOf(externalUserid: string) {
  return db
    .selectFrom('relations')
    .innerJoin('customers', 'customers.id', 'relations.customer_id')
    .select([
      'relations.customer_id',
      'name',
      'name_pinyin',
      'avatar',
      'remark',
      'description',
      'tag_ids',
      'relations.status',
    ])
    .where('external_userid', '=', externalUserid)
    .executeTakeFirstOrThrow()
}
const atPlatform = async (externalUserid: string) => {
  const { follow_user } = await stage.client.customers.get({ external_userid: externalUserid })
  return follow_user.find((one) => one.userid === 'chenxiaoyu')
}
const effectsOf = (externalUserid: string) =>
  db.selectFrom('effects').select(['kind', 'state']).where('subject', '=', externalUserid).orderBy('kind').execute()

describe('after an add', () => {
  it('what came under his unionid before is his in the same look that reads his detail', async () => {
    const { externalUserId: external, unionId = '' } = z
      .object({ externalUserId: z.string(), unionId: z.string() })
      .parse(await stage.admin('POST', '/sandbox/people', { name: '早有订单', role: 'customer' }))
    const identities = [
      { kind: 'unionid', value: unionId },
      { kind: 'member_no', value: 'early-1' },
    ]
    const fact = { identities, source: 'order', reference: '1', at: stage.clock.now() }
    const context = { corpId, vault: stage.services.vault, learntAt: stage.clock.now() }
    const [order] = await db.transaction().execute((tx) => resolveIdentities(tx, context, [fact]))
    await stage.admin('POST', `/sandbox/people/${external}/add`, { userid: 'chenxiaoyu' })
    await tell('added', external)
    const todo = {
      corpId,
      kind: 'detail',
      userid: 'chenxiaoyu',
      externalUserid: external,
      customerId: undefined,
    } as const
    await addTodos(db, [{ ...todo, detail: {} }], new Date())
    await upkeep.pass()
    const { customer_id: home } = await relationOf(external)
    const roots = await rootsOf(db, corpId, [home, order?.home ?? 0])
    expect(roots.get(order?.home ?? 0)).toBe(home)
    // the next look puts on what the channel wishes
    await passUntil(() => putOnDone(external))
  })

  it('name and face are read, and the channel’s tags, remark and description put on, once each', async () => {
    const id = await add('苏小晚')
    await passUntil(() => putOnDone(id))
    await caughtUp()
    const relation = await relationOf(id)
    expect(relation).toMatchObject({
      ...{
        name: '苏小晚',
        name_pinyin: 'su xiao wan',
        remark: '海报-苏小晚',
        description: '来自海报',
        status: 'alive',
      },
      tag_ids: tagIds,
    })
    const there = await atPlatform(id)
    expect(there).toMatchObject({ remark: '海报-苏小晚', description: '来自海报' })
    expect(there?.tags.map((tag) => tag.tag_id).sort()).toEqual(tagIds)
    expect(await effectsOf(id)).toEqual([
      { kind: 'customers.remark', state: 'done' },
      { kind: 'tags.mark', state: 'done' },
    ])
    const card = await db
      .selectFrom('customer_cards')
      .selectAll()
      .where('customer_id', '=', relation.customer_id)
      .executeTakeFirstOrThrow()
    expect(card).toMatchObject({ status: 'alive', tag_ids: tagIds, channel_ids: [channelId], userids: ['chenxiaoyu'] })
    expect(card.search.split('\n')).toEqual(expect.arrayContaining(['苏小晚', 'suxiaowan', 'sxw', '海报-苏小晚']))
    expect(await db.selectFrom('customer_todos').select('kind').execute()).toEqual([])
  })

  it('a half add waits for the full one', async () => {
    const id = await add('半加', true)
    await caughtUp()
    expect(await effectsOf(id)).toEqual([])
    expect(await relationOf(id)).toMatchObject({ name: null, status: 'half' })
    stage.clock.advance(25 * 3_600_000)
    await watchHalf(db, corpId, stage.clock.now())
    const alarm = () =>
      db.selectFrom('alarms').selectAll().where('kind', '=', 'customers.half').executeTakeFirstOrThrow()
    expect(await alarm()).toMatchObject({ severity: 'amber', cleared_at: null })
    await stage.admin('POST', '/sandbox/people/chenxiaoyu/accept', { peer: id })
    sandbox.clock.advance(1_000)
    await tell('added', id)
    await passUntil(() => putOnDone(id))
    expect(await relationOf(id)).toMatchObject({ name: '半加', status: 'alive', tag_ids: tagIds })
    await watchHalf(db, corpId, stage.clock.now())
    expect((await alarm()).cleared_at).not.toBeNull()
  })

  it('a lost answer is settled by reading, not by marking twice', async () => {
    const id = await add('失答')
    const wire = wireLosingAnswerOf('/mark_tag')
    stage.restart(wire.fetch)
    await passUntil(() => putOnDone(id))
    expect(wire.lost()).toBe(true)
    expect(await effectsOf(id)).toContainEqual({ kind: 'tags.mark', state: 'done' })
    expect((await atPlatform(id))?.tags).toHaveLength(2)
  })

  it('a change by the member is read again', async () => {
    const id = await add('改名')
    await passUntil(() => putOnDone(id))
    await stage.client.customers.remark({ userid: 'chenxiaoyu', external_userid: id, remark: '老客户' })
    await tell('edited', id)
    await passUntil(async () => (await relationOf(id)).remark === '老客户')
    expect(await relationOf(id)).toMatchObject({ remark: '老客户' })
  })
})

describe('members, departments and tags', () => {
  it('are read again when a callback names them, once a round however often', async () => {
    await stage
      .admin('POST', '/sandbox/people', { name: '新员工', role: 'staff', userid: 'xinyuangong' })
      .catch(() => undefined)
    const people = await stage.people('staff')
    const fresh = people.find((one) => one.name === '新员工')
    expect(fresh).toBeDefined()
    const todo = { corpId, externalUserid: '', customerId: undefined, detail: {} }
    await addTodos(
      db,
      [
        { ...todo, kind: 'staff', userid: fresh?.id ?? '' },
        { ...todo, kind: 'staff', userid: fresh?.id ?? '' },
        { ...todo, kind: 'staff', userid: 'nobody' },
        { ...todo, kind: 'departments', userid: '' },
        { ...todo, kind: 'corp_tags', userid: '' },
      ],
      new Date(),
    )
    await caughtUp()
    const staff = await db
      .selectFrom('staff')
      .selectAll()
      .where('userid', '=', fresh?.id ?? '')
      .executeTakeFirst()
    expect(staff).toMatchObject({ name: '新员工', name_pinyin: 'xin yuan gong', gone_at: null })
    expect(await db.selectFrom('customer_todos').select(['kind', 'reason']).execute()).toEqual([])
  })
})

describe('callbacks of other families', () => {
  const callback = (event: Partial<Callback['event']>) => ({ corpId, event }) as Callback
  it('become things to read, once each; a member who left is gone at once, one who was renamed keeps his customers', async () => {
    await handleCustomerCallbacks(stage.services, [
      callback({ kind: 'tag.updated' }),
      callback({ kind: 'tag.created' }),
      callback({ kind: 'contact.party_updated' }),
      callback({ kind: 'app.subscribed', userId: 'chenxiaoyu' as never }),
      callback({ kind: 'contact.user_updated', userId: 'chenxiaoyu' as never }),
      callback({ kind: 'customer.edited', userId: 'chenxiaoyu' as never }),
    ])
    const todos = await db.selectFrom('customer_todos').select(['kind', 'userid']).orderBy('kind').execute()
    expect(todos).toEqual([
      { kind: 'corp_tags', userid: '' },
      { kind: 'departments', userid: '' },
      { kind: 'staff', userid: 'chenxiaoyu' },
    ])
    await caughtUp()
    expect(await db.selectFrom('customer_todos').select('kind').execute()).toEqual([])
    const mine = () => db.selectFrom('relations').select('customer_id').where('userid', '=', 'chenxiaoyu2').execute()
    await handleCustomerCallbacks(stage.services, [
      callback({ kind: 'contact.user_updated', userId: 'chenxiaoyu' as never, newUserId: 'chenxiaoyu2' as never }),
    ])
    expect((await mine()).length).toBeGreaterThan(3)
    const renamed = await db.selectFrom('staff').select('leads').where('userid', '=', 'chenxiaoyu2').executeTakeFirst()
    expect(renamed?.leads).toHaveLength(1)
    const cards = await db.selectFrom('customer_cards').select('userids').execute()
    expect(cards.some((card) => card.userids.includes('chenxiaoyu'))).toBe(false)
    await handleCustomerCallbacks(stage.services, [
      callback({ kind: 'contact.user_deleted', userId: 'chenxiaoyu2' as never }),
    ])
    const gone = await db.selectFrom('staff').select('gone_at').where('userid', '=', 'chenxiaoyu2').executeTakeFirst()
    expect(gone?.gone_at).not.toBeNull()
  })
})

describe('rules', () => {
  it('a member’s pages are read when they are fewer calls than single reads', () => {
    expect(readsPages(1, 5_000, 100)).toBe(false)
    expect(readsPages(50, 5_000, 100)).toBe(false)
    expect(readsPages(51, 5_000, 100)).toBe(true)
    expect(readsPages(2, 30, 100)).toBe(true)
    expect(readsPages(1, 0, 100)).toBe(false)
  })
  it('a remark that names the customer waits for his name and keeps to the limit', () => {
    expect(remarkFor('A-{客户昵称}', null, 20)).toBeUndefined()
    expect(remarkFor('海报', null, 20)).toBe('海报')
    expect(remarkFor('A-{客户昵称}', '🍊'.repeat(30), 20)).toBe(`A-${'🍊'.repeat(18)}`)
  })
})

function caughtUp(): Promise<void> {
  return untilFollowed(stage.db, 'customers.freshness', () => upkeep.pass())
}
