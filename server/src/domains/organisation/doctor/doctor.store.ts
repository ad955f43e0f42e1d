import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor } from '../../../infra/db/database.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import { readinessOf } from '../staff/staff.ts'
import type { AppFacts, Facts, FailureFacts, Finding, MemberFacts, NoCodeFacts } from './doctor.ts'

export interface DoctorApp {
  readonly appKey: string
  readonly name: string
  readonly kind: AppFacts['kind']
  readonly agentId: number | null
  readonly hasSecret: boolean
  readonly callback: { readonly token: string; readonly aesKey: string } | undefined
  readonly verifiedAt: Date | undefined
  readonly lastCallbackAt: Date | undefined
  readonly refused: AppFacts['refused']
}

interface AppRow extends Omit<DoctorApp, 'callback' | 'verifiedAt' | 'lastCallbackAt' | 'refused'> {
  token: Buffer | null
  aesKey: Buffer | null
  verifiedAt: Date | null
  lastCallbackAt: Date | null
  refusedAt: Date | null
  refusedCode: number | null
  refusedCount: number | null
}

/** The corp's apps with what happened at their callback addresses. */
export async function doctorApps(on: Executor, vault: Vault, corpId: number): Promise<readonly DoctorApp[]> {
  const { rows } = await sql<AppRow>`
    select a.app_key as "appKey", a.name, a.kind, a.agent_id as "agentId", a.secret_sealed is not null as "hasSecret",
      a.token_sealed as token, a.aes_key_sealed as "aesKey", w.verified_at as "verifiedAt", w.refused_at as "refusedAt",
      w.refused_code as "refusedCode", w.refused_count as "refusedCount",
      (select c.received_at from callbacks c where c.corp_id = a.corp_id and c.app_id = a.id order by c.id desc limit 1) as "lastCallbackAt"
    from apps a left join callback_witnesses w on w.app_id = a.id
    where a.corp_id = ${corpId} order by a.created_at, a.app_key`.execute(on)
  return rows.map(({ token, aesKey, refusedAt, refusedCode, refusedCount, verifiedAt, lastCallbackAt, ...app }) => {
    const opened = Math.max(verifiedAt?.getTime() ?? 0, lastCallbackAt?.getTime() ?? 0)
    return {
      ...app,
      callback:
        token === null || aesKey === null ? undefined : { token: vault.open(token), aesKey: vault.open(aesKey) },
      verifiedAt: verifiedAt ?? undefined,
      lastCallbackAt: lastCallbackAt ?? undefined,
      refused:
        refusedAt !== null && refusedAt.getTime() > opened
          ? { at: refusedAt, code: refusedCode ?? 0, count: refusedCount ?? 1 }
          : undefined,
    }
  })
}

/** Writes what the doctor read of members, in one statement each; `visible` null: not to be told (ranges by tags). */
export async function saveReadings(
  on: Executor,
  corpId: number,
  read: {
    readonly follows: readonly string[] | undefined
    readonly statuses: ReadonlyMap<string, number>
    readonly range: { readonly users: readonly string[]; readonly departments: readonly number[] } | undefined
  },
): Promise<void> {
  if (read.follows !== undefined)
    await sql`update staff set follows = userid = any(${[...read.follows]}::text[])
      where corp_id = ${corpId} and gone_at is null and follows <> (userid = any(${[...read.follows]}::text[]))`.execute(
      on,
    )
  if (read.statuses.size > 0)
    await sql`update staff s set status = n.status from unnest(${[...read.statuses.keys()]}::text[], ${[...read.statuses.values()]}::smallint[]) as n(userid, status)
      where s.corp_id = ${corpId} and s.userid = n.userid and s.status is distinct from n.status`.execute(on)
  if (read.range !== undefined)
    await sql`
      with recursive tree(id) as (
        select unnest(${[...read.range.departments]}::int[])
        union
        select d.department_id from departments d join tree on d.parent_id = tree.id where d.corp_id = ${corpId}
      ), seen as (
        select userid, userid = any(${[...read.range.users]}::text[]) or department_ids && array(select id from tree) as visible
        from staff where corp_id = ${corpId} and gone_at is null
      )
      update staff s set visible = seen.visible from seen
      where s.corp_id = ${corpId} and s.userid = seen.userid and s.visible is distinct from seen.visible`.execute(on)
}

/**
 * Members who cannot take customers, with how many active channels name them, their store or their department. Whom the
 * app no longer sees counts as gone here; contacts-sync, which sees everybody, knows who is still there (`present`).
 */
