import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import { businessDay } from '../../../infra/zone.ts'
import type { StaffFacts } from '../channels/assignment.ts'
import type { Rota } from '../channels/rota.ts'
import { type ChosenChannels, loadCandidates } from './code-candidates.store.ts'
import type { DeskChannel } from './code-desk.ts'

/** What the decisions of one corp rest on. */
export interface CorpFacts {
  readonly corpId: number
  readonly corpid: string
  readonly zone: string
  readonly memberCap: number
  readonly maxUsers: number
  readonly maxLinkUsers: number
}

export interface LoadedDesk {
  readonly id: string
  readonly kind: 'qr' | 'link' | 'landing'
  readonly strategy: string
  readonly channel: DeskChannel
  /** Facts of its staff, with this channel's own counts. */
  readonly facts: ReadonlyMap<string, StaffFacts>
}

export async function corpFacts(on: Executor, corpId: number): Promise<CorpFacts> {
  const row = await on
    .selectFrom('corps')
    .select(['corpid', 'time_zone', 'limits'])
    .where('id', '=', corpId)
    .executeTakeFirstOrThrow()
  const limits = profileOf(row.limits)
  return {
    corpId,
    corpid: row.corpid,
    zone: row.time_zone,
    memberCap: limits.value('customer.per_member'),
    maxUsers: limits.value('contact_way.max_users'),
    maxLinkUsers: limits.value('link.max_users'),
  }
}

interface ChannelRow {
  id: string
  kind: LoadedDesk['kind']
  strategy: string
  status: string
  valid_from: Date | null
  valid_until: Date | null
  fallback: 'members' | 'closed'
  daily_limit: number | null
}

/** Everything that decides about these channels (all of the corp's, when none are named), in a fixed number of queries. */
export async function loadDesks(
  on: Executor,
  corp: CorpFacts,
  at: Date,
  channelIds?: readonly string[],
): Promise<readonly LoadedDesk[]> {
  if (channelIds !== undefined && channelIds.length === 0) return []
  const chosen: ChosenChannels =
    channelIds === undefined
      ? sql`select id from channels where corp_id = ${corp.corpId} and status <> 'deleted'`
      : sql`select unnest(${[...channelIds]}::uuid[]) as id`
  const channels = await sql<ChannelRow>`
    select c.id, kind, strategy, status, valid_from, valid_until, fallback, daily_limit
    from channels c join (${chosen}) w on w.id = c.id where c.corp_id = ${corp.corpId}`.execute(on)
  const people = await loadCandidates(on, corp.corpId, chosen)
  const rotas = await loadRotas(on, chosen)
  const staff = await loadStaff(on, corp, [...new Set([...people.values()].flat().map((p) => p.userid))])
  const counts = await loadCounts(on, corp.corpId, chosen, businessDay(at, corp.zone), at)
  return channels.rows.map((row) => {
    const own = people.get(row.id) ?? []
    const counted = counts.get(row.id) ?? new Map<string, ShownCounts>()
    const facts = new Map<string, StaffFacts>()
    for (const { userid } of own) {
      const known = staff.get(userid)
      if (known !== undefined) facts.set(userid, { ...known, ...(counted.get(userid) ?? nothingShown) })
    }
    const takenToday = [...counted.values()].reduce((sum, one) => sum + one.broughtToday + one.openToday, 0)
    return {
      id: row.id,
      kind: row.kind,
      strategy: row.strategy,
      facts,
      channel: {
        status: row.status,
        validFrom: row.valid_from,
        validUntil: row.valid_until,
        fallback: row.fallback,
        dailyLimit: row.daily_limit,
        rota: rotas.get(row.id) ?? { shifts: [], periods: [] },
        members: own.filter((p) => p.role === 'member'),
        spares: own.filter((p) => p.role === 'spare'),
        takenToday,
      },
    }
  })
}

