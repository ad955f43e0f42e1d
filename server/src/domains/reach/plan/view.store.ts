import { sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import { fateNumber, fates, senderReasons } from '../campaigns/recipient.ts'
import { reasons } from '../governor/touch.ts'
import type { DraftTables } from './draft.store.ts'
import type { PlanView } from './plan.schema.ts'

type Counts = Pick<
  PlanView,
  | ('candidates' | 'fates' | 'exclusions' | 'held' | 'dropped' | 'no_sender')
  | ('variants' | 'senders' | 'tasks' | 'largest_task')
>

/** The counts of a plan, from what `countDrawn` kept. */
export async function readCounts(
  on: Executor,
  tables: DraftTables,
  { exclusions, variants }: { readonly exclusions: readonly string[]; readonly variants: readonly string[] },
): Promise<Counts> {
  const cells = sql.table(tables.cells)
  const { rows } = await sql<{ fate: number; reason: number | null; persons: number }>`
    select fate, reason, sum(persons)::int as persons from ${cells} group by 1, 2`.execute(on)
  const { rows: hits } = await sql<{ place: number; persons: number }>`
    select place, sum(persons)::int as persons from ${cells}, generate_series(0, ${exclusions.length - 1}::int) place
    where hits >> place & 1 = 1 group by 1`.execute(on)
  const { rows: sent } = await sql<{ variant: number; persons: number }>`
    select variant, sum(persons)::int as persons from ${cells} where fate = ${fateNumber('sent_to')} group by 1`.execute(
    on,
  )
  const { rows: totals } = await sql<{ senders: number; tasks: number; largest: number }>`
    select count(distinct sender)::int as senders, coalesce(sum(tasks), 0)::int as tasks,
      coalesce(max((persons + tasks - 1) / tasks), 0)::int as largest
    from ${cells} where fate = ${fateNumber('sent_to')}`.execute(on)
  const of = (fate: (typeof fates)[number]) => rows.filter((row) => row.fate === fateNumber(fate))
  const sum = (list: readonly { readonly persons: number }[]) => list.reduce((all, one) => all + one.persons, 0)
  const byReason = (fate: (typeof fates)[number], names: readonly string[]) =>
    of(fate)
      .map(({ reason, persons }) => ({ reason: names[reason ?? -1] ?? '', persons }))
      .sort((a, b) => b.persons - a.persons)
  const [all] = totals
  return {
    candidates: sum(rows),
    fates: Object.fromEntries(fates.map((fate) => [fate, sum(of(fate))])) as PlanView['fates'],
    exclusions: exclusions.map((name, place) => ({
      name,
      first: sum(of('excluded').filter(({ reason }) => reason === place)),
      hit: sum(hits.filter((one) => one.place === place)),
    })),
    held: byReason('held', reasons),
    dropped: byReason('dropped', reasons),
    no_sender: byReason('no_sender', senderReasons),
    variants: variants.map((name, place) => ({ name, persons: sum(sent.filter(({ variant }) => variant === place)) })),
    senders: all?.senders ?? 0,
    tasks: all?.tasks ?? 0,
    largest_task: all?.largest ?? 0,
  }
}

export async function readCanary(on: Executor, runId: number): Promise<PlanView['canary']> {
  const { rows } = await sql<{ tasks: number; persons: number }>`
    select count(*)::int as tasks, coalesce(sum(recipients), 0)::int as persons from campaign_tasks
    where run_id = ${runId} and canary`.execute(on)
  return rows[0] ?? null
}