export async function blockedMembers(
  on: Executor,
  corpId: number,
  memberCap: number,
  present: ReadonlySet<string>,
): Promise<readonly MemberFacts[]> {
  const { rows } = await sql<
    Parameters<typeof readinessOf>[0] & { userid: string; name: string; named: number; channels: number }
  >`
    select s.userid, s.name, s.gone_at is not null as gone, s.status, s.follows, s.visible, s.addable,
      coalesce(l.customers, 0) as customers, coalesce(s.customer_cap, ${memberCap}::int) as cap, c.named, c.channels
    from staff s left join staff_loads l on l.corp_id = s.corp_id and l.userid = s.userid,
      lateral (
        select count(distinct c.id)::int as channels, (count(distinct c.id) filter (where m.kind = 'staff'))::int as named
        from channels c join channel_members m on m.channel_id = c.id
        where c.corp_id = s.corp_id and c.status = 'active' and ((m.kind = 'staff' and m.ref = s.userid)
          or (m.kind = 'store' and m.ref = s.store_id::text) or (m.kind = 'department' and m.ref = any(s.department_ids::text[])))
      ) c
    where s.corp_id = ${corpId} and (s.gone_at is not null or s.status <> 1 or s.visible = false or not s.follows or s.addable = 'no')
    order by s.name_pinyin, s.userid limit 5000`.execute(on)
  return rows.map((row) => {
    const hidden = row.gone && present.has(row.userid)
    const readiness = hidden ? 'not_visible' : readinessOf(row)
    return { userid: row.userid, name: row.name, readiness, channels: readiness === 'gone' ? row.named : row.channels }
  })
}

/**
 * Each member's last 10 adds within 7 days, without those that have a harmless reason to come without a code: half adds
 * and adds after one, people of other corps' WeCom, who came before or has chatted, who has to agree to the archive.
 */
export async function noCodeFacts(on: Executor, corpId: number, since: Date): Promise<readonly NoCodeFacts[]> {
  const { rows } = await sql<NoCodeFacts>`
    with ranked as (
      select w.userid, w.outcome, w.added_at, row_number() over (partition by w.userid order by w.added_at desc, w.received_at desc, w.effect_key) as nth
      from welcome_sends w join customers c on c.id = w.customer_id
        left join relations r on r.customer_id = w.customer_id and r.corp_id = w.corp_id and r.userid = w.userid
      where w.corp_id = ${corpId} and w.added_at >= ${since} and coalesce((w.trace->'asked'->>'half')::boolean, false) = false
        and not (w.outcome = 'no_code' and (
          coalesce(c.kind, 1) = 2 or w.external_userid like 'wo%'
          -- the event and the detail tell the same add by a second or two apart
          or r.first_added_at < w.added_at - interval '1 minute'
          or r.half_at is not null
          or exists (select from welcome_sends e where e.corp_id = w.corp_id and e.customer_id = w.customer_id
            and e.userid = w.userid and e.effect_key <> w.effect_key and e.added_at <= w.added_at)
          or exists (select from callbacks k where k.corp_id = w.corp_id and k.kind = 'customer.archive_agreed'
            and k.subject = w.external_userid and k.staff_userid = w.userid)))
    ), latest as (select * from ranked where nth <= 10)
    select l.userid, coalesce(s.name, l.userid) as name, count(*)::int as adds,
      (count(*) filter (where l.outcome = 'no_code'))::int as "noCode", bool_or(l.nth = 1 and l.outcome = 'no_code') as "latestWithout"
    from latest l left join staff s on s.corp_id = ${corpId} and s.userid = l.userid
    group by l.userid, s.name having bool_or(l.outcome = 'no_code') order by l.userid limit 500`.execute(on)
  return rows
}

export interface StoredFacts {
  readonly settings: unknown
  readonly welcomes: Facts['welcomes']
  readonly failures: readonly FailureFacts[]
  readonly inactive: Facts['inactive']
  readonly deadCallbacks: number
  readonly usesLinks: boolean
  readonly firstSyncDone: boolean
}

