import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { channelInput, channelStage } from '../channels/channel-stage.ts'

const stage = await channelStage()
const { db, upkeep, client, clock } = stage
const users = await stage.staff(12)
const [a = '', b = '', c = ''] = users
const operator = await stage.as('operator')

const made = z.object({ id: z.string(), state: z.string(), revision: z.number() })
const calls = z.object({ calls: z.array(z.object({ path: z.string(), errcode: z.number() })) })

async function create(over: Record<string, unknown> = {}, members = [a, b]) {
  const reply = await operator.post('/api/channels', channelInput(members, over))
  expect(reply.body).toMatchObject({ id: expect.any(String) })
  return reply.as(made)
}
async function codeOf(channelId: string) {
  return db.selectFrom('channel_codes').selectAll().where('channel_id', '=', channelId).executeTakeFirstOrThrow()
}
async function atPlatform(channelId: string) {
  const { config_id } = await codeOf(channelId)
  return (await client.contactWays.get({ config_id: config_id ?? '' })).contact_way
}

beforeEach(async () => {
  await db.updateTable('staff').set({ addable: 'unknown', addable_reason: null }).execute()
})

describe('a code at the platform', () => {
  it('is made once with our state, type 2 and scene 2, and its picture is read at once', async () => {
    const { id, state } = await create()
    await upkeep.pass()
    await upkeep.pass()
    const way = await atPlatform(id)
    expect(way).toMatchObject({ type: 2, scene: 2, state, skip_verify: true, remark: '门店海报' })
    expect([...way.user].sort()).toEqual([a, b].sort())
    const code = await codeOf(id)
    expect(code.pending_since).toBeNull()
    expect(code.content).toMatch(/^https?:/)
    expect(code.picture?.length).toBeGreaterThan(100)
    const effects = await db.selectFrom('effects').select(['key', 'state']).where('subject', '=', code.id).execute()
    expect(effects).toEqual([{ key: `code:add:${code.id}:0`, state: 'done' }])
  })

  it('follows the rota when the hour comes, in one call', async () => {
    clock.set('2026-11-11T08:59:50+08:00')
    const { id } = await create({
      members: [
        { kind: 'staff', ref: a },
        { kind: 'staff', ref: b },
      ],
      shifts: [
        { weekdays: [0, 1, 2, 3, 4], from: '09:00', until: '18:00', members: [`staff:${a}`] },
        { weekdays: [0, 1, 2, 3, 4, 5, 6], from: '18:00', until: '09:00', members: [`staff:${b}`] },
      ],
    })
    await upkeep.pass()
    expect((await atPlatform(id)).user).toEqual([b])
    clock.set('2026-11-11T09:00:00+08:00')
    await upkeep.pass()
    expect((await atPlatform(id)).user).toEqual([a])
    await upkeep.pass({ sweep: true })
    expect((await codeOf(id)).revision).toBe(2)
  })

  it('an edit reaches the platform, and nothing is called when nothing changed there', async () => {
    const { id, revision } = await create()
    await upkeep.pass()
    const before = (await codeOf(id)).revision
    const input = channelInput([c], { description: '改过' })
    expect((await operator.put(`/api/channels/${id}`, { revision, input })).status).toBe(200)
    await upkeep.pass()
    expect((await atPlatform(id)).user).toEqual([c])
    const again = channelInput([c], { description: '又改' })
    await operator.put(`/api/channels/${id}`, { revision: revision + 1, input: again })
    await upkeep.pass()
    expect((await codeOf(id)).revision).toBe(before + 1)
  })

  it('a deleted channel takes its code away at the platform', async () => {
    const { id } = await create()
    await upkeep.pass()
    const { config_id } = await codeOf(id)
    expect((await operator.delete(`/api/channels/${id}`)).status).toBe(204)
    await upkeep.pass()
    await expect(client.contactWays.get({ config_id: config_id ?? '' })).rejects.toMatchObject({ errcode: 41044 })
    expect((await codeOf(id)).removed_at).not.toBeNull()
    expect((await operator.get(`/api/channels/${id}`)).status).toBe(404)
  })

  it('a code without anybody keeps the last members, because the platform allows no empty one, and says why', async () => {
    const { id } = await create({}, [a])
    await upkeep.pass()
    await db.updateTable('staff').set({ follows: false }).where('userid', '=', a).execute()
    await upkeep.pass({ sweep: true })
    expect((await atPlatform(id)).user).toEqual([a])
    const shown = await operator.get(`/api/channels/${id}`)
    expect(shown.body).toMatchObject({
      problem: { kind: 'nobody' },
      desk: {
        tier: 'none',
        refused: [{ userid: a, reason: 'not_following', mend: expect.stringContaining('使用范围') }],
      },
    })
    await db.updateTable('staff').set({ follows: true }).where('userid', '=', a).execute()
    await upkeep.pass({ sweep: true })
    expect((await operator.get(`/api/channels/${id}`)).body).toMatchObject({ problem: null })
  })
})

