import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { customersRoutes } from '../customers/index.ts'
import { groupStage } from './group-stage.ts'
import { groupsRoutes } from './groups.routes.ts'
import { groupDetail, groupItem, groupMember, groupOfCustomer } from './groups.schema.ts'

const stage = await groupStage({
  staff: 10,
  people: 200,
  relations: 300,
  site: { routes: (services) => [customersRoutes(services), groupsRoutes(services)] },
})
const { db, corpId } = stage
const admin = await stage.as('administrator')
const page = z.object({ items: z.array(groupItem), next_cursor: z.string().nullable() })
const ofOne = z.object({ items: z.array(groupOfCustomer) })
const list = async (query = '', who = admin) => (await who.get(`/api/groups${query}`)).as(page)
const storeId = '00000000-0000-7000-8000-0000000000a1'
const owners = ['chenxiaoyu', '']
let customerId = 0
let chats: string[] = []

beforeAll(async () => {
  owners[1] = (await stage.people('staff')).find((one) => one.id !== 'chenxiaoyu')?.id ?? ''
  await stage.sync()
  await stage.syncGroups()
  await db
    .updateTable('staff')
    .set({ store_id: storeId })
    .where('userid', '=', owners[1] ?? '')
    .execute()
  // a customer of both members, in a group of each
  const relation = await db
    .selectFrom('relations')
    .select(['customer_id', 'external_userid', 'userid'])
    .where('userid', '=', 'chenxiaoyu')
    .where('status', '=', 'alive')
    .executeTakeFirstOrThrow()
  customerId = relation.customer_id
  await db
    .insertInto('relations')
    .values({
      ...{ customer_id: customerId, corp_id: corpId, userid: owners[1] ?? '', added_at: stage.clock.now() },
      external_userid: relation.external_userid,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const person = (await stage.people('customer', 200)).find((one) => one.id === relation.external_userid)
  chats = []
  for (const [n, owner] of owners.entries()) {
    await stage.later(2_000)
    chats.push(await stage.group(`范围群${n}`, [person?.id ?? relation.external_userid], owner))
  }
  await stage.later(120_000)
  await stage.syncGroups()
})

describe('the list of groups', () => {
  it('pages by key, the newest first, every group once', async () => {
    const seen: string[] = []
    let cursor = ''
    for (let pages = 0; pages < 50; pages += 1) {
      const { items, next_cursor } = await list(`?limit=3${cursor}`)
      seen.push(...items.map((item) => item.chat_id))
      if (next_cursor === null) break
      cursor = `&cursor=${next_cursor}`
    }
    const known = await db.selectFrom('groups').select('chat_id').execute()
    expect(new Set(seen)).toEqual(new Set(known.map((row) => row.chat_id)))
    expect(seen).toHaveLength(known.length)
    expect(seen.slice(0, 2)).toEqual([...chats].reverse())
  })

  it('finds by a part of its name or its owner’s, by owner, and keeps the dismissed apart', async () => {
    expect((await list('?q=范围群0')).items.map((item) => item.chat_id)).toEqual([chats[0]])
    const mine = (await list('?owner=chenxiaoyu&limit=200')).items
    expect(mine.length).toBeGreaterThan(0)
    expect(mine.every((item) => item.owner.userid === 'chenxiaoyu')).toBe(true)
    expect((await list('?q=陈晓&limit=200')).items.map((item) => item.chat_id)).toEqual(
      expect.arrayContaining(mine.map((item) => item.chat_id)),
    )
    expect((await list('?q=%25')).items).toEqual([])
    expect((await list('?dismissed=yes')).items).toEqual([])
    expect(mine.find((item) => item.chat_id === chats[0])).toMatchObject({ state: 'normal', members: 2, customers: 1 })
  })

  it('a guide sees only his own groups, a manager those of his stores', async () => {
    const guide = await stage.as('guide', { kind: 'self', userid: 'chenxiaoyu' })
    const own = (await list('?limit=200', guide)).items
    expect(own.map((item) => item.chat_id)).toContain(chats[0])
    expect(own.every((item) => item.owner.userid === 'chenxiaoyu')).toBe(true)
    expect((await list(`?owner=${owners[1]}`, guide)).items).toEqual([])
    const manager = await stage.as('store_manager', { kind: 'store', storeIds: [storeId] })
    const theirs = (await list('?limit=200', manager)).items
    expect(theirs.map((item) => item.chat_id)).toContain(chats[1])
    expect(theirs.every((item) => item.owner.userid === owners[1])).toBe(true)
  })
})

describe('one group', () => {
  const members = z.object({ items: z.array(groupMember), next_cursor: z.string().nullable() })
  const membersOf = async (chat: string, query = '', who = admin) =>
    (await who.get(`/api/groups/${chat}/members${query}`)).as(members)

  it('tells its store, how its customers came, and who came and went by day', async () => {
    const chat = chats[1] ?? ''
    const detail = (await admin.get(`/api/groups/${chat}`)).as(groupDetail)
    expect(detail).toMatchObject({ chat_id: chat, name: '范围群1', customers: 1, joined_7d: 1, left_7d: 0 })
    expect(detail.ways).toEqual([{ scene: 'invited', customers: 1 }])
    expect(detail.invitors).toMatchObject([{ userid: owners[1], customers: 1 }])
    expect(detail.days).toHaveLength(30)
    expect(detail.days.at(-1)).toMatchObject({ joined: 1, left: 0 })
    expect((await list(`?store=${storeId}&limit=200`)).items.map((item) => item.chat_id)).toContain(chat)
    expect((await list('?store=00000000-0000-7000-8000-0000000000ff')).items).toEqual([])
  })

  it('lists who is in it, newcomers, leavers and members of the corp, each once over its pages', async () => {
    const [biggest] = (await list('?limit=200')).items.toSorted((a, b) => b.customers - a.customers)
    const chat = biggest?.chat_id ?? ''
    const seen: string[] = []
    let cursor = ''
    for (let pages = 0; pages < 60; pages += 1) {
      const { items, next_cursor } = await membersOf(chat, `?limit=3${cursor}`)
      seen.push(...items.map((item) => item.id))
      if (next_cursor === null) break
      cursor = `&cursor=${next_cursor}`
    }
    expect(seen).toHaveLength(biggest?.customers ?? -1)
    expect(new Set(seen).size).toBe(seen.length)
    const staff = await membersOf(chat, '?who=staff&limit=200')
    expect(staff.items).toHaveLength((biggest?.members ?? 0) - (biggest?.customers ?? 0))
    expect(staff.items.every((item) => item.kind === 'staff' && item.customer_id === null)).toBe(true)
    expect((await membersOf(chats[1] ?? '', '?who=newcomers')).items).toHaveLength(1)
    expect((await membersOf(chats[1] ?? '', '?who=leavers')).items).toEqual([])
  })

  it('is not there for whoever may not see its owner, and masks the names of customers', async () => {
    const guide = await stage.as('guide', { kind: 'self', userid: 'chenxiaoyu' })
    expect((await guide.get(`/api/groups/${chats[1]}`)).status).toBe(404)
    expect((await guide.get(`/api/groups/${chats[1]}/members`)).status).toBe(404)
    const [mine] = (await membersOf(chats[0] ?? '', '', guide)).items
    expect(mine?.customer_id).toBe(customerId)
    const operator = await stage.as('operator')
    const [masked] = (await membersOf(chats[0] ?? '', '', operator)).items
    expect(masked?.name).toContain('*')
  })
})

describe('the groups of a customer', () => {
  const groupsOf = async (who = admin) => (await who.get(`/api/customers/${customerId}/groups`)).as(ofOne).items

  it('tells whose, since when and how, and how he left', async () => {
    const before = await groupsOf()
    expect(before.map((item) => item.chat_id)).toEqual(expect.arrayContaining(chats))
    expect(before.find((item) => item.chat_id === chats[0])).toMatchObject({
      ...{ name: '范围群0', present: true, scene: 'invited', left_at: null, left_by: null },
      ...{ owner: { userid: 'chenxiaoyu', name: '陈晓雨' }, invitor: { userid: 'chenxiaoyu' } },
    })
    await stage.act({ do: 'group.dismiss', chatId: chats[0] })
    await stage.later(120_000)
    await stage.syncGroups()
    const after = await groupsOf()
    expect(after.find((item) => item.chat_id === chats[0])).toMatchObject({
      ...{ present: false, state: 'dismissed', left_by: 'dismissed' },
    })
    expect(after.findIndex((item) => item.present)).toBe(0)
    const events = z.object({ items: z.array(z.object({ kind: z.string(), group: z.string().nullable() })) })
    const { items } = (await admin.get(`/api/customers/${customerId}/timeline`)).as(events)
    expect(items).toContainEqual(expect.objectContaining({ kind: 'group.left', group: '范围群0' }))
  })

  it('shows a guide the customer’s groups of his own only, in the timeline too; and nothing of a stranger', async () => {
    const guide = await stage.as('guide', { kind: 'self', userid: owners[1] ?? '' })
    const own = await groupsOf(guide)
    expect(own.map((item) => item.chat_id)).toContain(chats[1])
    expect(own.every((item) => item.owner.userid === owners[1])).toBe(true)
    const { body } = await guide.get(`/api/customers/${customerId}/timeline`)
    expect(JSON.stringify(body)).not.toContain('范围群0')
    const nobody = await stage.as('guide', { kind: 'self', userid: 'nobody' })
    expect((await nobody.get(`/api/customers/${customerId}/groups`)).status).toBe(404)
    expect((await stage.anonymous.get(`/api/customers/${customerId}/groups`)).status).toBe(401)
    expect((await stage.anonymous.get('/api/groups')).status).toBe(401)
  })
})

it('a person of two customers has the groups of both, each once', async () => {
  const { id: other } = await db
    .insertInto('customers')
    .values({ corp_id: corpId, merged_into: customerId, created_at: stage.clock.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  const at = new Date(stage.clock.now().getTime() - 86_400_000)
  const mine = await db.selectFrom('group_members').select('chat_id').where('customer_id', '=', customerId).execute()
  const foreign = await db
    .selectFrom('groups')
    .select('chat_id')
    .where(
      'chat_id',
      'not in',
      mine.map((row) => row.chat_id),
    )
    .executeTakeFirstOrThrow()
  await db
    .insertInto('group_members')
    .values(
      [foreign.chat_id, mine[0]?.chat_id ?? ''].map((chat_id) => ({
        ...{ chat_id, corp_id: corpId, kind: 'external', member_id: 'wmOther', customer_id: other, joined_at: at },
      })),
    )
    .execute()
  const { items } = (await admin.get(`/api/customers/${customerId}/groups`)).as(ofOne)
  expect(items.map((item) => item.chat_id).sort()).toEqual([...mine.map((row) => row.chat_id), foreign.chat_id].sort())
})
