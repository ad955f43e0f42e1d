import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'

export interface GuideApp {
  readonly appKey: string
  readonly name: string
  readonly kind: string
  readonly agentId: number | null
  readonly hasSecret: boolean
  readonly hasCallback: boolean
  readonly circuitReason: string | null
  readonly verifiedAt: Date | null
  readonly lastCallbackAt: Date | null
}

export interface GuideStored {
  readonly corp: { readonly corpid: string; readonly name: string } | undefined
  readonly apps: readonly GuideApp[]
  readonly files: readonly { readonly name: string; readonly createdAt: Date }[]
  readonly steps: readonly {
    readonly step: string
    readonly state: 'done' | 'skipped'
    readonly byName: string
    readonly at: Date
  }[]
  readonly changesHeard: boolean
}

export async function readGuide(on: Executor, corpId: number): Promise<GuideStored> {
  const corp = await on.selectFrom('corps').select(['corpid', 'name']).where('id', '=', corpId).executeTakeFirst()
  const apps = await sql<GuideApp>`
    select a.app_key as "appKey", a.name, a.kind, a.agent_id as "agentId", a.secret_sealed is not null as "hasSecret",
      a.token_sealed is not null and a.aes_key_sealed is not null as "hasCallback", a.circuit_reason as "circuitReason",
      w.verified_at as "verifiedAt",
      (select c.received_at from callbacks c where c.corp_id = a.corp_id and c.app_id = a.id order by c.id desc limit 1) as "lastCallbackAt"
    from apps a left join callback_witnesses w on w.app_id = a.id
    where a.corp_id = ${corpId} order by a.created_at, a.app_key`.execute(on)
  const files = await on
    .selectFrom('ownership_files')
    .select(['name', 'created_at as createdAt'])
    .where('corp_id', '=', corpId)
    .orderBy('name')
    .execute()
  const steps = await sql<GuideStored['steps'][number]>`
    select step, state, by_name as "byName", at from guide_steps where corp_id = ${corpId}`.execute(on)
  const heard = await sql<{ heard: boolean }>`
    select exists (select from callbacks where corp_id = ${corpId} and kind like 'customer.%') as heard`.execute(on)
  return { corp, apps: apps.rows, files, steps: steps.rows, changesHeard: heard.rows[0]?.heard ?? false }
}

/** What a person says of a step; undefined takes it back. */
export async function saveStep(
  on: Executor,
  corpId: number,
  step: string,
  said: { state: 'done' | 'skipped'; byName: string; at: Date } | undefined,
): Promise<void> {
  if (said === undefined)
    await on.deleteFrom('guide_steps').where('corp_id', '=', corpId).where('step', '=', step).execute()
  else
    await on
      .insertInto('guide_steps')
      .values({ corp_id: corpId, step, state: said.state, by_name: said.byName, at: said.at })
      .onConflict((conflict) =>
        conflict.columns(['corp_id', 'step']).doUpdateSet({ state: said.state, by_name: said.byName, at: said.at }),
      )
      .execute()
}

/** Keeps a file; false: another corp has one of that name. */
export async function saveFile(
  on: Executor,
  corpId: number,
  name: string,
  content: string,
  at: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into ownership_files as f (name, corp_id, content, created_at) values (${name}, ${corpId}, ${content}, ${at})
    on conflict (name) do update set content = excluded.content, created_at = excluded.created_at
    where f.corp_id = excluded.corp_id`.execute(on)
  return (numAffectedRows ?? 0n) > 0n
}

export async function removeFile(on: Executor, corpId: number, name: string): Promise<boolean> {
  const { numDeletedRows } = await on
    .deleteFrom('ownership_files')
    .where('corp_id', '=', corpId)
    .where('name', '=', name)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function fileContent(on: Executor, name: string): Promise<string | undefined> {
  const row = await on.selectFrom('ownership_files').select('content').where('name', '=', name).executeTakeFirst()
  return row?.content
}

/** One app's name and number, whose secret or callback a person is about to change. */
export async function findApp(
  on: Executor,
  corpId: number,
  appKey: string,
): Promise<{ readonly name: string; readonly kind: string; readonly agentId: number | null } | undefined> {
  return on
    .selectFrom('apps')
    .select(['name', 'kind', 'agent_id as agentId'])
    .where('corp_id', '=', corpId)
    .where('app_key', '=', appKey)
    .executeTakeFirst()
}

/** The address of an app has new keys: what was seen of it before says nothing any more. */
export async function forgetWitness(on: Executor, corpId: number, appKey: string): Promise<void> {
  await sql`delete from callback_witnesses w using apps a
    where a.id = w.app_id and a.corp_id = ${corpId} and a.app_key = ${appKey}`.execute(on)
}
