import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'

export interface ScopeOptions {
  readonly departments: readonly { readonly id: number; readonly name: string; readonly parentId: number }[]
  readonly stores: readonly { readonly id: string; readonly code: string; readonly name: string }[]
  readonly staff: readonly { readonly userid: string; readonly name: string; readonly hasAccount: boolean }[]
}

const most = 50

/**
 * What an account can be given: departments, open stores and present members whose name, code or pinyin has the text,
 * and those that it has already.
 */
export async function findScopeOptions(
  on: Executor,
  corpId: number,
  typed: string,
  also: { department?: number | undefined; storeIds: readonly string[]; userid?: string | undefined },
): Promise<ScopeOptions> {
  const part = `%${typed
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`
  const chosen = sql<boolean>`id = any(${[...also.storeIds]}::uuid[])`
  const departments = await on
    .selectFrom('departments')
    .select(['department_id as id', 'name', 'parent_id as parentId'])
    .where('corp_id', '=', corpId)
    .where('gone_at', 'is', null)
    .orderBy('parent_id')
    .orderBy('position', 'desc')
    .limit(5_000)
    .execute()
  const stores = await on
    .selectFrom('stores')
    .select(['id', 'code', 'name'])
    .where('corp_id', '=', corpId)
    .where('closed_at', 'is', null)
    .where((eb) => eb.or([eb('name', 'ilike', part), eb('code', 'ilike', part), chosen]))
    .orderBy(chosen, 'desc')
    .orderBy('code')
    .limit(most + also.storeIds.length)
    .execute()
  const staff = await on
    .selectFrom('staff')
    .leftJoin('accounts', (join) =>
      join.onRef('accounts.corp_id', '=', 'staff.corp_id').onRef('accounts.wecom_userid', '=', 'staff.userid'),
    )
    .select(['staff.userid', 'staff.name', 'accounts.id as account_id'])
    .where('staff.corp_id', '=', corpId)
    .where('staff.gone_at', 'is', null)
    .where((eb) => {
      const named = eb.or([
        eb('staff.name', 'ilike', part),
        eb('staff.userid', 'ilike', part),
        eb('staff.name_pinyin', 'ilike', part),
      ])
      const there =
        also.department === undefined
          ? named
          : eb.and([named, eb(sql`${also.department}::integer`, '=', eb.fn.any('staff.department_ids'))])
      return also.userid === undefined ? there : eb.or([there, eb('staff.userid', '=', also.userid)])
    })
    .orderBy('staff.name_pinyin')
    .limit(most)
    .execute()
  return {
    departments,
    stores,
    staff: staff.map((row) => ({ userid: row.userid, name: row.name, hasAccount: row.account_id !== null })),
  }
}
