import { sql } from 'kysely'
import type { Executor } from '../db/database.ts'
import type { Actor, RoleName, Scope } from './actor.ts'

/** Machine time, so that a fast sandbox clock does not log people out. */
export const sessionLife = { idleMs: 12 * 3_600_000, absoluteMs: 7 * 86_400_000, touchMs: 60_000 }

export type SessionMethod = 'password' | 'wecom'

export interface NewSession {
  readonly id: string
  readonly tokenHash: Buffer
  readonly accountId: string
  readonly method: SessionMethod
  readonly ip: string
  readonly userAgent: string
}

export interface FoundSession {
  readonly id: string
  readonly actor: Actor
  readonly seenAt: Date
  /** He still has the demo password, and it must not open this installation any more. */
  readonly mustChangePassword: boolean
}

function livingSince(now: Date) {
  const idle = new Date(now.getTime() - sessionLife.idleMs)
  const absolute = new Date(now.getTime() - sessionLife.absoluteMs)
  return sql<boolean>`sessions.seen_at > ${idle} and sessions.created_at > ${absolute}`
}

/** Begins a session, and forgets those that ended by themselves. */
export async function createSession(on: Executor, session: NewSession, now: Date): Promise<void> {
  await on
    .deleteFrom('sessions')
    .where(sql<boolean>`not (${livingSince(now)})`)
    .execute()
  await on
    .insertInto('sessions')
    .values({
      id: session.id,
      token_hash: session.tokenHash,
      account_id: session.accountId,
      method: session.method,
      ip: session.ip,
      user_agent: session.userAgent,
      created_at: now,
      seen_at: now,
    })
    .execute()
}

/** The living session of a token and who it is; an account that was disabled has none. */
export async function findSession(on: Executor, tokenHash: Buffer, now: Date): Promise<FoundSession | undefined> {
  const row = await on
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .select([
      'sessions.id',
      'sessions.seen_at',
      'accounts.id as account_id',
      'accounts.name',
      'accounts.role',
      'accounts.scope_kind',
      'accounts.scope_departments',
      'accounts.scope_stores',
      'accounts.wecom_userid',
      'accounts.locale',
      'accounts.must_change_password',
      sql<boolean>`accounts.corp_id is null`.as('installation'),
      // an administrator of the installation works in the corp he chose, else in the first; 0 before there is one
      sql<number>`coalesce(accounts.corp_id, sessions.corp_id, (select min(id) from corps), 0)`.as('corp_id'),
    ])
    .where('sessions.token_hash', '=', tokenHash)
    .where('accounts.disabled_at', 'is', null)
    .where(livingSince(now))
    .executeTakeFirst()
  if (row === undefined) return undefined
  const actor: Actor = {
    accountId: row.account_id,
    name: row.name,
    role: row.role as RoleName,
    corpId: row.corp_id,
    scope: scopeOf(row),
    locale: row.locale === 'en' ? 'en' : 'zh',
    installation: row.installation,
  }
  return { id: row.id, actor, seenAt: row.seen_at, mustChangePassword: row.must_change_password }
}

interface ScopeColumns {
  readonly scope_kind: string
  readonly scope_departments: readonly number[]
  readonly scope_stores: readonly string[]
  readonly wecom_userid: string | null
}

/** The scope that an account's columns say; a kind that is not known sees nothing. */
export function scopeOf(row: ScopeColumns): Scope {
  if (row.scope_kind === 'corp') return { kind: 'corp' }
  if (row.scope_kind === 'region') return { kind: 'region', departmentIds: row.scope_departments }
  if (row.scope_kind === 'self' && row.wecom_userid !== null) return { kind: 'self', userid: row.wecom_userid }
  return { kind: 'store', storeIds: row.scope_stores }
}

export async function touchSession(on: Executor, id: string, now: Date): Promise<void> {
  await on.updateTable('sessions').set({ seen_at: now }).where('id', '=', id).execute()
}

export async function chooseCorp(on: Executor, id: string, corpId: number): Promise<void> {
  await on.updateTable('sessions').set({ corp_id: corpId }).where('id', '=', id).execute()
}

export interface SessionView {
  readonly id: string
  readonly method: SessionMethod
  readonly ip: string
  readonly userAgent: string
  readonly createdAt: Date
  readonly seenAt: Date
}

/** The living sessions of an account, the one used last first. */
export async function listSessions(on: Executor, accountId: string, now: Date): Promise<readonly SessionView[]> {
  const rows = await on
    .selectFrom('sessions')
    .select(['id', 'method', 'ip', 'user_agent', 'created_at', 'seen_at'])
    .where('account_id', '=', accountId)
    .where(livingSince(now))
    .orderBy('seen_at', 'desc')
    .limit(100)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    method: row.method === 'wecom' ? 'wecom' : 'password',
    ip: row.ip,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    seenAt: row.seen_at,
  }))
}

/** Ends one session of the account; false: it has no such session. */
export async function endSession(on: Executor, accountId: string, id: string): Promise<boolean> {
  const ended = await on
    .deleteFrom('sessions')
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
  return ended.numDeletedRows > 0n
}

/** Ends all sessions of the account but the one named; answers how many. */
export async function endSessions(on: Executor, accountId: string, exceptId?: string): Promise<number> {
  let query = on.deleteFrom('sessions').where('account_id', '=', accountId)
  if (exceptId !== undefined) query = query.where('id', '<>', exceptId)
  const ended = await query.executeTakeFirst()
  return Number(ended.numDeletedRows)
}
