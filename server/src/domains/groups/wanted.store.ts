import { sql } from 'kysely'
import type { Database, Executor } from '../../infra/db/database.ts'

export interface WantedGroup {
  readonly chatId: string
  readonly revision: number
  readonly attempts: number
  readonly changedAt: Date | null
}

/** Corps that have groups to be read by now. */
export async function corpsThatWant(on: Executor, at: Date): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select c.id from corps c
    where exists (select from groups g where g.corp_id = c.id and g.wanted_at <= ${at}) order by c.id`.execute(on)
  return rows.map((row) => row.id)
}

/** Takes groups to read until `leasedUntil`: who dies with them in hand leaves them to whoever looks then. */
export async function takeWanted(
  db: Database,
  corpId: number,
  limit: number,
  at: Date,
  leasedUntil: Date,
): Promise<readonly WantedGroup[]> {
  const { rows } = await sql<WantedGroup>`
    with due as (
      select chat_id from groups where corp_id = ${corpId} and wanted_at <= ${at}
      order by wanted_at limit ${limit} for update skip locked)
    update groups g set wanted_at = ${leasedUntil} from due where g.chat_id = due.chat_id and g.corp_id = ${corpId}
    returning g.chat_id as "chatId", g.revision, g.attempts, g.changed_at as "changedAt"`.execute(db)
  return rows
}

export interface Settled {
  readonly chatId: string
  readonly revision: number
  /** When it is to be read again though nobody told of another change; undefined: it is as the platform has it. */
  readonly againAt: Date | undefined
  /** It did not go well, and why. */
  readonly reason?: string | undefined
}

/** Read, or put off. What a callback wanted meanwhile is wanted once more: the reading may not have shown it. */
export async function settleWanted(
  on: Executor,
  corpId: number,
  settled: readonly Settled[],
  lagMs: number,
): Promise<void> {
  if (settled.length === 0) return
  await sql`
    update groups g set
      wanted_at = case
        when g.dismissed_at is not null then null
        when g.revision <> n.revision then g.changed_at + make_interval(secs => ${lagMs / 1000})
        else n.again_at end,
      attempts = case when n.reason is null then 0 else g.attempts + 1 end,
      reason = n.reason
    from unnest(
      ${settled.map((one) => one.chatId)}::text[], ${settled.map((one) => one.revision)}::int[],
      ${settled.map((one) => one.againAt?.toISOString() ?? null)}::timestamptz[], ${settled.map((one) => one.reason ?? null)}::text[]
    ) as n(chat_id, revision, again_at, reason)
    where g.chat_id = n.chat_id and g.corp_id = ${corpId}`.execute(on)
}
