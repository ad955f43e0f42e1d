import type { Executor } from '../../../infra/db/database.ts'

/** An app through which the members of a corp can log in by scan. */
export interface ScanApp {
  readonly corpId: number
  readonly corpid: string
  readonly corpName: string
  readonly appKey: string
  readonly agentId: number
}

/** One app a corp, the oldest that has a secret. */
export async function scanApps(on: Executor): Promise<readonly ScanApp[]> {
  const rows = await on
    .selectFrom('apps')
    .innerJoin('corps', 'corps.id', 'apps.corp_id')
    .distinctOn('corps.id')
    .select(['corps.id', 'corps.corpid', 'corps.name', 'apps.app_key', 'apps.agent_id'])
    .where('apps.kind', '=', 'app')
    .where('apps.agent_id', 'is not', null)
    .where('apps.secret_sealed', 'is not', null)
    .orderBy('corps.id')
    .orderBy('apps.created_at')
    .execute()
  return rows.flatMap((row) =>
    row.agent_id === null
      ? []
      : [{ corpId: row.id, corpid: row.corpid, corpName: row.name, appKey: row.app_key, agentId: row.agent_id }],
  )
}
