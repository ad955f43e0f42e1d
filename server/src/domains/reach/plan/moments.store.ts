import { sql } from 'kysely'
import { textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { fateNumber } from '../campaigns/recipient.ts'
import type { DraftTables, PlanInput } from './draft.store.ts'
import { canaryOf } from './write.store.ts'

const n = (value: number) => sql.raw(String(value))

/** Everybody who carries one of the tags at a member, as the platform shows it, beside the members that are there. */
export async function addTagged(
  on: Executor,
  tables: Pick<DraftTables, 'members'>,
  { corpId, tags }: Pick<PlanInput, 'corpId' | 'tags'>,
): Promise<void> {
  await sql`
    insert into ${sql.table(tables.members)} (customer_id, hits)
    select distinct coalesce(c.merged_into, c.id), 0 from relations r join customers c on c.id = r.customer_id
    where r.corp_id = ${corpId} and c.corp_id = ${corpId} and r.status = 'alive' and r.tag_ids && ${textArray(tags)}::text[]
      and c.erased_at is null order by 1`.execute(on)
}

/** How many Moments the tasks of a plan come to: one a variant, its canary apart, and no more members in one than it takes. */
export async function countMoments(
  on: Executor,
  tables: Pick<DraftTables, 'cells'>,
  { runId, spec }: Pick<PlanInput, 'runId' | 'spec'>,
  sendersMost: number,
): Promise<number> {
  const tasks = sql`
    select first as number, variant, persons as recipients from ${sql.table(tables.cells)}
    where fate = ${n(fateNumber('sent_to'))}`
  const first = spec.canary === null ? sql`select null::int` : canaryOf(tasks, runId, spec.canary.permille)
  const { rows } = await sql<{ moments: number }>`
    select coalesce(sum((members + ${n(sendersMost - 1)}) / ${n(sendersMost)}), 0)::int as moments from (
      select count(*)::int as members from (${tasks}) t group by variant, number in (${first})
    ) parts`.execute(on)
  return rows[0]?.moments ?? 0
}

/**
 * The Moments of the tasks of a run that are in none yet: one a variant, its canary apart. What is seen by an own tag begins
 * with marking; by tags that stand already, it is ready.
 */
export async function writeMoments(
  tx: Tx,
  { runId, corpId, tags }: Pick<PlanInput, 'runId' | 'corpId' | 'tags'>,
  sendersMost: number,
  at: Date,
): Promise<void> {
  const own = tags.length === 0
  // tasks that were written just now count as one for the planner, and a loop over them for each of them takes minutes
  await sql`set local enable_nestloop = off`.execute(tx)
  await sql`
    with parted as (
      select number, variant, canary, recipients,
        (row_number() over (partition by variant, canary order by number) - 1) / ${n(sendersMost)} as part
      from campaign_tasks where run_id = ${runId} and moment is null and state = 'planned'
    ), numbered as (
      select *, (select coalesce(max(number), 0) from campaign_moments where run_id = ${runId})
        + dense_rank() over (order by not canary, variant, part) as moment
      from parted
    ), made as (
      insert into campaign_moments (run_id, number, corp_id, variant, canary, tags, own_tag, to_mark, state, next_at)
      select ${runId}, moment, ${corpId}, min(variant), bool_or(canary), ${textArray(tags)}::text[], ${own}::boolean,
        case when ${own}::boolean then sum(recipients) else 0 end,
        ${own ? 'planned' : 'ready'}, ${own ? at : null}::timestamptz
      from numbered group by moment
    )
    update campaign_tasks t set moment = numbered.moment from numbered
    where t.run_id = ${runId} and t.number = numbered.number`.execute(tx)
  await sql`set local enable_nestloop = on`.execute(tx)
}
