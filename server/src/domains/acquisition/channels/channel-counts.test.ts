import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { EventKind } from '../../../infra/events/events.ts'
import { untilFollowed } from '../../../infra/events/testing.ts'
import { channelInput, channelStage } from './channel-stage.ts'

const stage = await channelStage()
const { db, client, clock, corpId, upkeep } = stage
const [a = '', b = ''] = await stage.staff(4)
const operator = await stage.as('operator')
let customers = 0

beforeEach(async () => {
  clock.set('2026-11-23T10:00:00+08:00')
  await sql`truncate channel_days, staff_days, staff_loads, channel_assignments`.execute(db)
})

async function create(over: Record<string, unknown> = {}) {
  const { id } = (await operator.post('/api/channels', channelInput([a, b], over))).as(z.object({ id: z.string() }))
  await caughtUp()
  return id
}
/** As the path of an add writes it. */
async function happen(kind: EventKind, channelId: string | undefined, staff: string, at = clock.now()) {
  customers++
  const payload = channelId === undefined ? {} : { channelId }
  await appendEvents(
    db,
    [{ kind, corpId, customerId: customers, staffUserid: staff, occurredAt: at, cause: 'test', payload }],
    at,
  )
}
/** As the path of an add writes it, with the relation's registers. */
async function meets(
  channelId: string,
  { customerId, staff }: { customerId: number; staff: string },
  told: { half_added?: string; added?: string; ended?: string },
) {
  for (const [what, at] of Object.entries(told)) {
    const register = { half_added: 'half_at', added: 'added_at', ended: 'ended_at' }[what] ?? ''
    const moment = new Date(at)
    await sql`insert into relations as r (customer_id, corp_id, userid, external_userid, ${sql.ref(register)})
      values (${customerId}, ${corpId}, ${staff}, ${`wm${customerId}`}, ${moment})
      on conflict (customer_id, corp_id, userid) do update set ${sql.ref(register)} = excluded.${sql.ref(register)}`.execute(
      db,
    )
    await appendEvents(
      db,
      [
        {
          kind: `relation.${what}` as EventKind,
          corpId,
          customerId,
          staffUserid: staff,
          occurredAt: moment,
          cause: 'test',
          payload: { channelId },
        },
      ],
      clock.now(),
    )
  }
}
const behind = async (id: string) => {
  const { config_id } = await db
    .selectFrom('channel_codes')
    .select('config_id')
    .where('channel_id', '=', id)
    .executeTakeFirstOrThrow()
  return [...(await client.contactWays.get({ config_id: config_id ?? '' })).contact_way.user].sort()
}
const days = async (id: string) =>
  (
    await sql<{ day: string; userid: string; adds: number; losses: number }>`
    select day::text as day, userid, adds, losses from channel_days where channel_id = ${id} order by day, userid`.execute(
      db,
    )
  ).rows

