import type { LimitOverrides } from '@nuanyu/wecom'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { notify } from '../../../infra/db/listen.ts'

export async function storedLimits(on: Executor, corpId: number): Promise<unknown> {
  const row = await on.selectFrom('corps').select('limits').where('id', '=', corpId).executeTakeFirst()
  return row?.limits
}

/** Two people who change different limits at the same time must not undo each other. */
export async function lockLimits(tx: Tx, corpId: number): Promise<unknown> {
  const row = await tx.selectFrom('corps').select('limits').where('id', '=', corpId).forUpdate().executeTakeFirst()
  return row?.limits
}

/** All processes are told when the transaction commits. */
export async function saveLimits(tx: Tx, corpId: number, overrides: LimitOverrides): Promise<void> {
  await tx
    .updateTable('corps')
    .set({ limits: JSON.stringify(overrides) })
    .where('id', '=', corpId)
    .execute()
  await notify(tx, 'nuanyu_apps', String(corpId))
}
