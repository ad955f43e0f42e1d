import { sql } from 'kysely'
import type { RoleName, Scope } from '../../../infra/auth/actor.ts'
import { scopeOf } from '../../../infra/auth/sessions.store.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import type { Account } from './accounts.ts'

const selectAccounts = (on: Executor) =>
  on
    .selectFrom('accounts')
    .select([
      'accounts.id',
      'accounts.corp_id',
      'accounts.username',
      'accounts.name',
      'accounts.role',
      'accounts.scope_kind',
      'accounts.scope_departments',
      'accounts.scope_stores',
      'accounts.wecom_userid',
      'accounts.password_hash',
      'accounts.locale',
      'accounts.disabled_at',
      'accounts.created_at',
      'accounts.created_by',
      sql<Date | null>`(select max(seen_at) from sessions where sessions.account_id = accounts.id)`.as('last_seen_at'),
    ])

type Row = Awaited<ReturnType<ReturnType<typeof selectAccounts>['execute']>>[number]

function accountOf(row: Row): Account {
  return {
    id: row.id,
    corpId: row.corp_id ?? undefined,
    username: row.username,
    name: row.name,
    role: row.role as RoleName,
    scope: scopeOf(row),
    wecomUserid: row.wecom_userid ?? undefined,
    hasPassword: row.password_hash !== null,
    locale: row.locale === 'en' ? 'en' : 'zh',
    disabledAt: row.disabled_at ?? undefined,
    createdAt: row.created_at,
    createdBy: row.created_by,
    lastSeenAt: row.last_seen_at ?? undefined,
  }
}

export interface AccountFilter {
  readonly q?: string | undefined
  readonly role?: RoleName | undefined
  readonly disabled?: boolean | undefined
}

/** The corp's accounts, newest first; those of the installation too for whom it concerns. */
export async function listAccounts(
  on: Executor,
  whose: { corpId: number; installation: boolean },
  filter: AccountFilter,
  page: { before: readonly [Date, string] | undefined; limit: number },
): Promise<readonly Account[]> {
  let query = selectAccounts(on).where((eb) =>
    whose.installation
      ? eb.or([eb('accounts.corp_id', '=', whose.corpId), eb('accounts.corp_id', 'is', null)])
      : eb('accounts.corp_id', '=', whose.corpId),
  )
  if (filter.role !== undefined) query = query.where('accounts.role', '=', filter.role)
  if (filter.disabled !== undefined)
    query = query.where('accounts.disabled_at', filter.disabled ? 'is not' : 'is', null)
  if (filter.q !== undefined && filter.q !== '') {
    const part = `%${filter.q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) =>
      eb.or([
        eb('accounts.username', 'like', part),
        eb(sql`lower(accounts.name)`, 'like', part),
        eb(sql`lower(accounts.wecom_userid)`, 'like', part),
      ]),
    )
  }
  if (page.before !== undefined) {
    const [at, id] = page.before
    query = query.where(sql<boolean>`(accounts.created_at, accounts.id) < (${at}, ${id}::uuid)`)
  }
  const rows = await query
    .orderBy('accounts.created_at', 'desc')
    .orderBy('accounts.id', 'desc')
    .limit(page.limit)
    .execute()
  return rows.map(accountOf)
}

export async function findAccount(on: Executor, id: string): Promise<Account | undefined> {
  const row = await selectAccounts(on).where('accounts.id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : accountOf(row)
}

/** The account and its password's hash, for a log-in. */
export async function findForLogin(
  on: Executor,
  username: string,
): Promise<{ account: Account; passwordHash: string | null } | undefined> {
  const row = await selectAccounts(on).where('accounts.username', '=', username).executeTakeFirst()
  return row === undefined ? undefined : { account: accountOf(row), passwordHash: row.password_hash }
}

export async function findByWecom(on: Executor, corpId: number, userid: string): Promise<Account | undefined> {
  const row = await selectAccounts(on)
    .where('accounts.corp_id', '=', corpId)
    // the platform takes userids without regard to case (page 90196)
    .where(sql`lower(accounts.wecom_userid)`, '=', userid.toLowerCase())
    .executeTakeFirst()
  return row === undefined ? undefined : accountOf(row)
}

export interface AccountValues {
  readonly name: string
  readonly role: RoleName
  readonly scope: Scope
  readonly wecomUserid: string | undefined
  readonly locale: 'zh' | 'en'
}

const columnsOf = (values: AccountValues) => ({
  name: values.name,
  role: values.role,
  scope_kind: values.scope.kind,
  scope_departments: values.scope.kind === 'region' ? [...values.scope.departmentIds] : [],
  scope_stores: values.scope.kind === 'store' ? [...values.scope.storeIds] : [],
  wecom_userid: values.wecomUserid ?? null,
  locale: values.locale,
})

export interface NewAccount extends AccountValues {
  readonly id: string
  readonly corpId: number | undefined
  readonly username: string
  readonly passwordHash: string | undefined
  readonly createdAt: Date
  readonly createdBy: string
}

/** Answers false when the user name, or the member in this corp, has an account already. */
export async function insertAccount(on: Executor, account: NewAccount): Promise<boolean> {
  const made = await on
    .insertInto('accounts')
    .values({
      id: account.id,
      corp_id: account.corpId ?? null,
      username: account.username,
      password_hash: account.passwordHash ?? null,
      created_at: account.createdAt,
      created_by: account.createdBy,
      ...columnsOf(account),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (made.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function updateAccount(
  on: Executor,
  id: string,
  values: AccountValues & { disabledAt: Date | undefined },
): Promise<void> {
  await on
    .updateTable('accounts')
    .set({ ...columnsOf(values), disabled_at: values.disabledAt ?? null })
    .where('id', '=', id)
    .execute()
}

export async function setPassword(on: Executor, id: string, passwordHash: string): Promise<void> {
  await on
    .updateTable('accounts')
    .set({ password_hash: passwordHash, must_change_password: false })
    .where('id', '=', id)
    .execute()
}

export async function setPreferences(on: Executor, id: string, locale: 'zh' | 'en'): Promise<void> {
  await on.updateTable('accounts').set({ locale }).where('id', '=', id).execute()
}

export async function removeAccount(on: Executor, id: string): Promise<void> {
  await on.deleteFrom('accounts').where('id', '=', id).execute()
}

/** Locks changes of administrators against each other, then counts those who could still get in. */
export async function countOtherAdministrators(
  on: Executor,
  corpId: number | undefined,
  exceptId: string,
): Promise<number> {
  await sql`select pg_advisory_xact_lock(${locks.installation}, 2)`.execute(on)
  const row = await on
    .selectFrom('accounts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('role', '=', 'administrator')
    .where('disabled_at', 'is', null)
    .where('id', '<>', exceptId)
    .where((eb) =>
      corpId === undefined ? eb('corp_id', 'is', null) : eb.or([eb('corp_id', 'is', null), eb('corp_id', '=', corpId)]),
    )
    .executeTakeFirstOrThrow()
  return row.count
}

export async function countAccounts(on: Executor): Promise<number> {
  const row = await on
    .selectFrom('accounts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}
