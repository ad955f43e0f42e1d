import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { Button } from './button.ts'
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
  /** Whether it went out as a card with buttons. */
  readonly card: boolean
  readonly tappedAt: Date | null
  readonly tapOutcome: string | null
}

/** A page of what staff were told, the latest first. */
export async function listMessages(
  on: Executor,
  corpId: number,
  wanted: {
    readonly userid: string | undefined
    readonly state: MessageRow['state'] | undefined
    readonly tap: 'waiting' | 'taken' | undefined
    readonly before: number | undefined
    readonly limit: number
  },
): Promise<readonly MessageRow[]> {
  const { userid, state, tap, before, limit } = wanted
  const { rows } = await sql<MessageRow>`
    select m.id, m.created_at as at, m.userid, staff.name as "staffName", m.kind, m.values,
      coalesce(s.state, 'waiting') as state, s.messages as together, s.settled_at as "toldAt", s.errcode,
      s.task_id is not null as card, s.tapped_at as "tappedAt", s.tap_outcome as "tapOutcome"
    from app_messages m left join app_message_sends s on s.id = m.send_id
      left join staff on staff.corp_id = m.corp_id and staff.userid = m.userid
    where m.corp_id = ${corpId} and (${userid ?? null}::text is null or m.userid = ${userid ?? null})
      and (${state ?? null}::text is null or coalesce(s.state, 'waiting') = ${state ?? null})
      and (${tap ?? null}::text is null or (s.task_id is not null and (s.tapped_at is not null) = ${tap === 'taken'}))
      and (${before ?? null}::bigint is null or m.id < ${before ?? null})
    order by m.id desc limit ${limit}`.execute(on)
  return rows
}

export interface TemplateRow {
  readonly kind: string
  readonly enabled: boolean
  readonly words: string
  readonly buttons: readonly Button[]
  readonly changedAt: Date
}

export async function templatesOf(on: Executor, corpId: number): Promise<readonly TemplateRow[]> {
  const { rows } = await sql<TemplateRow>`
    select kind, enabled, words, buttons, changed_at as "changedAt" from app_message_templates
    where corp_id = ${corpId}`.execute(on)
  return rows
}

export async function writeTemplate(
  on: Executor,
  corpId: number,
  { kind, enabled, words, buttons }: Omit<TemplateRow, 'changedAt'>,
  by: { readonly account: string; readonly at: Date },
): Promise<void> {
  await sql`
    insert into app_message_templates (corp_id, kind, enabled, words, buttons, changed_by, changed_at)
    values (${corpId}, ${kind}, ${enabled}, ${words}, ${JSON.stringify(buttons)}::jsonb, ${by.account}, ${by.at})
    on conflict (corp_id, kind) do update set enabled = excluded.enabled, words = excluded.words,
      buttons = excluded.buttons,      changed_by = excluded.changed_by, changed_at = excluded.changed_at`.execute(on)
}
