import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { Values } from './words.ts'

export interface MessageRow {
  readonly id: number
  readonly at: Date
  readonly userid: string
  readonly staffName: string | null
  readonly kind: string
  readonly values: Values
  readonly state: 'waiting' | 'making' | 'sent' | 'refused' | 'unknown'
  readonly together: number | null
  readonly toldAt: Date | null
  readonly errcode: number | null
}

/** A page of what staff were told, the latest first. */
export async function listMessages(
  on: Executor,
  corpId: number,
  wanted: {
    readonly userid: string | undefined
    readonly state: MessageRow['state'] | undefined
    readonly before: number | undefined
    readonly limit: number
  },
): Promise<readonly MessageRow[]> {
  const { userid, state, before, limit } = wanted
  const { rows } = await sql<MessageRow>`
    select m.id, m.created_at as at, m.userid, staff.name as "staffName", m.kind, m.values,
      coalesce(s.state, 'waiting') as state, s.messages as together, s.settled_at as "toldAt", s.errcode
    from app_messages m left join app_message_sends s on s.id = m.send_id
      left join staff on staff.corp_id = m.corp_id and staff.userid = m.userid
    where m.corp_id = ${corpId} and (${userid ?? null}::text is null or m.userid = ${userid ?? null})
      and (${state ?? null}::text is null or coalesce(s.state, 'waiting') = ${state ?? null})
      and (${before ?? null}::bigint is null or m.id < ${before ?? null})
    order by m.id desc limit ${limit}`.execute(on)
  return rows
}

export interface TemplateRow {
  readonly kind: string
  readonly enabled: boolean
  readonly words: string
  readonly changedAt: Date
}

export async function templatesOf(on: Executor, corpId: number): Promise<readonly TemplateRow[]> {
  return on
    .selectFrom('app_message_templates')
    .select(['kind', 'enabled', 'words', 'changed_at as changedAt'])
    .where('corp_id', '=', corpId)
    .execute()
}

export async function writeTemplate(
  on: Executor,
  corpId: number,
  { kind, enabled, words }: Omit<TemplateRow, 'changedAt'>,
  by: { readonly account: string; readonly at: Date },
): Promise<void> {
  await sql`
    insert into app_message_templates (corp_id, kind, enabled, words, changed_by, changed_at)
    values (${corpId}, ${kind}, ${enabled}, ${words}, ${by.account}, ${by.at})
    on conflict (corp_id, kind) do update set enabled = excluded.enabled, words = excluded.words,
      changed_by = excluded.changed_by, changed_at = excluded.changed_at`.execute(on)
}
