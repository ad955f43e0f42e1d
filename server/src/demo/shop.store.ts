import type { Executor } from '../infra/db/database.ts'

/** The corp by our number or the platform's id. */
export async function shopCorp(on: Executor, corp: number | string): Promise<{ id: number; corpid: string }> {
  const query = on.selectFrom('corps').select(['id', 'corpid'])
  const found = typeof corp === 'number' ? query.where('id', '=', corp) : query.where('corpid', '=', corp)
  return found.executeTakeFirstOrThrow()
}

/** The store of a department and a member of staff, as far as we know them. */
export async function knownShopParts(
  on: Executor,
  corpId: number,
  departmentId: number,
  userid: string | undefined,
): Promise<{ readonly store: string | undefined; readonly staff: string | undefined }> {
  const store = await on
    .selectFrom('stores')
    .select('code')
    .where('corp_id', '=', corpId)
    .where('department_id', '=', departmentId)
    .executeTakeFirst()
  const staff =
    userid === undefined
      ? undefined
      : await on
          .selectFrom('staff')
          .select('userid')
          .where('corp_id', '=', corpId)
          .where('userid', '=', userid)
          .executeTakeFirst()
  return { store: store?.code, staff: staff?.userid }
}

/** The mini program that the shop is. */
export async function shopAppid(on: Executor, corpId: number): Promise<string | undefined> {
  const row = await on
    .selectFrom('weixin_accounts')
    .select('appid')
    .where('corp_id', '=', corpId)
    .where('kind', '=', 'mini_program')
    .orderBy('created_at')
    .executeTakeFirst()
  return row?.appid
}
