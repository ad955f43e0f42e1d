import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { pathStage } from '../../path-stage.ts'
import { erasePerson } from '../compliance/index.ts'
import { resolveIdentities } from '../customers/index.ts'
import { settleDue } from '../customers/persons/person-due.store.ts'
import { beginGroups } from './group-sync.store.ts'
import { createGroupUpkeep, handleGroupCallbacks } from './group-upkeep.ts'
import { settleWanted, takeWanted } from './wanted.store.ts'

const stage = await pathStage({ sandbox: { people: 60, staff: 12, clock: { paused: true } } })
const { db } = stage.database
const { id: corpId } = await db.selectFrom('corps').select('id').executeTakeFirstOrThrow()
const upkeep = createGroupUpkeep(stage.services)
await beginGroups(db, corpId, stage.clock.now())

const person = z.object({ id: z.string(), externalUserId: z.string(), unionId: z.string().optional() })
async function admin(path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${stage.sandboxUrl}/sandbox${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const act = (body: object) => admin('/console', body)
const later = (ms: number) => admin('/clock', { advanceMs: ms })
const customer = async (name: string) => person.parse(await admin('/people', { role: 'customer', name }))
const group = async (name: string) =>
  z.object({ id: z.string() }).parse(await act({ do: 'group.create', owner: 'chenxiaoyu', name, customers: [] })).id

const callsOf = async (path: string) =>
  z
    .object({ calls: z.array(z.object({ path: z.string() })) })
    .parse(await (await fetch(`${stage.sandboxUrl}/sandbox/oracle/calls?limit=1000`)).json())
    .calls.filter((call) => call.path.endsWith(path)).length
const groupOf = (chatId: string) =>
  db.selectFrom('groups').selectAll().where('chat_id', '=', chatId).executeTakeFirstOrThrow()
const membersOf = (chatId: string) =>
  db.selectFrom('group_members').selectAll().where('chat_id', '=', chatId).orderBy('member_id').execute()
const eventsOf = async (chatId: string) =>
  (
    await db.selectFrom('events').select(['kind', 'payload', 'customer_id', 'staff_userid']).orderBy('id').execute()
  ).filter((event) => JSON.stringify(event.payload).includes(chatId))
/** What happened is heard, and read when the platform shows it. */
async function caughtUp(afterMs = 4_000) {
  await stage.settled()
  await later(afterMs)
  await upkeep.pass()
}

describe('callbacks of a group', () => {
  it('a burst of them is one reading, after which everybody stands as at the platform', async () => {
    const chatId = await group('福利群')
    await caughtUp()
    expect(await groupOf(chatId)).toMatchObject({ name: '福利群', owner: 'chenxiaoyu', members: 1, wanted_at: null })
    const people = await Promise.all(Array.from({ length: 12 }, (_, n) => customer(`客${n}`)))
    const before = await callsOf('groupchat/get')
    for (const { id } of people) await act({ do: 'group.invite', chatId, person: id, invitor: 'chenxiaoyu' })
    await act({ do: 'group.rename', chatId, name: '福利一群' })
    await act({ do: 'group.notice', chatId, notice: '请改群名片' })
    await caughtUp()
    expect((await callsOf('groupchat/get')) - before).toBe(1)
    expect(await groupOf(chatId)).toMatchObject({ name: '福利一群', notice: '请改群名片', members: 13, customers: 12 })
    const rows = await membersOf(chatId)
    expect(rows.filter((row) => row.kind === 'external' && row.present)).toHaveLength(12)
    expect(
      rows.every((row) => row.kind === 'staff' || (row.invitor === 'chenxiaoyu' && row.customer_id !== null)),
    ).toBe(true)
    const events = await eventsOf(chatId)
    expect(events.map((event) => event.kind).sort()).toEqual([
      'group.changed',
      'group.created',
      ...Array.from({ length: 12 }, () => 'group.joined'),
    ])
    expect(events.every((event) => event.kind !== 'group.joined' || event.staff_userid === 'chenxiaoyu')).toBe(true)
  })

  it('who left and who was put out stay as history, with how they went; a late page does not bring them back', async () => {
    const chatId = await group('会员群')
    const [self, removed] = [await customer('自退'), await customer('被移出')]
    for (const { id } of [self, removed]) await act({ do: 'group.invite', chatId, person: id, invitor: 'chenxiaoyu' })
    await caughtUp()
    await later(60_000)
    await admin(`/people/${self.id}/leave`, { chatId })
    await act({ do: 'group.remove_member', chatId, person: removed.id })
    await stage.settled()
    // the platform still shows both; a reading now must not revive them
    await db.updateTable('groups').set({ wanted_at: stage.clock.now() }).where('chat_id', '=', chatId).execute()
    await upkeep.pass()
    const rows = async () => new Map((await membersOf(chatId)).map((row) => [row.member_id, row]))
    expect((await rows()).get(self.externalUserId)).toMatchObject({ present: false, left_by: 'self' })
    expect((await rows()).get(removed.externalUserId)).toMatchObject({ present: false, left_by: 'removed' })
    // it was behind its own callbacks, so it is read once more
    expect((await groupOf(chatId)).wanted_at).not.toBeNull()
    await caughtUp()
    expect(await groupOf(chatId)).toMatchObject({ members: 1, customers: 0, wanted_at: null })
    const left = (await eventsOf(chatId)).filter((event) => event.kind === 'group.left')
    expect(left.map((event) => z.object({ by: z.string() }).parse(event.payload).by).sort()).toEqual([
      'removed',
      'self',
    ])
    // who comes again is there again
    await act({ do: 'group.invite', chatId, person: self.id, invitor: 'chenxiaoyu' })
    await caughtUp()
    expect((await rows()).get(self.externalUserId)).toMatchObject({ present: true, left_by: 'self' })
  })

  it('a dismissed group has ended for everybody, once, and never comes back', async () => {
    const chatId = await group('要散的群')
    const { id } = await customer('群友')
    await act({ do: 'group.invite', chatId, person: id, invitor: 'chenxiaoyu' })
    await caughtUp()
    await act({ do: 'group.dismiss', chatId })
    await caughtUp()
    const at = (await groupOf(chatId)).dismissed_at
    expect(at).not.toBeNull()
    const ends = (await eventsOf(chatId)).filter((event) => ['group.left', 'group.dismissed'].includes(event.kind))
    expect(ends).toMatchObject([
      { kind: 'group.left', payload: { by: 'dismissed' } },
      { kind: 'group.dismissed', customer_id: 0, staff_userid: 'chenxiaoyu' },
    ])
    await handleGroupCallbacks(stage.services, [callback({ kind: 'group.dismissed', chatId, second: 99 })])
    expect((await groupOf(chatId)).dismissed_at).toEqual(at)
    expect((await eventsOf(chatId)).filter((event) => event.kind === 'group.dismissed')).toHaveLength(1)
  })

  it('a new owner is read, and a change that comes while a group is in hand is read once more', async () => {
    const chatId = await group('交接群')
    const people = z.object({ people: z.array(z.object({ id: z.string() })) })
    const answer = await fetch(`${stage.sandboxUrl}/sandbox/people?role=staff&limit=3`)
    const other = people.parse(await answer.json()).people.find((one) => one.id !== 'chenxiaoyu')?.id ?? ''
    await act({ do: 'group.invite', chatId, person: other, invitor: 'chenxiaoyu' })
    await act({ do: 'group.change_owner', chatId, owner: other })
    await stage.settled()
    await later(4_000)
    // somebody has it in hand when the next callback comes
    const at = stage.clock.now()
    const [taken] = await takeWanted(db, corpId, 1, at, new Date(at.getTime() + 60_000))
    await act({ do: 'group.rename', chatId, name: '新名字' })
    await stage.settled()
    await settleWanted(db, corpId, [{ chatId, revision: taken?.revision ?? 0, againAt: undefined }], 3_000)
    await caughtUp()
    expect(await groupOf(chatId)).toMatchObject({
      owner: other,
      name: '新名字',
      members: 2,
      customers: 0,
      wanted_at: null,
    })
  })
})

interface Told {
  readonly kind: 'group.created' | 'group.updated' | 'group.dismissed'
  readonly chatId: string
  readonly second: number
  readonly detail?: 'add_member' | 'del_member'
  readonly members?: readonly string[]
}
const startS = Math.floor(stage.clock.now().getTime() / 1000) + 86_400
const callback = ({ kind, chatId, second, detail, members }: Told) =>
  ({
    ...{ id: second, corpId, kind },
    event: {
      ...{ kind, chatId, createTime: startS + second },
      ...(detail === undefined
        ? {}
        : { updateDetail: detail, memberChanges: members, joinScene: 3, quitScene: second % 2 }),
    },
  }) as unknown as Parameters<typeof handleGroupCallbacks>[1][number]

describe('callbacks that come in another order, twice, and in other batches', () => {
  it('lead to the same rows and the same events', async () => {
    let run = 0
    const ids = ['wmAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'wmBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB']
    const step = fc.record({ who: fc.constantFrom(...ids), gapS: fc.integer({ min: 1, max: 500 }) })
    const story = fc.array(step, { minLength: 1, maxLength: 8 })
    const standing = async (chatId: string) => ({
      rows: (await membersOf(chatId)).map(({ chat_id: _chat, customer_id: _customer, ...row }) => row),
      count: await groupOf(chatId).then(({ members, customers }) => ({ members, customers })),
    })
    const property = fc.asyncProperty(story, fc.infiniteStream(fc.nat()), async (steps, luck) => {
      run += 1
      const there = new Set<string>()
      let second = 0
      const told = (chatId: string) =>
        steps.map(({ who, gapS }): Told => {
          second += gapS
          const detail = there.has(who) ? ('del_member' as const) : ('add_member' as const)
          if (!there.delete(who)) there.add(who)
          return { kind: 'group.updated', chatId, second, detail, members: [who] }
        })
      const [straight, crooked] = [`wrStraight${run}`, `wrCrooked${run}`]
      const list = told(straight)
      for (const one of list) await handleGroupCallbacks(stage.services, [callback(one)])
      const chance = () => luck.next().value ?? 0
      const other = [...list, ...list.slice(0, 3)]
        .map((one) => ({ one: { ...one, chatId: crooked }, by: chance() }))
        .sort((a, b) => a.by - b.by)
        .map(({ one }) => callback(one))
      while (other.length > 0) await handleGroupCallbacks(stage.services, other.splice(0, 1 + (chance() % 3)))
      const a = await standing(straight)
      expect(await standing(crooked)).toEqual(a)
      expect(a.rows.filter((row) => row.present).map((row) => row.member_id)).toEqual([...there].sort())
    })
    await fc.assert(property, { numRuns: 25 })
  })
})

describe('a person who was erased', () => {
  it('is not met again by a group he is still in, until he joins anew', async () => {
    const chatId = await group('被遗忘的群')
    const gone = await customer('申请删除')
    await act({ do: 'group.invite', chatId, person: gone.id, invitor: 'chenxiaoyu' })
    await caughtUp()
    const customerOf = async () =>
      (await membersOf(chatId)).find((row) => row.member_id === gone.externalUserId)?.customer_id ?? undefined
    const customerId = (await customerOf()) ?? 0
    const actor = { accountId: '00000000-0000-7000-8000-000000000009', name: '管理员', role: 'administrator' as const }
    const audit = { corpId, actor, action: 'customer.erase' as const, outcome: 'done' as const, reason: '本人要求' }
    const request = { ip: '127.0.0.1', userAgent: 'test', requestId: 'r1' }
    expect(await erasePerson(stage.services, { corpId, customerId, audit: { ...audit, ...request } })).toMatchObject({
      kind: 'erased',
      rows: { group_members: 1 },
    })
    await act({ do: 'group.rename', chatId, name: '改名' })
    await later(120_000)
    await caughtUp()
    expect(await groupOf(chatId)).toMatchObject({ name: '改名' })
    expect(JSON.stringify(await membersOf(chatId))).not.toContain(gone.externalUserId)
    expect(JSON.stringify(await membersOf(chatId))).not.toContain('申请删除')
    await act({ do: 'group.remove_member', chatId, person: gone.id })
    await caughtUp()
    expect(await customerOf()).toBeUndefined()
    await act({ do: 'group.invite', chatId, person: gone.id, invitor: 'chenxiaoyu' })
    await caughtUp()
    expect(await customerOf()).toBeGreaterThan(customerId)
  })
})

describe('the unionid of a group’s member', () => {
  it('says who he is though he is nobody’s friend: what was ordered by it before is his within the next look', async () => {
    const known = async (externalUserId: string) => {
      const { rows } = await sql<{ kind: string; value: string; root: number }>`
        select i.kind, i.value, coalesce(c.merged_into, c.id) as root from identities i join customers c on c.id = i.customer_id
        where coalesce(c.merged_into, c.id) = (
          select coalesce(c.merged_into, c.id) from identities i join customers c on c.id = i.customer_id
          where i.kind = 'external_userid' and i.value = ${externalUserId}) order by i.kind`.execute(db)
      return rows.map(({ kind, value }) => [kind, value])
    }
    const one = await customer('只在群里')
    const first = await group('一群')
    await act({ do: 'group.invite', chatId: first, person: one.id, invitor: 'chenxiaoyu' })
    await caughtUp()
    const [, union] = await known(one.externalUserId)
    expect(union).toEqual(['unionid', expect.stringMatching(/^o/)])
    // the same people in another group: nothing is written anew
    const second = await group('二群')
    await act({ do: 'group.invite', chatId: second, person: one.id, invitor: 'chenxiaoyu' })
    await caughtUp()
    expect(await known(one.externalUserId)).toHaveLength(2)
    // whoever ordered by the unionid before anybody had met him
    const other = await customer('先下单')
    const unionid = other.unionId ?? ''
    const told = { source: 'order', reference: '1', at: stage.clock.now() }
    const identities = [
      { kind: 'unionid', value: unionid },
      { kind: 'member_no', value: 'G-1' },
    ]
    const context = { corpId, vault: stage.services.vault, learntAt: stage.clock.now() }
    await db.transaction().execute((tx) => resolveIdentities(tx, context, [{ identities, ...told }]))
    await act({ do: 'group.invite', chatId: first, person: other.id, invitor: 'chenxiaoyu' })
    await caughtUp()
    await settleDue(db, corpId, stage.clock.now())
    expect(await known(other.externalUserId)).toEqual([
      ['external_userid', other.externalUserId],
      ['member_no', 'G-1'],
      ['unionid', unionid],
    ])
  })
})
