import { v7 as uuid } from 'uuid'
import { beforeAll, describe, expect, it } from 'vitest'
import { groupStage } from './group-stage.ts'

const stage = await groupStage({ staff: 20, people: 600, relations: 900 })
const { db, corpId } = stage

/** Every group and member by our rows, in the platform's own words. */
async function here() {
  const groups = await db.selectFrom('groups').selectAll().where('dismissed_at', 'is', null).execute()
  const members = await db.selectFrom('group_members').selectAll().where('present', '=', true).execute()
  const byChat = Map.groupBy(members, (row) => row.chat_id)
  return groups
    .map((group) => ({
      ...{ id: group.chat_id, name: group.name, owner: group.owner, version: group.member_version },
      ...{ created: group.created_at?.getTime(), counted: [group.members, group.customers] },
      members: (byChat.get(group.chat_id) ?? [])
        .map((m) =>
          [m.kind, m.member_id, m.joined_at?.getTime(), m.scene, m.invitor ?? '', m.state ?? '', m.name].join(),
        )
        .sort(),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function asThePlatformHasThem() {
  return (await stage.there())
    .map((group) => ({
      ...{ id: String(group.chat_id), name: group.name, owner: String(group.owner), version: group.member_version },
      created: group.create_time * 1000,
      counted: [group.member_list.length, group.member_list.filter((m) => m.type === 2).length],
      members: group.member_list
        .map((m) =>
          [
            m.type === 1 ? 'staff' : 'external',
            m.userid,
            m.join_time * 1000,
            m.join_scene,
            m.invitor?.userid ?? '',
            m.state ?? '',
            m.name,
          ].join(),
        )
        .sort(),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

beforeAll(async () => {
  const people = await stage.people('customer', 200)
  for (let n = 0; n < 582; n += 1) await stage.group(`群${n}`, [people[n % 200]?.id ?? ''])
  await stage.later(10 * 60_000)
})

describe('the first reading of groups', () => {
  it('stops anywhere and goes on from the last groups it wrote, making at most 2 % of its calls twice', async () => {
    const id = uuid()
    await expect(stage.syncGroups({ id, stopAfter: 20 })).rejects.toThrow('stops')
    const before = await db.selectFrom('groups').select('chat_id').where('read_at', 'is not', null).execute()
    expect(before.length).toBeGreaterThan(100)
    const report = await stage.syncGroups({ id })
    const calls = (await stage.calls('groupchat/get')) + (await stage.calls('groupchat/list'))
    expect(report).toMatchObject({ listed: 600, read: 600, found: 0, gone: 0, created: 0, refused: 0, dismissed: 0 })
    expect(calls).toBeLessThanOrEqual(Math.floor(601 * 1.02))
  })

  it('has every group and member as the platform has them, and tells of nothing', async () => {
    const ours = await here()
    expect(ours).toHaveLength(600)
    expect(ours).toEqual(await asThePlatformHasThem())
    expect(await db.selectFrom('events').select('id').execute()).toEqual([])
    const unplaced = await db
      .selectFrom('group_members')
      .select('member_id')
      .where('kind', '=', 'external')
      .where('customer_id', 'is', null)
      .execute()
    expect(unplaced).toEqual([])
    expect(await db.selectFrom('group_sync_points').selectAll().execute()).toEqual([])
  })
})

describe('a reconcile', () => {
  it('finds what no callback told, counts it, and revives nobody who left', async () => {
    const [one, two, three] = [await stage.customer('甲'), await stage.customer('乙'), await stage.customer('丙')]
    const chatId = await stage.group('对账群', [one.id, two.id])
    const ends = await stage.group('要散的群', [three.id])
    await stage.later(120_000)
    expect(await stage.syncGroups()).toMatchObject({ created: 2, found: 3, gone: 0 })
    // of the first we were told, and the platform still shows him
    const at = stage.clock.now()
    await db
      .updateTable('group_members')
      .set({ left_at: at, left_by: 'self' })
      .where('member_id', '=', one.externalUserId)
      .execute()
    await stage.act({ do: 'group.remove_member', chatId, person: two.id })
    await stage.act({ do: 'group.invite', chatId, person: three.id, invitor: 'chenxiaoyu' })
    await stage.act({ do: 'group.rename', chatId, name: '对账一群' })
    await stage.act({ do: 'group.dismiss', chatId: ends })
    await stage.later(120_000)
    const report = await stage.syncGroups()
    expect(report).toMatchObject({ created: 0, found: 1, gone: 1, changed: 1, dismissed: 1, refused: 0 })
    expect(await stage.present(chatId)).toEqual(['chenxiaoyu', three.externalUserId].sort())
    const kinds = await db.selectFrom('events').select(['kind', 'payload']).orderBy('id').execute()
    const ofGroup = kinds.filter((event) => JSON.stringify(event.payload).includes(chatId)).map((event) => event.kind)
    expect(ofGroup.sort()).toEqual(
      ['group.changed', 'group.created', 'group.joined', 'group.joined', 'group.joined', 'group.left'].sort(),
    )
    const dismissed = kinds.find((event) => event.kind === 'group.dismissed')
    expect(dismissed?.payload).toMatchObject({ chatId: ends })
    expect(await stage.syncGroups()).toMatchObject({ found: 0, gone: 0, changed: 0, dismissed: 0, created: 0 })
  })

  it('names groups that the platform will not show, and goes on with the others', async () => {
    const all = await stage.there()
    await stage.later()
    await stage.admin('POST', '/sandbox/faults', {
      ...{ kind: 'errcode', errcode: 60011, times: 1 },
      match: { path: 'externalcontact/groupchat/get' },
    })
    const report = await stage.syncGroups()
    expect(report).toMatchObject({ listed: all.length, read: all.length, refused: 1, dismissed: 0 })
    expect(report.refused_named).toMatchObject([{ errcode: 60011 }])
    const still = await db.selectFrom('groups').select('chat_id').where('dismissed_at', 'is', null).execute()
    expect(still).toHaveLength(all.length)
  })

  it('lists by owners where the platform wants them, and leaves out one whom it refuses', async () => {
    await stage.admin('PATCH', '/sandbox/settings', {
      limits: { overrides: { 'group.visible_members_without_filter': 5 } },
    })
    const at = stage.clock.now()
    await db
      .insertInto('staff')
      .values(
        (await stage.people('staff', 200)).map((one) => ({
          ...{ corp_id: corpId, userid: one.id, name: one.name, follows: true, first_seen_at: at, seen_at: at },
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await db
      .insertInto('staff')
      .values({ corp_id: corpId, userid: 'gone-away', name: '离职', follows: true, first_seen_at: at, seen_at: at })
      .execute()
    await stage.later()
    const report = await stage.syncGroups()
    expect(report).toMatchObject({ listed: (await here()).length, dismissed: 0, gone: 0 })
    // refused without owners, halved down to the one who is refused, and the rest of them
    expect(report.calls - report.read).toBeGreaterThan(5)
  })

  it('says so when the app may not read groups at all, and ends none', async () => {
    await stage.admin('PATCH', '/sandbox/settings', { limits: { overrides: {} } })
    await stage.admin('POST', '/sandbox/faults', {
      ...{ kind: 'errcode', errcode: 48002, times: 1 },
      match: { path: 'externalcontact/groupchat/list' },
    })
    const before = (await here()).length
    expect(await stage.syncGroups()).toMatchObject({ unavailable: 48002, listed: 0, read: 0, dismissed: 0 })
    expect(await here()).toHaveLength(before)
  })
})
