import type { Executor } from '../infra/db/database.ts'

/** Whether the first sync is over and stores have their members: then it is known who guides and who manages. */
export async function staffAndStoresAreThere(on: Executor, corpId: number): Promise<boolean> {
  const found = await on
    .selectFrom('staff')
    .innerJoin('stores', 'stores.id', 'staff.store_id')
    .innerJoin('customer_syncs', 'customer_syncs.corp_id', 'staff.corp_id')
    .select('staff.userid')
    .where('staff.corp_id', '=', corpId)
    .where('customer_syncs.first_done_at', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
