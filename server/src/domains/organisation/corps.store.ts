import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import type { Executor } from '../../infra/db/database.ts'
import { notify } from '../../infra/db/listen.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import type { AppChange, Corp } from './corps.ts'

export async function listCorps(on: Executor): Promise<readonly Corp[]> {
  return on.selectFrom('corps').select(['id', 'corpid', 'name', 'time_zone as timeZone']).orderBy('id').execute()
}

export async function findCorp(on: Executor, corpid: string): Promise<Corp | undefined> {
  return on
    .selectFrom('corps')
    .select(['id', 'corpid', 'name', 'time_zone as timeZone'])
    .where('corpid', '=', corpid)
    .executeTakeFirst()
}

/** Makes the corp, or gives it its new name. */
export async function saveCorp(on: Executor, corp: { corpid: string; name: string }, at: Date): Promise<Corp> {
  return on
    .insertInto('corps')
    .values({ corpid: corp.corpid, name: corp.name, created_at: at })
    .onConflict((conflict) => conflict.column('corpid').doUpdateSet({ name: corp.name }))
    .returning(['id', 'corpid', 'name', 'time_zone as timeZone'])
    .executeTakeFirstOrThrow()
}

/** Makes or changes an app; all processes are told when the transaction commits. */
export async function saveApp(on: Executor, vault: Vault, app: AppChange, at: Date): Promise<string> {
  const sealed = (text: string | undefined) => (text === undefined ? null : vault.seal(text))
  const { rows } = await sql<{ id: string }>`
    insert into apps as known (id, corp_id, app_key, kind, name, agent_id, secret_sealed, token_sealed, aes_key_sealed, created_at)
    values (${uuid()}, ${app.corpId}, ${app.appKey}, ${app.kind}, ${app.name}, ${app.agentId ?? null},
      ${sealed(app.secret)}, ${sealed(app.callback?.token)}, ${sealed(app.callback?.aesKey)}, ${at})
    on conflict (corp_id, app_key) do update set
      kind = excluded.kind, name = excluded.name,
      agent_id = coalesce(excluded.agent_id, known.agent_id),
      secret_sealed = coalesce(excluded.secret_sealed, known.secret_sealed),
      token_sealed = coalesce(excluded.token_sealed, known.token_sealed),
      aes_key_sealed = coalesce(excluded.aes_key_sealed, known.aes_key_sealed),
      circuit_reason = case when excluded.secret_sealed is null then known.circuit_reason end
    returning id`.execute(on)
  const id = rows[0]?.id
  if (id === undefined) throw new Error('saving an app answered no row')
  if (app.secret !== undefined) await on.deleteFrom('access_tokens').where('app_id', '=', id).execute()
  await notify(on, 'nuanyu_apps', String(app.corpId))
  return id
}

/** What decisions of a corp rest on; undefined: there is no such corp (yet). */
export async function corpBasics(
  on: Executor,
  corpId: number,
): Promise<{ readonly corpid: string; readonly timeZone: string; readonly limits: unknown } | undefined> {
  return on
    .selectFrom('corps')
    .select(['corpid', 'time_zone as timeZone', 'limits'])
    .where('id', '=', corpId)
    .executeTakeFirst()
}