describe('adds that a channel brings', () => {
  it('are counted once by member and by business day of the corp, losses beside them', async () => {
    const id = await create()
    await happen('relation.added', id, a, new Date('2026-11-22T15:59:59Z'))
    await happen('relation.added', id, a, new Date('2026-11-22T16:00:00Z'))
    await happen('relation.added', id, b, new Date('2026-11-22T16:00:01Z'))
    await happen('relation.ended', id, b, new Date('2026-11-22T17:00:00Z'))
    await happen('relation.half_added', id, b)
    await happen('relation.added', undefined, b)
    await caughtUp()
    await caughtUp()
    expect(await days(id)).toEqual([
      { day: '2026-11-22', userid: a, adds: 1, losses: 0 },
      { day: '2026-11-23', userid: a, adds: 1, losses: 0 },
      { day: '2026-11-23', userid: b, adds: 1, losses: 1 },
    ])
    const answer = await operator.get(`/api/channels/${id}/days?days=2`)
    expect(answer.body).toMatchObject({
      days: [
        { day: '2026-11-22', adds: 1 },
        { day: '2026-11-23', adds: 2, losses: 1 },
      ],
      staff: [
        { userid: a, adds: 2 },
        { userid: b, adds: 1, losses: 1 },
      ],
      scans_counted: false,
    })
  })

  it('without a state of their own count for the channel that the relation came by', async () => {
    const id = await create()
    await db.insertInto('customers').values({ id: 7000, corp_id: corpId, created_at: clock.now() }).execute()
    await db
      .insertInto('relations')
      .values({ customer_id: 7000, corp_id: corpId, userid: a, external_userid: 'wm7000', channel_id: id })
      .execute()
    await appendEvents(
      db,
      [
        {
          kind: 'relation.ended',
          corpId,
          customerId: 7000,
          staffUserid: a,
          occurredAt: clock.now(),
          cause: 'test',
          payload: {},
        },
      ],
      clock.now(),
    )
    await caughtUp()
    expect(await days(id)).toEqual([{ day: '2026-11-23', userid: a, adds: 0, losses: 1 }])
  })

  it('are counted on the day of the add when only a sync found them, for the channel of their state', async () => {
    const id = await create()
    const { state } = await db.selectFrom('channels').select('state').where('id', '=', id).executeTakeFirstOrThrow()
    const found = (payload: Record<string, unknown>, customerId: number, dedupeKey: Buffer, kind: EventKind) => ({
      kind,
      corpId,
      customerId,
      staffUserid: a,
      occurredAt: new Date('2026-11-22T03:00:00Z'),
      cause: 'test',
      payload,
      dedupeKey,
    })
    const key = Buffer.from('an add that no callback told')
    await appendEvents(db, [found({ state: `${state}.x1` }, 8001, key, 'relation.found')], clock.now())
    await appendEvents(db, [found({ state: 'of-no-channel' }, 8002, Buffer.from('b'), 'relation.found')], clock.now())
    await caughtUp()
    // its callback comes after all: the same fact
    await appendEvents(db, [found({ channelId: id }, 8001, key, 'relation.added')], clock.now())
    await caughtUp()
    expect(await days(id)).toEqual([{ day: '2026-11-22', userid: a, adds: 1, losses: 0 }])
    const { rows } = await sql<{ day: string; adds: number }>`
      select day::text as day, adds from staff_days where userid = ${a}`.execute(db)
    expect(rows).toEqual([{ day: '2026-11-22', adds: 2 }])
  })

  it('take a member out of the code when his limit of the day is reached, and midnight brings him back', async () => {
    const id = await create({
      members: [
        { kind: 'staff', ref: a, daily_limit: 2 },
        { kind: 'staff', ref: b },
      ],
    })
    await happen('relation.added', id, a)
    await caughtUp()
    expect(await behind(id)).toEqual([a, b].sort())
    await happen('relation.added', id, a)
    await caughtUp()
    expect(await behind(id)).toEqual([b])
    clock.set('2026-11-24T00:00:00+08:00')
    await caughtUp()
    expect(await behind(id)).toEqual([a, b].sort())
  })

  it('reach a limit with a half add, which does not count again when it is accepted, today or tomorrow', async () => {
    const id = await create({
      members: [
        { kind: 'staff', ref: a, daily_limit: 1 },
        { kind: 'staff', ref: b },
      ],
    })
    const brought = async () =>
      (
        await sql<{ day: string; adds: number; brought: number }>`
        select day::text as day, sum(adds)::int as adds, sum(brought)::int as brought from channel_days
        where channel_id = ${id} group by day order by day`.execute(db)
      ).rows
    const ours = { customerId: 9001, staff: a }
    await meets(id, ours, { half_added: '2026-11-23T10:00:00+08:00' })
    await meets(id, { customerId: 9002, staff: b }, { half_added: '2026-11-23T10:00:01+08:00' })
    await caughtUp()
    expect(await brought()).toEqual([{ day: '2026-11-23', adds: 0, brought: 2 }])
    expect(await behind(id)).toEqual([b])
    await meets(id, ours, { added: '2026-11-23T10:05:00+08:00' })
    clock.set('2026-11-24T09:00:00+08:00')
    await meets(id, { customerId: 9002, staff: b }, { added: '2026-11-24T08:00:00+08:00' })
    await caughtUp()
    expect(await brought()).toEqual([
      { day: '2026-11-23', adds: 1, brought: 2 },
      { day: '2026-11-24', adds: 1, brought: 0 },
    ])
    expect(await behind(id), 'accepted today, brought yesterday').toEqual([a, b].sort())
    // he deletes, and comes by the code anew
    await meets(id, ours, { ended: '2026-11-24T08:30:00+08:00' })
    await meets(id, ours, { added: '2026-11-24T08:40:00+08:00' })
    await caughtUp()
    expect((await brought()).at(-1)).toEqual({ day: '2026-11-24', adds: 2, brought: 1 })
  })

  it('are brought once in whatever order and batches the half add and the full one are told', async () => {
    const id = await create()
    const half = { half_added: '2026-11-23T09:00:00+08:00' } as const
    const full = { added: '2026-11-23T09:00:30+08:00' } as const
    const orders = [
      [half, full],
      [full, half],
    ] as const
    for (const [n, order] of orders.entries()) {
      for (const together of [true, false]) {
        const customerId = 9100 + n * 2 + Number(together)
        for (const told of order) {
          await meets(id, { customerId, staff: b }, told)
          if (!together) await caughtUp()
        }
      }
    }
    await caughtUp()
    const { rows } = await sql`select adds, brought from channel_days where channel_id = ${id}`.execute(db)
    expect(rows).toEqual([{ adds: 4, brought: 4 }])
  })

  it('use up the codes that the landing page showed, the oldest first', async () => {
    const id = await create({ kind: 'landing', strategy: 'round_robin', fallback: 'closed' })
    const show = (visitor: string, minute: number) =>
      sql`insert into channel_assignments (corp_id, channel_id, visitor, userid, day, assigned_at, expires_at)
        values (${corpId}, ${id}, ${visitor}, ${a}, '2026-11-23', ${clock.now()}::timestamptz + make_interval(mins => ${minute}), ${clock.now()}::timestamptz + interval '10 minutes')`.execute(
        db,
      )
    await show('one', 0)
    await show('two', 1)
    await happen('relation.added', id, a)
    await caughtUp()
    const used = await db.selectFrom('channel_assignments').select('visitor').where('used_at', 'is not', null).execute()
    expect(used).toEqual([{ visitor: 'one' }])
  })
})

