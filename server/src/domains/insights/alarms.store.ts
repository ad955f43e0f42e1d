import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor } from '../../infra/db/database.ts'
import type { Said } from '../../infra/errors.ts'
import type { Alarm, AlarmSubject } from './alarms.ts'

/** Raises alarms; one that stands already keeps its time and gets the newer words. Answers the keys that are new. */
export async function raiseAlarms(on: Executor, alarms: readonly Alarm[], at: Date): Promise<readonly string[]> {
  if (alarms.length === 0) return []
  const unique = [...new Map(alarms.map((alarm) => [`${alarm.corpId} ${alarm.key}`, alarm])).values()]
  const { rows } = await sql<{ key: string; fresh: boolean }>`
    insert into alarms as a (id, corp_id, kind, key, severity, title, advice, subject, raised_at)
    select * from unnest(
      ${unique.map(() => uuid())}::uuid[], ${unique.map((a) => a.corpId)}::int[], ${unique.map((a) => a.kind)}::text[],
      ${unique.map((a) => a.key)}::text[], ${unique.map((a) => a.severity)}::text[],
      ${unique.map((a) => JSON.stringify(a.title))}::jsonb[], ${unique.map((a) => JSON.stringify(a.advice))}::jsonb[],
      ${unique.map((a) => JSON.stringify(a.subject))}::jsonb[], ${unique.map(() => at.toISOString())}::timestamptz[])
    on conflict (corp_id, key) do update set kind = excluded.kind, severity = excluded.severity, title = excluded.title,
      advice = excluded.advice, subject = excluded.subject, cleared_at = null,
      raised_at = case when a.cleared_at is null then a.raised_at else excluded.raised_at end
    returning key, raised_at = ${at}::timestamptz as fresh`.execute(on)
  return rows.filter((row) => row.fresh).map((row) => row.key)
}

export async function raiseAlarm(on: Executor, alarm: Alarm, at: Date): Promise<void> {
  await raiseAlarms(on, [alarm], at)
}

/** Clears the alarms of these keys that stand; answers how many did. */
export async function clearAlarms(on: Executor, corpId: number, keys: readonly string[], at: Date): Promise<number> {
  if (keys.length === 0) return 0
  const { numUpdatedRows } = await on
    .updateTable('alarms')
    .set({ cleared_at: at })
    .where('corp_id', '=', corpId)
    .where('key', 'in', [...keys])
    .where('cleared_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export async function clearAlarm(on: Executor, corpId: number, key: string, at: Date): Promise<void> {
  await clearAlarms(on, corpId, [key], at)
}

/** Clears every standing alarm of a kind whose key is not among those that still hold. */
export async function keepAlarms(
  on: Executor,
  corpId: number,
  kind: string,
  holding: readonly string[],
  at: Date,
): Promise<void> {
  await sql`update alarms set cleared_at = ${at} where corp_id = ${corpId} and kind = ${kind} and cleared_at is null
    and key <> all(${[...holding]}::text[])`.execute(on)
}

export interface StandingAlarm {
  readonly id: string
  readonly kind: string
  readonly key: string
  readonly severity: string
  readonly title: Said
  readonly advice: Said
  readonly subject: AlarmSubject
  readonly raisedAt: Date
  readonly clearedAt: Date | null
}

/** The alarms that stand, the gravest and newest first; with `cleared`, those of the past too. */
export async function listAlarms(
  on: Executor,
  corpId: number,
  options: { readonly limit: number; readonly cleared?: boolean },
): Promise<readonly StandingAlarm[]> {
  const { rows } = await sql<StandingAlarm>`
    select id, kind, key, severity, title, advice, subject, raised_at as "raisedAt", cleared_at as "clearedAt"
    from alarms where corp_id = ${corpId} and (cleared_at is null or ${options.cleared === true})
    order by cleared_at is not null, case severity when 'red' then 0 when 'amber' then 1 else 2 end, raised_at desc, id
    limit ${options.limit}`.execute(on)
  return rows
}