describe('a lost answer', () => {
  const fault = (path: string) =>
    stage.admin('POST', '/sandbox/faults', { kind: 'lost_answer', match: { path }, times: 1 })

  it('to making a code leads to no second code: it is found at the platform by its state', async () => {
    const { id, state } = await create()
    await fault('externalcontact/add_contact_way')
    await upkeep.pass()
    expect((await codeOf(id)).calling).not.toBeNull()
    await upkeep.pass()
    const code = await codeOf(id)
    expect(code.calling).toBeNull()
    expect((await atPlatform(id)).state).toBe(state)
    const effects = await db.selectFrom('effects').select(['key', 'state']).where('subject', '=', code.id).execute()
    expect(effects).toEqual([{ key: `code:add:${code.id}:0`, state: 'done' }])
    await upkeep.pass()
    expect((await codeOf(id)).content).not.toBeNull()
  })

  it('of a process that died in the middle is found out by the next one', async () => {
    const { id } = await create()
    await upkeep.pass()
    const code = await codeOf(id)
    const calling = {
      key: `code:update:${code.id}:${code.revision}`,
      kind: 'update',
      users: [c],
      hash: 'x',
      processId: 999_999,
      since: 0,
    }
    await db
      .updateTable('channel_codes')
      .set({ calling: JSON.stringify(calling), pending_since: clock.now(), effective_hash: 'old' })
      .where('id', '=', code.id)
      .execute()
    await db
      .insertInto('effects')
      .values({
        key: calling.key,
        corp_id: stage.corpId,
        kind: 'code.update',
        state: 'claimed',
        claimed_at: clock.now(),
      })
      .execute()
    await upkeep.pass()
    await upkeep.pass()
    expect(await codeOf(id)).toMatchObject({ calling: null, pending_since: null })
    const effect = await db
      .selectFrom('effects')
      .select('state')
      .where('key', '=', calling.key)
      .executeTakeFirstOrThrow()
    expect(effect.state).toBe('refused')
  })
})

describe('a member who cannot be added (41054)', () => {
  it('is found by halving, told in words, left out, and comes back by himself once he is mended', async () => {
    const bad = users[7] ?? ''
    await stage.settings({ members: { [bad]: { realName: false } } })
    await stage.admin('POST', '/sandbox/oracle/reset')
    const { id } = await create({}, users)
    await upkeep.pass()
    await upkeep.pass()
    const way = await atPlatform(id)
    expect([...way.user].sort()).toEqual(users.filter((user) => user !== bad).sort())
    const made = calls.parse(await stage.admin('GET', '/sandbox/oracle/calls?limit=200')).calls
    expect(
      made.filter((call) => call.path.endsWith('contact_way') && !call.path.includes('get')).length,
    ).toBeLessThanOrEqual(8)
    const alarm = await db
      .selectFrom('alarms')
      .selectAll()
      .where('key', '=', `staff.not_addable:${bad}`)
      .executeTakeFirstOrThrow()
    expect(alarm.cleared_at).toBeNull()
    expect(JSON.stringify(alarm.advice)).toContain('实名认证')
    // others are not searched again
    expect(
      (await db.selectFrom('staff').select('addable').where('userid', '=', a).executeTakeFirstOrThrow()).addable,
    ).toBe('yes')

    await stage.settings({ members: { [bad]: null } })
    clock.advance(61 * 60_000)
    await upkeep.pass()
    expect((await atPlatform(id)).user).toContain(bad)
    const after = await db
      .selectFrom('alarms')
      .select('cleared_at')
      .where('key', '=', `staff.not_addable:${bad}`)
      .executeTakeFirstOrThrow()
    expect(after.cleared_at).not.toBeNull()
  })

  it('alone in a code means no code, and the page says what to do', async () => {
    const bad = users[8] ?? ''
    await stage.settings({ members: { [bad]: { active: false } } })
    const { id } = await create({}, [bad])
    await upkeep.pass()
    await upkeep.pass()
    expect((await codeOf(id)).config_id).toBeNull()
    expect((await operator.get(`/api/channels/${id}`)).body).toMatchObject({
      ready: false,
      desk: { refused: [{ userid: bad, reason: 'not_addable' }] },
    })
    await stage.settings({ members: { [bad]: null } })
  })
})

describe('a member in many codes', () => {
  it('who cannot be added costs the other codes no call once he is known, and his next check few', async () => {
    const bad = users[9] ?? ''
    const ids = []
    for (let i = 0; i < 12; i++) ids.push((await create({ name: `码 ${i}` }, [a, bad])).id)
    await upkeep.pass()
    await stage.settings({ members: { [bad]: { realName: false } } })
    await operator.post(`/api/capacity/${bad}/recheck`)
    // his codes are told of a change, and the first ones learn of him
    for (const id of ids)
      await operator.put(`/api/channels/${id}`, { revision: 1, input: channelInput([a, b, bad], { name: '码' }) })
    await upkeep.pass()
    await upkeep.pass()
    for (const id of ids) expect([...(await atPlatform(id)).user].sort()).toEqual([a, b].sort())
    const before = await revisions(ids)
    clock.advance(61 * 60_000)
    await upkeep.pass()
    await upkeep.pass()
    // at most the calls that are in flight at one time learn the same thing twice
    expect((await revisions(ids)) - before).toBeLessThanOrEqual(12)
    await stage.settings({ members: { [bad]: null } })
  })

  async function revisions(ids: readonly string[]): Promise<number> {
    const rows = await db.selectFrom('channel_codes').select('revision').where('channel_id', 'in', ids).execute()
    return rows.reduce((sum, row) => sum + row.revision, 0)
  }
})