describe('capacity', () => {
  it('a member at 95 % leaves the codes and raises an alarm; an expansion puts him back and clears it', async () => {
    const id = await create()
    await sql`insert into staff_loads (corp_id, userid, customers, counted_at) values (${corpId}, ${a}, 4900, ${clock.now()})`.execute(
      db,
    )
    await upkeep.pass({ sweep: true })
    expect(await behind(id)).toEqual([b])
    const alarm = () =>
      db.selectFrom('alarms').selectAll().where('key', '=', `capacity.member:${a}`).executeTakeFirstOrThrow()
    expect(await alarm()).toMatchObject({ severity: 'red', cleared_at: null })
    expect((await operator.get('/api/capacity')).body).toMatchObject({
      members: expect.arrayContaining([expect.objectContaining({ userid: a, level: 'full', left: 100 })]),
    })
    expect((await operator.put(`/api/capacity/${a}`, { cap: 20_000 })).status).toBe(204)
    await upkeep.pass({ sweep: true })
    expect(await behind(id)).toEqual([a, b].sort())
    expect((await alarm()).cleared_at).not.toBeNull()
  })

  it('says in how many days a member is full at the pace of the last week', async () => {
    await create()
    await sql`insert into staff_loads (corp_id, userid, customers, counted_at) values (${corpId}, ${b}, 4300, ${clock.now()})`.execute(
      db,
    )
    await sql`insert into staff_days (corp_id, userid, day, adds, losses)
      select ${corpId}, ${b}, ('2026-11-16'::date + n), 60, 10 from generate_series(0, 6) n`.execute(db)
    const answer = await operator.get('/api/capacity')
    expect(answer.body).toMatchObject({
      members: expect.arrayContaining([
        expect.objectContaining({ userid: b, level: 'amber', per_day: 50, days_left: 14, left: 700 }),
      ]),
      corp: { customers: 4300, per_day: 50 },
    })
    await upkeep.pass({ sweep: true })
    const alarm = await db
      .selectFrom('alarms')
      .select('title')
      .where('key', '=', `capacity.member:${b}`)
      .executeTakeFirstOrThrow()
    expect(JSON.stringify(alarm.title)).toContain('预计 14 天后到上限')
  })
})

function caughtUp(): Promise<void> {
  return untilFollowed(db, 'acquisition.counts', () => upkeep.pass())
}
