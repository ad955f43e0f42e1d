import { sql } from 'kysely'
import { numberArray, textArray } from '../../../infra/db/arrays.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { drawnOut, fateNumber } from '../campaigns/recipient.ts'
import { policiesAt } from '../governor/policies.store.ts'
import { openPolicy, windowSeconds } from '../governor/policy.ts'
import { releaseTouchesOf } from '../governor/reservations.store.ts'
import { reasons, secondOf, unpacked } from '../governor/touch.ts'
import { noteVerdicts } from '../governor/verdicts.store.ts'
import type { Run } from './runs.store.ts'
import type { Task } from './task.ts'

export interface LateRefusal {
  readonly person: number
  readonly at: Date
  readonly reason: 'opted_out' | 'wished_less'
}

/**
 * Who said since a run was made that he wants nothing, or less and has had as much as that allows, and when last: by each of
 * his homes, for the run may know him by one that was a person of its own when it was planned.
 */
export async function refusedSince(
  on: Executor,
  { id, corpId }: Pick<Run, 'id' | 'corpId'>,
  now: Date,
): Promise<readonly LateRefusal[]> {
  const { rows: said } = await sql<{ at: Date; wish: 'none' | 'less'; homes: number[] }>`
    with said as (
      select coalesce(c.merged_into, c.id) as root, max(w.at) as at, (array_agg(w.wish order by w.at desc))[1] as wish
      from touch_wishes w join customers c on c.id = w.customer_id
      where w.corp_id = ${corpId} and w.at >= (select created_at from campaign_runs where id = ${id})
      group by 1
    )
    select at, wish, to_json(array(select root union all select c.id from customers c where c.merged_into = root)) as homes
    from said where wish <> 'all'`.execute(on)
  const less = said.filter(({ wish }) => wish === 'less')
  const over = less.length === 0 ? [] : await overLess(on, { id, corpId }, less, now)
  const refused = (reason: LateRefusal['reason']) => (one: { readonly at: Date; readonly homes: readonly number[] }) =>
    one.homes.map((person) => ({ person, at: one.at, reason }))
  return [
    ...said.filter(({ wish }) => wish === 'none').flatMap(refused('opted_out')),
    ...over.flatMap(refused('wished_less')),
  ]
}

/** Of these persons who has had, by others than this run, what his policy gives in a week to who wants less. */
async function overLess<T extends { readonly homes: readonly number[] }>(
  on: Executor,
  { id, corpId }: Pick<Run, 'id' | 'corpId'>,
  persons: readonly T[],
  now: Date,
): Promise<readonly T[]> {
  const homes = numberArray(persons.flatMap((one) => one.homes))
  const { rows: latest } = await sql<{ home: number; latest: number[] }>`
    select customer_id as home, to_json(latest) as latest from recent_touches where customer_id = any(${homes}::bigint[])`.execute(
    on,
  )
  const { rows: taken } = await sql<{ home: number; n: number }>`
    select customer_id as home, count(*)::int as n from touch_reservations
    where customer_id = any(${homes}::bigint[]) and run_id <> ${id} group by 1`.execute(on)
  const { rows: ruled } = await sql<{ home: number; policy: number | null; at: Date }>`
    select p.customer_id as home, p.policy, coalesce((r.plan->>'at')::timestamptz, r.created_at) as at
    from campaign_recipients p join campaign_runs r on r.id = p.run_id
    where p.run_id = ${id} and p.customer_id = any(${homes}::bigint[])`.execute(on)
  const policies = ruled[0] === undefined ? [] : await policiesAt(on, corpId, ruled[0].at)
  const since = secondOf(now) - windowSeconds.week
  const had = new Map<number, number>()
  const add = (home: number, touches: number) => had.set(home, (had.get(home) ?? 0) + touches)
  for (const one of latest) add(one.home, one.latest.filter((touch) => unpacked(touch).second > since).length)
  for (const one of taken) add(one.home, one.n)
  const policyOf = new Map(ruled.map(({ home, policy }) => [home, policy]))
  return persons.filter((one) => {
    const policy = one.homes.map((home) => policyOf.get(home)).find((place) => place != null)
    const { less_per_week: most } = policies[policy ?? -1]?.rules ?? openPolicy
    return one.homes.reduce((sum, home) => sum + (had.get(home) ?? 0), 0) >= most
  })
}

/**
 * Takes whoever said since the plan that he wants nothing, or less than this would be, out of the tasks that are about to be
 * asked: what a member was asked cannot be changed any more. It is told of each as of when the last of them refused. Whom the
 * lot kept out of these members' tasks would have been taken out too, and is no one to compare with. Answers the tasks with as
 * many people as are left.
 */
export async function dropLateRefusals(
  tx: Tx,
  run: Pick<Run, 'id' | 'corpId'>,
  tasks: readonly Task[],
  now: Date,
): Promise<readonly Task[]> {
  let left = tasks
  for (const [reason, refused] of Map.groupBy(await refusedSince(tx, run, now), (one) => one.reason))
    left = await dropRefused(tx, run.id, left, refused, reasons.indexOf(reason))
  return left
}

async function dropRefused(
  tx: Tx,
  runId: number,
  tasks: readonly Task[],
  refused: readonly LateRefusal[],
  reason: number,
): Promise<readonly Task[]> {
  await sql`
    update campaign_recipients set hits = hits | ${2 ** (16 + reason)}::int
    where run_id = ${runId} and fate in (${sql.join(drawnOut.map(fateNumber))})
      and sender = any(${textArray([...new Set(tasks.map(({ sender }) => sender))])}::text[])
      and customer_id = any(${numberArray(refused.map(({ person }) => person))}::bigint[])`.execute(tx)
  const { rows: dropped } = await sql<{ customerId: number; task: number }>`
    select customer_id as "customerId", task from campaign_recipients
    where run_id = ${runId} and task = any(${numberArray(tasks.map(({ number }) => number))}::int[])
      and customer_id = any(${numberArray(refused.map(({ person }) => person))}::bigint[])`.execute(tx)
  if (dropped.length === 0) return tasks
  const customers = dropped.map(({ customerId }) => customerId)
  await sql`
    update campaign_recipients set fate = ${fateNumber('dropped')}, reason = ${reason}, task = null, status = null,
      hits = hits | ${2 ** (16 + reason)}::int
    where run_id = ${runId} and customer_id = any(${numberArray(customers)}::bigint[])`.execute(tx)
  const fewer = Map.groupBy(dropped, ({ task }) => task)
  await sql`
    update campaign_tasks t set recipients = t.recipients - gone.count
    from unnest(${numberArray([...fewer.keys()])}::int[], ${numberArray([...fewer.values()].map((one) => one.length))}::int[])
      as gone(number, count)
    where t.run_id = ${runId} and t.number = gone.number`.execute(tx)
  await releaseTouchesOf(tx, runId, customers)
  const gone = new Set(customers)
  const last = Math.max(...refused.flatMap(({ person, at }) => (gone.has(person) ? [at.getTime()] : [])))
  await noteVerdicts(tx, runId, new Date(last), customers)
  return tasks.map((task) => ({ ...task, recipients: task.recipients - (fewer.get(task.number)?.length ?? 0) }))
}
