import { type Client, defaultLimitProfile } from '@nuanyu/wecom'
import type { Database } from '../../../infra/db/database.ts'
import { keepAlarms, raiseAlarms } from '../../insights/index.ts'
import { hasLinks, saveQuota } from './link-quota.store.ts'
import { quotaAlarms, quotaKind } from './link-quota.ts'

/** Reads the bought quota and raises or clears its alarms, where there is a channel that uses it; answers whether. */
export async function watchLinkQuota(db: Database, client: Client, corpId: number, at: Date): Promise<boolean> {
  if (!(await hasLinks(db, corpId))) return false
  const answer = await client.acquisitionLinks.quota({}, { priority: 'bulk' })
  const quota = {
    total: answer.total,
    balance: answer.balance,
    lots: answer.quota_list.map((lot) => ({ expiresAt: new Date(lot.expire_date * 1000), balance: lot.balance })),
  }
  const alarms = quotaAlarms(corpId, quota, defaultLimitProfile.value('link.balance_low'), at)
  await db.transaction().execute(async (tx) => {
    await saveQuota(tx, corpId, quota, at)
    await raiseAlarms(tx, alarms, at)
    await keepAlarms(
      tx,
      corpId,
      quotaKind,
      alarms.map((alarm) => alarm.key),
      at,
    )
  })
  return true
}
