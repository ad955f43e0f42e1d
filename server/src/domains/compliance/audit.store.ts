import { sql } from 'kysely'
import type { Executor } from '../../infra/db/database.ts'
import { type AuditRecord, type ChainEnd, type ChainedRecord, chainStart, hashOf } from './audit.ts'

/**
 * Appends to the corp's chain. The row lock on its head puts writers in order until the caller's transaction ends, so a
 * caller that writes inside its own transaction does it last.
 */
export async function append(on: Executor, record: Omit<AuditRecord, 'seq'>): Promise<number> {
  if (on.isTransaction) return appendInside(on, record)
  return on.transaction().execute((tx) => appendInside(tx, record))
}

async function appendInside(on: Executor, entry: Omit<AuditRecord, 'seq'>): Promise<number> {
  await on
    .insertInto('audit_heads')
    .values({ corp_id: entry.corpId, seq: 0, hash: Buffer.from(chainStart) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const head = await on
    .selectFrom('audit_heads')
    .select(['seq', 'hash'])
    .where('corp_id', '=', entry.corpId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const record: AuditRecord = { ...entry, seq: head.seq + 1 }
  const hash = hashOf(record, head.hash)
  await on
    .insertInto('audit_entries')
    .values({
      corp_id: record.corpId,
      seq: record.seq,
      at: record.at,
      account_id: record.accountId,
      account_name: record.accountName,
      role: record.role,
      action: record.action,
      outcome: record.outcome,
      object_kind: record.objectKind,
      object_id: record.objectId,
      summary: JSON.stringify(record.summary),
      ip: record.ip,
      user_agent: record.userAgent,
      request_id: record.requestId,
      previous: head.hash,
      hash,
    })
    .execute()
  await on.updateTable('audit_heads').set({ seq: record.seq, hash }).where('corp_id', '=', record.corpId).execute()
  return record.seq
}

export interface AuditFilter {
  readonly accountId?: string | undefined
  readonly action?: string | undefined
  readonly outcome?: 'done' | 'refused' | undefined
  readonly objectKind?: string | undefined
  readonly objectId?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/** Entries of a corp, newest first, below `beforeSeq`. `action` may be a whole action or a thing (`channel`). */
export async function search(
  on: Executor,
  corpId: number,
  filter: AuditFilter,
  page: { beforeSeq: number | undefined; limit: number },
): Promise<readonly ChainedRecord[]> {
  let query = on.selectFrom('audit_entries').selectAll().where('corp_id', '=', corpId)
  if (page.beforeSeq !== undefined) query = query.where('seq', '<', page.beforeSeq)
  if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId)
  if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome)
  if (filter.objectKind !== undefined) query = query.where('object_kind', '=', filter.objectKind)
  if (filter.objectId !== undefined) query = query.where('object_id', '=', filter.objectId)
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('at', '<', filter.to)
  const { action } = filter
  if (action !== undefined)
    query = action.includes('.')
      ? query.where('action', '=', action)
      : query.where(sql<boolean>`starts_with(action, ${`${action}.`})`)
  const rows = await query.orderBy('seq', 'desc').limit(page.limit).execute()
  return rows.map(recordOf)
}

/** The next entries of a chain in its order, for checking it. */
export async function stretch(on: Executor, corpId: number, afterSeq: number, limit: number): Promise<ChainedRecord[]> {
  const rows = await on
    .selectFrom('audit_entries')
    .selectAll()
    .where('corp_id', '=', corpId)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(recordOf)
}

export async function headOf(on: Executor, corpId: number): Promise<ChainEnd | undefined> {
  return on.selectFrom('audit_heads').select(['seq', 'hash']).where('corp_id', '=', corpId).executeTakeFirst()
}

/** What the filters offer: the actions and accounts that occur, most recent use first. */
export async function facets(on: Executor, corpId: number) {
  const actions = await on
    .selectFrom('audit_entries')
    .select(['action', sql<number>`max(seq)`.as('latest')])
    .where('corp_id', '=', corpId)
    .groupBy('action')
    .orderBy('latest', 'desc')
    .limit(200)
    .execute()
  const accounts = await on
    .selectFrom('audit_entries')
    .select([
      'account_id',
      sql<string>`(array_agg(account_name order by seq desc))[1]`.as('name'),
      sql<number>`max(seq)`.as('latest'),
    ])
    .where('corp_id', '=', corpId)
    .where('account_id', 'is not', null)
    .groupBy('account_id')
    .orderBy('latest', 'desc')
    .limit(200)
    .execute()
  return {
    actions: actions.map((row) => row.action),
    accounts: accounts.flatMap((row) => (row.account_id === null ? [] : [{ id: row.account_id, name: row.name }])),
  }
}

type Row = Awaited<ReturnType<typeof rowsShape>>[number]
const rowsShape = (on: Executor) => on.selectFrom('audit_entries').selectAll().execute()

function recordOf(row: Row): ChainedRecord {
  return {
    corpId: row.corp_id,
    seq: row.seq,
    at: row.at,
    accountId: row.account_id,
    accountName: row.account_name,
    role: row.role,
    action: row.action,
    outcome: row.outcome === 'refused' ? 'refused' : 'done',
    objectKind: row.object_kind,
    objectId: row.object_id,
    summary: row.summary,
    ip: row.ip,
    userAgent: row.user_agent,
    requestId: row.request_id,
    previous: row.previous,
    hash: row.hash,
  }
}
