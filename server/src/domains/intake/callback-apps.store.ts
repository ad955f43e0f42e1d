import type { Executor } from '../../infra/db/database.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import type { CallbackApp } from './callback-apps.ts'

export async function loadCallbackApps(on: Executor, vault: Vault): Promise<readonly CallbackApp[]> {
  const rows = await on
    .selectFrom('apps')
    .innerJoin('corps', 'corps.id', 'apps.corp_id')
    .select(['apps.id', 'apps.app_key', 'apps.corp_id', 'corps.corpid', 'apps.token_sealed', 'apps.aes_key_sealed'])
    .where('apps.token_sealed', 'is not', null)
    .where('apps.aes_key_sealed', 'is not', null)
    .execute()
  return rows.flatMap((row) =>
    row.token_sealed === null || row.aes_key_sealed === null
      ? []
      : [
          {
            corpId: row.corp_id,
            corpid: row.corpid,
            appId: row.id,
            appKey: row.app_key,
            token: vault.open(row.token_sealed),
            aesKey: vault.open(row.aes_key_sealed),
          },
        ],
  )
}
