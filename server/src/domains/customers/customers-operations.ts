import type { Services } from '../../infra/services.ts'
import { runSync } from './sync.job.ts'
import { firstSyncKind, syncKinds } from './sync.ts'

/** The long operations of customers; call before operations are started. */
export function defineCustomerOperations(services: Services): void {
  for (const kind of syncKinds) services.operations.define(kind, (run) => runSync(services, run))
}

/** Reads the corp's people for the first time, once: a corp that was read, or is being read, is left alone. */
export async function ensureFirstSync(services: Pick<Services, 'db' | 'operations'>, corpId: number): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    // two processes that start together: the second waits here and then sees the operation of the first
    await tx.selectFrom('corps').select('id').where('id', '=', corpId).forUpdate().execute()
    const begun = await tx
      .selectFrom('operations')
      .select('id')
      .where('corp_id', '=', corpId)
      .where('kind', '=', firstSyncKind)
      .where('state', 'in', ['waiting', 'running', 'done'])
      .executeTakeFirst()
    if (begun === undefined)
      await services.operations.begin({ kind: firstSyncKind, corpId, input: {}, startedBy: 'system' }, tx)
  })
}
