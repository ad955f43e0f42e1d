import { sql } from 'kysely'
import type { Config } from '../../../infra/config.ts'
import { customerSite } from '../../../infra/customer-site.ts'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import type { KnownLink } from './link-register.ts'
import type { LinkSettings } from './link-settings.ts'
import { linkOf, tokenOf } from './link-token.ts'

/** A link that a task is to carry: `place` says which of its content's addresses it stands for. */
export interface WantedLink {
  readonly target: string
  readonly run: number
  readonly task: number
  readonly place: number
}

/**
 * Makes the links of tasks, all in one statement, and answers their tokens in the order in which they were asked for.
 * Asked again for a task, it answers the same ones.
 */
export async function mintLinks(
  tx: Tx,
  vault: Vault,
  corpId: number,
  wanted: readonly WantedLink[],
): Promise<readonly string[]> {
  if (wanted.length === 0) return []
  const { rows } = await sql<{ id: number; run: number; task: number; place: number }>`
    insert into links (corp_id, run_id, task, place, target)
    select ${corpId}::int, * from unnest(
      ${numberArray(wanted.map((one) => one.run))}::int[], ${numberArray(wanted.map((one) => one.task))}::int[],
      ${numberArray(wanted.map((one) => one.place))}::smallint[], ${textArray(wanted.map((one) => one.target))}::text[]
    ) on conflict (run_id, task, place) do update set target = links.target
    returning id, run_id as run, task, place`.execute(tx)
  const minted = new Map(rows.map((row) => [keyOf(row), tokenOf(row.id, vault)]))
  return wanted.map((one) => minted.get(keyOf(one)) ?? '')
}

const keyOf = ({ run, task, place }: Pick<WantedLink, 'run' | 'task' | 'place'>) => `${run} ${task} ${place}`

/** What carries a token; undefined: we did not make it, or it belongs to another corp. */
export async function tokenOwner(
  on: Executor,
  vault: Vault,
  corpId: number,
  token: string,
): Promise<WantedLink | undefined> {
  const id = linkOf(token, vault)
  if (id === undefined) return undefined
  return on
    .selectFrom('links')
    .select(['target', 'run_id as run', 'task', 'place'])
    .where('id', '=', id)
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
}

/** Where the pages are that a corp's customers see (`linkAddress`, `preferencesAddress`). */
export async function siteOfCorp(on: Executor, config: Pick<Config, 'publicUrl'>, corpId: number): Promise<string> {
  return customerSite(config, await settingsOfCorp(on, corpId))
}

export async function settingsOfCorp(on: Executor, corpId: number): Promise<unknown> {
  const row = await on.selectFrom('corps').select('settings').where('id', '=', corpId).executeTakeFirstOrThrow()
  return row.settings
}

/** The links of these numbers, with what their corp has set for them. */
export async function linksByNumber(on: Executor, ids: readonly number[]): Promise<readonly KnownLink[]> {
  const { rows } = await sql<KnownLink>`
    select l.id, l.corp_id as "corpId", l.run_id as run, l.task, l.target, l.stopped_at is not null as stopped,
      c.name as brand, c.corpid, c.settings
    from links l join corps c on c.id = l.corp_id where l.id = any(${numberArray(ids)}::bigint[])`.execute(on)
  return rows
}

/** Stops all links of a run, or lets them lead on; answers how many there are. */
export async function stopLinks(tx: Executor, corpId: number, run: number, at: Date | null): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('links')
    .set({ stopped_at: at })
    .where('run_id', '=', run)
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export async function saveLinkSettings(
  on: Executor,
  corpId: number,
  { urls, knowCustomers, parameter }: LinkSettings,
): Promise<void> {
  await sql`update corps set settings = settings || jsonb_build_object(
    'link_urls', ${JSON.stringify(urls)}::jsonb, 'link_know_customers', ${knowCustomers}::boolean,
    'link_parameter', ${parameter ?? null}::text) where id = ${corpId}`.execute(on)
}

/** Puts the domain in use to the end of the list; false: it is not in use any more, or there is no other. */
export async function replaceDomain(on: Executor, corpId: number, blocked: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update corps set settings = jsonb_set(settings, '{link_urls}', (settings->'link_urls') - 0 || (settings->'link_urls'->0))
    where id = ${corpId} and settings->'link_urls'->>0 = ${blocked} and jsonb_array_length(settings->'link_urls') > 1`.execute(
    on,
  )
  return numAffectedRows === 1n
}
