import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { drawnOut, fateNumber, type SenderReason, senderReasons } from '../campaigns/recipient.ts'
import { decisions } from '../governor/decide.store.ts'
import { keepSpent } from '../governor/quota.store.ts'
import { type DraftTables, type PlanInput, spentOf } from './draft.store.ts'
import { chooseSenders } from './senders.store.ts'
import { shareReleased } from './share.store.ts'

const n = (value: number) => sql.raw(String(value))
const fate = (name: Parameters<typeof fateNumber>[0]) => n(fateNumber(name))
const out = sql.join(drawnOut.map(fate))
const reasonNumber = (reason: SenderReason) => n(senderReasons.indexOf(reason))

/** When the next of the persons or groups that are held in a run may be looked at again; undefined: nobody is held. */
export async function nextHeld(on: Executor, runId: number): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select least(
      (select min(held_until) from campaign_recipients where run_id = ${n(runId)} and fate = ${fate('held')}),
      (select min(held_until) from campaign_groups where run_id = ${n(runId)} and fate = ${fate('held')})) as at`.execute(
    on,
  )
  return rows[0]?.at ?? undefined
}

/**
 * Those who were held until now or before, as `pool`, and whom the lot kept out who would have been held as long; undefined:
 * nobody.
 */
export async function poolHeld(tx: Tx, runId: number, at: Date): Promise<{ from: number; to: number } | undefined> {
  await sql`
    create temporary table pool on commit drop as
    select customer_id, 0 as hits, bucket, variant, policy, fate as was from campaign_recipients
    where run_id = ${n(runId)} and fate in (${fate('held')}, ${out}) and held_until <= ${at}`.execute(tx)
  await sql`analyze pool`.execute(tx)
  await sql`create temporary table governed on commit drop as select customer_id, policy::text as class from pool`.execute(
    tx,
  )
  await sql`analyze governed`.execute(tx)
  const { rows } = await sql<{ from: number | null; to: number | null }>`
    select min(customer_id) as from, max(customer_id) as to from pool`.execute(tx)
  const { from, to } = rows[0] ?? { from: null, to: null }
  return from === null || to === null ? undefined : { from, to }
}

export interface Released {
  readonly sentTo: number
  readonly held: number
  readonly dropped: number
}

/**
 * Decides again about those of `pool`, by the rules of when the run was planned and by all that happened since: they go into
 * tasks of their own, wait on, or are dropped. What they would get stays the same. Whom the lot kept out stays out: of him it
 * is kept whether he would have got it now.
 */
export async function decideHeld(
  tx: Tx,
  tables: Pick<DraftTables, 'senders' | 'spent'>,
  input: PlanInput,
  { from, to }: { readonly from: number; readonly to: number },
  taskMost: number,
): Promise<Released & { readonly after: number }> {
  const run = n(input.runId)
  await keepSpent(tx, tables.spent, input.corpId, input.quota, input.ask.at, 'pool')
  await chooseSenders(tx, tables, input, { from, to })
  const { rows: last } = await sql<{ number: number }>`
    select coalesce(max(number), 0) as number from campaign_tasks where run_id = ${run}`.execute(tx)
  const after = last[0]?.number ?? 0
  await sql`
    create temporary table released on commit drop as
    with fated as (
      select p.customer_id, p.bucket, p.variant, p.was, d.bits, d.reason, d.until, c.userid, c.external_userid,
        case when c.root is null then ${reasonNumber('no_relation')}
          when p.variant is null and p.was = ${fate('held')} then ${reasonNumber('no_variant')}
          else c.trouble end as trouble, d.verdict
      from pool p join (${decisions(input.corpId, input.policies, input.ask, input.zone, spentOf(tables, input), { from, to })}) d
        on d."customerId" = p.customer_id
      left join chosen c on c.root = p.customer_id offset 0
    ), parted as (
      select *, case when was <> ${fate('held')} then was when verdict = 'drop' then ${fate('dropped')} when verdict = 'hold' then ${fate('held')}
          when trouble is not null then ${fate('no_sender')} else ${fate('sent_to')} end as fate
      from fated offset 0
    )
    select customer_id, bucket, variant, bits, verdict, until, fate,
      (case when fate = ${fate('no_sender')} then trouble when fate in (${fate('held')}, ${fate('dropped')}) then reason end)::int as reason,
      case when trouble is null then userid end as sender, case when trouble is null then external_userid end as external_userid,
      null::int as task
    from parted`.execute(tx)
  await shareReleased(tx, tables, input)
  await sql`
    update released set task = ${n(after)} + ranked.task from (
      select customer_id, dense_rank() over (order by sender, variant, part)::int as task from (
        select *, (row_number() over (partition by sender, variant order by bucket, customer_id) - 1) / ${n(taskMost)} as part
        from released where fate = ${fate('sent_to')}
      ) cut
    ) ranked where released.customer_id = ranked.customer_id`.execute(tx)
  await sql`
    update campaign_recipients r set fate = n.fate, task = n.task, held_until = case when n.verdict = 'hold' then to_timestamp(n.until) end,
      reason = n.reason, hits = n.bits << 16, sender = n.sender, external_userid = n.external_userid
    from released n where r.run_id = ${run} and r.customer_id = n.customer_id`.execute(tx)
  await sql`
    insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients)
    select ${run}, task, ${n(input.corpId)}, min(variant), min(sender), count(*) from released
    where fate = ${fate('sent_to')} group by task`.execute(tx)
  const { rows } = await sql<Released>`
    select count(*) filter (where fate = ${fate('sent_to')})::int as "sentTo", count(*) filter (where fate = ${fate('held')})::int as held,
      count(*) filter (where fate not in (${fate('sent_to')}, ${fate('held')}, ${out}))::int as dropped from released`.execute(
    tx,
  )
  return { ...(rows[0] ?? { sentTo: 0, held: 0, dropped: 0 }), after }
}