/** What the database tells of the corp's last hour and day. */
export async function storedFacts(on: Executor, corpId: number, now: Date): Promise<StoredFacts> {
  const day = new Date(now.getTime() - 86_400_000)
  const { rows } = await sql<Omit<StoredFacts, 'failures' | 'welcomes'> & { sent: number; raced: number }>`
    select
      (select count(*)::int from welcome_sends where corp_id = ${corpId} and added_at >= ${day} and outcome = 'sent') as sent,
      (select count(*)::int from welcome_sends where corp_id = ${corpId} and added_at >= ${day} and outcome = 'refused' and errcode = 41051) as raced,
      (select case k.kind when 'app.inactive_alert' then 'alert' when 'app.inactive_closed' then 'closed' end from callbacks k
        where k.corp_id = ${corpId} and k.kind in ('app.inactive_alert', 'app.inactive_closed', 'app.inactive_reopened')
        order by k.id desc limit 1) as inactive,
      (select count(*)::int from callback_retries where corp_id = ${corpId} and dead_at is not null) as "deadCallbacks",
      (select settings from corps where id = ${corpId}) as settings,
      exists (select from channels where corp_id = ${corpId} and kind = 'link' and status = 'active') as "usesLinks",
      exists (select from customer_syncs where corp_id = ${corpId} and first_done_at is not null) as "firstSyncDone"`.execute(
    on,
  )
  const failures = await sql<FailureFacts>`
    select api, errcode, count::int as count from call_failures
    where corp_id = ${corpId} and last_at >= ${new Date(now.getTime() - 3_600_000)} order by last_at desc limit 200`.execute(
    on,
  )
  const row = rows[0]
  return {
    welcomes: { sent: row?.sent ?? 0, raced: row?.raced ?? 0 },
    failures: failures.rows,
    inactive: row?.inactive ?? undefined,
    deadCallbacks: row?.deadCallbacks ?? 0,
    settings: row?.settings,
    usesLinks: row?.usesLinks ?? false,
    firstSyncDone: row?.firstSyncDone ?? false,
  }
}

/** Members to sample for customers that we were not told of: those behind codes, another few each time. */
export async function sampleMembers(
  on: Executor,
  corpId: number,
  seed: string,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ userid: string }>`
    select userid from (
      select distinct u.userid from channel_codes k, unnest(k.effective_users) as u(userid)
      where k.corp_id = ${corpId} and k.removed_at is null) as behind
    order by md5(userid || ${seed}) limit ${limit}`.execute(on)
  return rows.map((row) => row.userid)
}

/** Those of a member's customers at the platform who have no relation here, alive or ended. */
export async function unknownCustomers(
  on: Executor,
  corpId: number,
  userid: string,
  externalUserids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select p.id from unnest(${[...externalUserids]}::text[]) as p(id)
    where not exists (select from relations r where r.corp_id = ${corpId} and r.userid = ${userid} and r.external_userid = p.id)`.execute(
    on,
  )
  return rows.map((row) => row.id)
}

/** A WeChat customer of late, to see whether a unionid comes with him. */
export async function sampleCustomer(on: Executor, corpId: number): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select r.external_userid as id from relations r
    where r.corp_id = ${corpId} and r.added_at is not null and r.status = 'alive' and r.external_userid not like 'wo%'
    order by r.added_at desc limit 1`.execute(on)
  return rows[0]?.id
}

export async function departmentsAfter(
  on: Executor,
  corpId: number,
  after: number,
  limit: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select department_id as id from departments where corp_id = ${corpId} and gone_at is null
    order by department_id <= ${after}, department_id limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}

export interface DoctorRun {
  readonly id: string
  readonly cause: 'person' | 'schedule'
  readonly at: Date
  readonly tookMs: number
  readonly findings: readonly Finding[]
  readonly facts: {
    readonly lastDepartment?: number
    readonly outbound?: readonly string[]
    readonly inbound?: readonly string[]
    readonly inboundAt?: string
  }
}

export async function saveRun(on: Executor, corpId: number, run: Omit<DoctorRun, 'id'>): Promise<string> {
  const id = uuid()
  await sql`
    insert into doctor_runs (id, corp_id, cause, at, took_ms, findings, facts)
    values (${id}, ${corpId}, ${run.cause}, ${run.at}, ${run.tookMs}, ${JSON.stringify(run.findings)}::jsonb, ${JSON.stringify(run.facts)}::jsonb)`.execute(
    on,
  )
  // a week of runs is enough to see when something began
  await sql`delete from doctor_runs where corp_id = ${corpId} and at < ${run.at}::timestamptz - interval '7 days'`.execute(
    on,
  )
  return id
}

export async function lastRuns(on: Executor, corpId: number, limit: number): Promise<readonly DoctorRun[]> {
  const { rows } = await sql<DoctorRun>`
    select id, cause, at, took_ms as "tookMs", findings, facts from doctor_runs where corp_id = ${corpId}
    order by at desc, id desc limit ${limit}`.execute(on)
  return rows
}
