import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'

/** One process at a time decides whether the first account is made. */
export async function lockFirstAccount(on: Executor): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.installation}, 3)`.execute(on)
}

export interface SeededAccount {
  readonly id: string
  readonly username: string
  readonly passwordHash: string | null
  readonly createdBy: string
}

/** The accounts that only the start makes, which are the only ones that may have the demo password. */
export async function seededAccounts(on: Executor): Promise<readonly SeededAccount[]> {
  return on
    .selectFrom('accounts')
    .select(['id', 'username', 'password_hash as passwordHash', 'created_by as createdBy'])
    .where('created_by', 'in', ['demo', 'first start'])
    .where('disabled_at', 'is', null)
    .where('must_change_password', '=', false)
    .execute()
}

export async function disableAccounts(on: Executor, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length > 0)
    await on
      .updateTable('accounts')
      .set({ disabled_at: at })
      .where('id', 'in', [...ids])
      .execute()
}

export async function demandNewPasswords(on: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await on
      .updateTable('accounts')
      .set({ must_change_password: true })
      .where('id', 'in', [...ids])
      .execute()
}

export interface DemoStaff {
  readonly guide: { readonly userid: string; readonly name: string } | undefined
  readonly manager: { readonly userid: string; readonly name: string } | undefined
  readonly storeId: string | undefined
  readonly departmentIds: readonly number[]
}

/** A member with most customers who is nobody's manager, the manager of his store, and where they stand. */
export async function findDemoStaff(on: Executor, corpId: number): Promise<DemoStaff> {
  const guide = await on
    .selectFrom('staff')
    .leftJoin('stores', 'stores.id', 'staff.store_id')
    .select(['staff.userid', 'staff.name', 'staff.store_id', 'staff.department_ids', 'stores.manager_userid'])
    .select((eb) =>
      eb
        .selectFrom('relations')
        .select(eb.fn.countAll<number>().as('count'))
        .whereRef('relations.corp_id', '=', 'staff.corp_id')
        .whereRef('relations.userid', '=', 'staff.userid')
        .as('customers'),
    )
    .where('staff.corp_id', '=', corpId)
    .where('staff.gone_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('stores as led').select('led.id').whereRef('led.manager_userid', '=', 'staff.userid')),
      ),
    )
    .orderBy(sql`staff.store_id is null`)
    .orderBy('customers', 'desc')
    .orderBy('staff.userid')
    .limit(1)
    .executeTakeFirst()
  if (guide === undefined) return { guide: undefined, manager: undefined, storeId: undefined, departmentIds: [] }
  const manager = await on
    .selectFrom('staff')
    .select(['userid', 'name'])
    .where('corp_id', '=', corpId)
    .where('gone_at', 'is', null)
    .where('userid', '<>', guide.userid)
    .where((eb) =>
      guide.manager_userid !== null
        ? eb('userid', '=', guide.manager_userid)
        : eb(sql<boolean>`department_ids && ${guide.department_ids}::integer[]`, '=', true),
    )
    .orderBy('userid')
    .limit(1)
    .executeTakeFirst()
  return {
    guide: { userid: guide.userid, name: guide.name },
    manager,
    storeId: guide.store_id ?? undefined,
    departmentIds: guide.department_ids,
  }
}
