import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { type Campaign, openRunStates } from './campaign.ts'

/** Why a campaign that repeats does not go out at one of its times though the server was there. */
export type InTheWay = 'open' | 'stopped'

/**
 * What of an earlier run keeps the next from beginning: members still have something of it to confirm, or its canary stopped it
 * and nobody has said that he saw it, nor changed the campaign since. Times of a day that share its groups reach different ones:
 * none waits.
 */
export async function inTheWay(
  on: Executor,
  { id, version, spec }: Pick<Campaign, 'id' | 'version' | 'spec'>,
): Promise<InTheWay | undefined> {
  const { rows } = await sql<{ open: boolean; stopped: boolean }>`
    select coalesce(bool_or(r.state in ('planning', 'planned') or r.state = any(${[...openRunStates]}::text[]) and exists (
        select from campaign_tasks t
        where t.run_id = r.id and t.state in ('planned', 'asking', 'asked', 'unknown'))), false) as open,
      coalesce(bool_or(r.state = 'stopped' and r.halted_by is null and r.version = ${version}), false) as stopped
    from campaign_runs r where r.campaign_id = ${id} and not r.rehearsal`.execute(on)
  const [runs] = rows
  if (runs?.stopped === true) return 'stopped'
  return runs?.open === true && !sharesGroups(spec) ? 'open' : undefined
}

function sharesGroups({ kind, groups, schedule }: Campaign['spec']): boolean {
  if (kind !== 'group_send' || groups === undefined || schedule.kind !== 'recurring') return false
  return groups.most_a_day < schedule.minutes.length
}
