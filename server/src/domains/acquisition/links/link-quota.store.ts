import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { LinkQuota } from './link-quota.ts'

export async function hasLinks(on: Executor, corpId: number): Promise<boolean> {
  const row = await on
    .selectFrom('channels')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('kind', '=', 'link')
    .where('status', '=', 'active')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function saveQuota(on: Executor, corpId: number, quota: LinkQuota, at: Date): Promise<void> {
  const lots = JSON.stringify(
    quota.lots.map((lot) => ({ expires_at: lot.expiresAt.toISOString(), balance: lot.balance })),
  )
  await sql`
    insert into acquisition_quotas (corp_id, total, balance, lots, read_at)
    values (${corpId}, ${quota.total}, ${quota.balance}, ${lots}::jsonb, ${at})
    on conflict (corp_id) do update set total = excluded.total, balance = excluded.balance, lots = excluded.lots, read_at = excluded.read_at`.execute(
    on,
  )
}

export interface StoredQuota {
  readonly total: number
  readonly balance: number
  readonly lots: readonly { readonly expires_at: string; readonly balance: number }[]
  readonly readAt: Date
}

export async function readQuota(on: Executor, corpId: number): Promise<StoredQuota | undefined> {
  const { rows } = await sql<StoredQuota>`
    select total, balance, lots, read_at as "readAt" from acquisition_quotas where corp_id = ${corpId}`.execute(on)
  return rows[0]
}
