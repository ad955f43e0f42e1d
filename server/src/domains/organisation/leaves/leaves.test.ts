import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testSite } from '../../../infra/http/testing.ts'
import { leavesRoutes } from './leaves.routes.ts'
import { leavesPage, leavesTaken, leaveView } from './leaves.schema.ts'

const site = await testSite({ routes: (services) => [leavesRoutes(services)] })
const { db, corpId, clock } = site
const operator = await site.as('operator')
const store = '0199a0a0-0000-7000-8000-00000000000a'
const manager = await site.as('store_manager', { kind: 'store', storeIds: [store] })
const iso = (hours: number) => new Date(clock.now().getTime() + hours * 3_600_000).toISOString()
const leave = (userid: string, from: number, until: number) => ({
  userid,
  from: iso(from),
  until: iso(until),
  note: '',
})
const note = async (...leaves: readonly object[]) =>
  (await operator.post('/api/staff-leaves', { leaves })).as(leavesTaken)
const listed = async (when: string) => (await operator.get(`/api/staff-leaves?when=${when}`)).as(leavesPage).items

beforeAll(async () => {
  await sql`insert into stores (id, corp_id, code, name, created_at) values (${store}, ${corpId}, 's', '一店', now())`.execute(
    db,
  )
  for (const [userid, own] of [
    ['ann', store],
    ['bob', null],
    ['off', store],
  ])
    await sql`insert into staff (corp_id, userid, name, store_id, follows, status, first_seen_at, seen_at)
      values (${corpId}, ${userid}, ${userid}, ${own}, true, 1, now(), now())`.execute(db)
  await sql`update staff set gone_at = now() where userid = 'off'`.execute(db)
})
beforeEach(async () => {
  await sql`delete from staff_leaves`.execute(db)
  await sql`delete from due`.execute(db)
})

describe('leave', () => {
  it('is noted for one or many, each answered by itself, and looked at at once by whoever has work of theirs', async () => {
    const taken = await note(
      leave('ann', 0, 24),
      leave('ann', 23, 48),
      leave('bob', -48, -24),
      leave('bob', 24, 12),
      leave('off', 0, 24),
      leave('bob', 24, 24 * 500),
      leave('bob', 24, 48),
    )
    expect(taken).toMatchObject({ added: 2, known: 0, refused: 5 })
    expect(taken.items.map(({ why }) => why)).toEqual([
      null,
      '与他已登记的休假重叠',
      '已经结束',
      '结束时间不晚于开始时间',
      '不是在职员工，或不在您的数据范围内',
      '超过 400 天，请检查年份',
      null,
    ])
    const { rows } = await sql`select key, at from due where kind = 'staff.presence' order by key`.execute(db)
    expect(rows).toEqual([
      { key: `${corpId}:ann`, at: clock.now() },
      { key: `${corpId}:bob`, at: clock.now() },
    ])
    expect((await listed('now')).map(({ userid }) => userid)).toEqual(['ann'])
    expect((await listed('coming')).map(({ userid }) => userid)).toEqual(['bob'])
    expect((await listed('open')).map(({ userid }) => userid)).toEqual(['ann', 'bob'])
    expect(site.audited.at(-1)).toMatchObject({ action: 'staff.leave', after: { added: 2, refused: 5 } })
  })

  it('that is brought twice is known, and a preview notes nothing', async () => {
    const list = [leave('ann', 0, 24), leave('bob', 0, 24)]
    const preview = (await operator.post('/api/staff-leaves', { preview: true, leaves: list })).as(leavesTaken)
    expect(preview.added).toBe(2)
    expect(await listed('open')).toEqual([])
    expect((await note(...list)).added).toBe(2)
    expect(await note(...list)).toMatchObject({ added: 0, known: 2 })
  })

  it('is changed and taken away, within what one may see', async () => {
    await note(leave('ann', 1, 24), leave('bob', 1, 24))
    const [ann, bob] = await listed('open')
    const change = { from: iso(2), until: iso(30), note: '病假' }
    expect((await manager.put(`/api/staff-leaves/${ann?.id}`, change)).as(leaveView)).toMatchObject({ note: '病假' })
    expect((await manager.put(`/api/staff-leaves/${ann?.id}`, { ...change, until: iso(1) })).status).toBe(422)
    expect((await manager.put(`/api/staff-leaves/${bob?.id}`, change)).status).toBe(404)
    expect((await manager.delete(`/api/staff-leaves/${bob?.id}`)).status).toBe(404)
    expect((await manager.delete(`/api/staff-leaves/${ann?.id}`)).status).toBe(204)
    expect((await listed('open')).map(({ userid }) => userid)).toEqual(['bob'])
    const refused = (await manager.post('/api/staff-leaves', { leaves: [leave('bob', 30, 40)] })).as(leavesTaken)
    expect(refused).toMatchObject({ added: 0, refused: 1 })
  })

  it('is no guide’s and no auditor’s to note', async () => {
    for (const role of ['guide', 'auditor'] as const)
      expect((await (await site.as(role)).post('/api/staff-leaves', { leaves: [leave('ann', 0, 1)] })).status).toBe(403)
  })
})
