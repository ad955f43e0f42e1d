import type { Executor } from '../infra/db/database.ts'

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
