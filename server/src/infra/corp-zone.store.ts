import type { Executor } from './db/database.ts'

/** The time zone in which a corp's business days begin and end. */
export async function zoneOfCorp(on: Executor, corpId: number): Promise<string> {
  const row = await on.selectFrom('corps').select('time_zone').where('id', '=', corpId).executeTakeFirst()
  return row?.time_zone ?? 'Asia/Shanghai'
}
