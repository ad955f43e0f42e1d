import { type RawBuilder, sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor } from '../../../infra/db/database.ts'

/** The touch policies that count now and speak of an audience, by name: put away, it would leave its people to other policies. */
export async function policiesOfAudience(on: Executor, corpId: number, id: string): Promise<readonly string[]> {
  return named(on, corpId, sql`v.rules->'whom'->>'is' = 'audience' and v.rules->'whom'->>'id' = ${id}`)
}

/** Those that speak of one of these value tiers, by name; `approvals`: two must agree where a send reaches one of them. */
export async function rulesOfTiers(
  on: Executor,
  corpId: number,
  tiers: readonly string[],
): Promise<{ readonly policies: readonly string[]; readonly approvals: boolean }> {
  const list = sql`${textArray(tiers)}::text[]`
  const policies = await named(on, corpId, sql`v.rules->'whom'->>'is' = 'tier' and v.rules->'whom'->'any' ?| ${list}`)
  const { rows } = await sql`
    select from reach_settings where corp_id = ${corpId} and two_for_tiers && ${list}`.execute(on)
  return { policies, approvals: rows.length > 0 }
}

async function named(on: Executor, corpId: number, which: RawBuilder<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select p.name from touch_policies p
    join lateral (select t.version from touch_policy_turns t where t.policy_id = p.id order by t.id desc limit 1) turn on true
    join touch_policy_versions v on v.policy_id = p.id and v.version = turn.version
    where p.corp_id = ${corpId} and ${which} order by p.name`.execute(on)
  return rows.map(({ name }) => name)
}
