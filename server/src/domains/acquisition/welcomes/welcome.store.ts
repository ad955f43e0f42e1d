import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { type ActiveWelcome, type WelcomeBand, type WelcomeLevel, welcomeKey } from './welcome.ts'

/** The active welcomes of a corp, by level and target. */
export async function loadActiveWelcomes(on: Executor, corpId: number): Promise<ReadonlyMap<string, ActiveWelcome>> {
  const rows = await on
    .selectFrom('welcomes as w')
    .innerJoin('welcome_versions as v', 'v.id', 'w.active_version')
    .select(['w.id', 'w.level', 'w.target', 'w.name', 'v.id as version_id', 'v.number', 'v.bands'])
    .where('w.corp_id', '=', corpId)
    .where('w.enabled', '=', true)
    .execute()
  return new Map(
    rows.map((row) => {
      const level = row.level as WelcomeLevel
      const welcome: ActiveWelcome = {
        id: row.id,
        level,
        target: row.target,
        name: row.name,
        versionId: row.version_id,
        version: row.number,
        bands: row.bands as unknown as readonly WelcomeBand[],
      }
      return [welcomeKey(level, row.target), welcome]
    }),
  )
}

/** Each corp's time zone, as it is now. */
export async function loadZones(on: Executor, corpIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await on
    .selectFrom('corps')
    .select(['id', 'time_zone'])
    .where('id', 'in', [...corpIds])
    .execute()
  return new Map(rows.map((row) => [row.id, row.time_zone]))
}

export interface GreetingStaff {
  readonly name: string
  readonly storeId: string | undefined
  readonly storeName: string | undefined
}

/** Names and stores of members, keyed by `corpId userid`. */
export async function loadGreetingStaff(
  on: Executor,
  keys: readonly string[],
): Promise<ReadonlyMap<string, GreetingStaff>> {
  const pairs = keys.map((key) => ({
    corpId: Number(key.slice(0, key.indexOf(' '))),
    userid: key.slice(key.indexOf(' ') + 1),
  }))
  const { rows } = await sql<{
    corp_id: number
    userid: string
    name: string
    store_id: string | null
    store_name: string | null
  }>`
    select s.corp_id, s.userid, s.name, s.store_id, st.name as store_name
    from unnest(${pairs.map((p) => p.corpId)}::int[], ${pairs.map((p) => p.userid)}::text[]) as w(corp_id, userid)
    join staff s on s.corp_id = w.corp_id and s.userid = w.userid
    left join stores st on st.id = s.store_id and st.closed_at is null`.execute(on)
  return new Map(
    rows.map((row) => [
      `${row.corp_id} ${row.userid}`,
      { name: row.name, storeId: row.store_id ?? undefined, storeName: row.store_name ?? undefined },
    ]),
  )
}

export type WelcomeSendOutcome = 'sent' | 'refused' | 'late' | 'unknown' | 'no_code' | 'none'

export interface WelcomeSend {
  readonly effectKey: string
  readonly corpId: number
  readonly customerId: number
  readonly userid: string
  readonly externalUserid: string
  readonly channelId: string | undefined
  readonly welcomeId: string | undefined
  readonly versionId: string | undefined
  readonly outcome: WelcomeSendOutcome
  readonly errcode: number | undefined
  readonly reason: string | undefined
  readonly addedAt: Date
  readonly receivedAt: Date
  readonly settledAt: Date | undefined
  readonly stages: Readonly<Record<string, number>>
  readonly trace: unknown
}

export async function insertWelcomeSends(on: Executor, sends: readonly WelcomeSend[]): Promise<void> {
  if (sends.length === 0) return
  await sql`
    insert into welcome_sends (effect_key, corp_id, customer_id, userid, external_userid, channel_id, welcome_id, version_id,
      outcome, errcode, reason, added_at, received_at, settled_at, stages, trace)
    select * from unnest(
      ${sends.map((s) => s.effectKey)}::text[], ${sends.map((s) => s.corpId)}::int[], ${sends.map((s) => s.customerId)}::bigint[],
      ${sends.map((s) => s.userid)}::text[], ${sends.map((s) => s.externalUserid)}::text[], ${sends.map((s) => s.channelId ?? null)}::uuid[],
      ${sends.map((s) => s.welcomeId ?? null)}::uuid[], ${sends.map((s) => s.versionId ?? null)}::uuid[],
      ${sends.map((s) => s.outcome)}::text[], ${sends.map((s) => s.errcode ?? null)}::int[], ${sends.map((s) => s.reason ?? null)}::text[],
      ${sends.map((s) => s.addedAt.toISOString())}::timestamptz[], ${sends.map((s) => s.receivedAt.toISOString())}::timestamptz[],
      ${sends.map((s) => s.settledAt?.toISOString() ?? null)}::timestamptz[],
      ${sends.map((s) => JSON.stringify(s.stages))}::jsonb[], ${sends.map((s) => JSON.stringify(s.trace))}::jsonb[]
    )
    on conflict (effect_key, added_at) do update set outcome = excluded.outcome, errcode = excluded.errcode,
      reason = excluded.reason, settled_at = excluded.settled_at, stages = excluded.stages, trace = excluded.trace
      -- an add without a code may be told by one app and with a code by another: what was sent wins
      where welcome_sends.outcome <> 'sent'`.execute(on)
}

/** Welcomes that a dead process had claimed and not settled, now ours. */
export async function adoptWelcomeClaims(
  on: Executor,
  deadProcesses: readonly number[],
  processId: number,
): Promise<readonly { key: string; detail: unknown }[]> {
  if (deadProcesses.length === 0) return []
  const { rows } = await sql<{ key: string; detail: unknown }>`
    update effects set process_id = ${processId}
    where kind = 'welcome' and state = 'claimed' and process_id = any(${[...deadProcesses]}::int[])
    returning key, detail`.execute(on)
  return rows
}