async function loadRotas(on: Executor, chosen: ChosenChannels): Promise<ReadonlyMap<string, Rota>> {
  const shifts = await sql<{
    channel_id: string
    weekdays: number
    from_minute: number
    until_minute: number
    members: string[]
  }>`
    select channel_id, weekdays, from_minute, until_minute, members from channel_shifts
    where channel_id in (${chosen}) order by channel_id, position`.execute(on)
  const periods = await sql<{ channel_id: string; name: string; from_at: Date; until_at: Date; members: string[] }>`
    select channel_id, name, from_at, until_at, members from channel_periods
    where channel_id in (${chosen}) order by channel_id, position`.execute(on)
  const rotas = new Map<string, { shifts: Rota['shifts'][number][]; periods: Rota['periods'][number][] }>()
  const of = (id: string) => {
    const rota = rotas.get(id) ?? { shifts: [], periods: [] }
    rotas.set(id, rota)
    return rota
  }
  for (const row of shifts.rows) {
    const { channel_id: id, weekdays, from_minute: fromMinute, until_minute: untilMinute, members } = row
    of(id).shifts.push({ weekdays, fromMinute, untilMinute, members })
  }
  for (const { channel_id: id, name, from_at: from, until_at: until, members } of periods.rows) {
    of(id).periods.push({ name, from, until, members })
  }
  return rotas
}

type ShownCounts = Pick<StaffFacts, 'broughtToday' | 'openToday' | 'lastShownAt'>
const nothingShown: ShownCounts = { broughtToday: 0, openToday: 0, lastShownAt: null }

interface StaffRow {
  userid: string
  name: string
  gone: boolean
  status: number | null
  follows: boolean
  addable: StaffFacts['addable']
  customer_cap: number | null
  first_seen_at: Date
  customers: number
}

/** Facts of members that are the same in every channel. */
export async function loadStaff(
  on: Executor,
  corp: Pick<CorpFacts, 'corpId' | 'memberCap'>,
  userids: readonly string[],
): Promise<ReadonlyMap<string, StaffFacts>> {
  if (userids.length === 0) return new Map()
  const { rows } = await sql<StaffRow>`
    select s.userid, s.name, s.gone_at is not null as gone, s.status, s.follows, s.addable, s.customer_cap, s.first_seen_at,
      coalesce(l.customers, 0) as customers
    from staff s left join staff_loads l on l.corp_id = s.corp_id and l.userid = s.userid
    where s.corp_id = ${corp.corpId} and s.userid = any(${[...userids]}::text[])`.execute(on)
  return new Map(
    rows.map(({ customer_cap: cap, first_seen_at: firstSeenAt, ...row }) => [
      row.userid,
      { ...row, cap: cap ?? corp.memberCap, firstSeenAt, ...nothingShown },
    ]),
  )
}

/** By channel and member: whom he was brought that day (half adds too), codes shown and still open, and when he was last shown. */
async function loadCounts(
  on: Executor,
  corpId: number,
  chosen: ChosenChannels,
  day: string,
  at: Date,
): Promise<ReadonlyMap<string, ReadonlyMap<string, ShownCounts>>> {
  const { rows } = await sql<{
    channel_id: string
    userid: string
    brought: number
    open: number
    last_shown: Date | null
  }>`
    with wanted as (${chosen}), shown as (
      select channel_id, userid, max(assigned_at) as last_shown,
        count(*) filter (where used_at is null and expires_at > ${at})::int as open
      from channel_assignments
      where channel_id in (select id from wanted) and day >= ${day}::date - 1 group by 1, 2
    ), came as (
      select channel_id, userid, brought from channel_days
      where corp_id = ${corpId} and day = ${day}::date and userid <> '' and channel_id in (select id from wanted)
    )
    select channel_id, userid, coalesce(brought, 0) as brought, coalesce(open, 0) as open, last_shown
    from came full join shown using (channel_id, userid)`.execute(on)
  const counts = new Map<string, Map<string, ShownCounts>>()
  for (const { channel_id: id, userid, brought, open, last_shown: lastShownAt } of rows) {
    const own = counts.get(id) ?? new Map<string, ShownCounts>()
    own.set(userid, { broughtToday: brought, openToday: open, lastShownAt })
    counts.set(id, own)
  }
  return counts
}
