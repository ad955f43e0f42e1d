import { sql } from 'kysely'
import type { Config } from '../../../infra/config.ts'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import { customerSite } from './link-settings.ts'
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
