import { sql } from 'kysely'
import type { Database, Executor } from '../../../infra/db/database.ts'
import { againAfterMs, type ChannelWishes, mostAttempts, type Todo, type TodoKind } from './freshness.ts'

export interface TakenTodo extends Todo {
  readonly attempts: number
  readonly revision: number
}

/** Wanted again while it is being done: it is done once more. Machine time. */
export async function addTodos(on: Executor, todos: readonly Todo[], at: Date): Promise<void> {
  const unique = [...new Map(todos.map((todo) => [keyOf(todo), todo])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, todo]) => todo)
  if (unique.length === 0) return
  await sql`
    insert into customer_todos as t (corp_id, kind, userid, external_userid, customer_id, detail, next_at)
    select n.*, ${at}::timestamptz from unnest(
      ${unique.map((one) => one.corpId)}::int[], ${unique.map((one) => one.kind)}::text[], ${unique.map((one) => one.userid)}::text[],
      ${unique.map((one) => one.externalUserid)}::text[], ${unique.map((one) => one.customerId ?? null)}::bigint[],
      ${unique.map((one) => JSON.stringify(one.detail))}::jsonb[]) as n(corp_id, kind, userid, external_userid, customer_id, detail)
    on conflict (corp_id, kind, userid, external_userid) do update set detail = excluded.detail, revision = t.revision + 1,
      attempts = 0, reason = null, next_at = excluded.next_at`.execute(on)
}

const keyOf = (todo: Todo) => `${todo.corpId} ${todo.kind} ${todo.userid} ${todo.externalUserid}`

/** Takes what is due for so long: who dies with it in hand leaves it to whoever looks then. */
export async function takeTodos(
  db: Database,
  corpId: number,
  kind: TodoKind,
  limit: number,
  at: Date,
  leaseMs: number,
): Promise<readonly TakenTodo[]> {
  const { rows } = await sql<TakenTodo>`
    with due as (
      select corp_id, kind, userid, external_userid from customer_todos
      where corp_id = ${corpId} and kind = ${kind} and next_at <= ${at} order by next_at limit ${limit} for update skip locked)
    update customer_todos t set next_at = ${new Date(at.getTime() + leaseMs)} from due
    where (t.corp_id, t.kind, t.userid, t.external_userid) = (due.corp_id, due.kind, due.userid, due.external_userid)
    returning t.corp_id as "corpId", t.kind, t.userid, t.external_userid as "externalUserid", t.customer_id as "customerId", t.detail,
      t.attempts, t.revision`.execute(db)
  return rows
}

/** Done, unless it was wanted again meanwhile. */
export async function finishTodos(on: Executor, todos: readonly TakenTodo[]): Promise<void> {
  if (todos.length === 0) return
  await sql`
    delete from customer_todos t using unnest(
      ${todos.map((one) => one.corpId)}::int[], ${todos.map((one) => one.kind)}::text[], ${todos.map((one) => one.userid)}::text[],
      ${todos.map((one) => one.externalUserid)}::text[], ${todos.map((one) => one.revision)}::int[]
    ) as n(corp_id, kind, userid, external_userid, revision)
    where (t.corp_id, t.kind, t.userid, t.external_userid, t.revision) = (n.corp_id, n.kind, n.userid, n.external_userid, n.revision)`.execute(
    on,
  )
}

/** Not done: later again. `counts`: it was refused, and after too many refusals it is given up. */
export async function postponeTodos(
  on: Executor,
  todos: readonly TakenTodo[],
  reason: string,
  at: Date,
  counts: boolean,
): Promise<void> {
  const given = todos.filter((one) => counts && one.attempts + 1 >= mostAttempts)
  await finishTodos(on, given)
  for (const one of todos.filter((todo) => !given.includes(todo))) {
    await on
      .updateTable('customer_todos')
      .set({
        attempts: one.attempts + (counts ? 1 : 0),
        reason: reason.slice(0, 300),
        next_at: new Date(at.getTime() + againAfterMs(one.attempts)),
      })
      .where('corp_id', '=', one.corpId)
      .where('kind', '=', one.kind)
      .where('userid', '=', one.userid)
      .where('external_userid', '=', one.externalUserid)
      .where('revision', '=', one.revision)
      .execute()
  }
}

export async function hasTodos(
  on: Executor,
  corpId: number,
  kinds: readonly TodoKind[],
  at: Date,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ kind: string }>`
    select k.kind from unnest(${[...kinds]}::text[]) as k(kind)
    where exists (select from customer_todos t where t.corp_id = ${corpId} and t.kind = k.kind and t.next_at <= ${at})`.execute(
    on,
  )
  return new Set(rows.map((row) => row.kind))
}

/** What channels want put on, by channel id and by the `state` of an add. */
export async function channelWishes(
  on: Executor,
  corpId: number,
  ids: readonly string[],
  states: readonly string[],
): Promise<ReadonlyMap<string, ChannelWishes>> {
  if (ids.length === 0 && states.length === 0) return new Map()
  const { rows } = await sql<ChannelWishes & { state: string }>`
    select id, state, tag_ids as "tagIds", remark, description from channels
    where corp_id = ${corpId} and (id = any(${[...ids]}::uuid[]) or state = any(${[...states]}::text[]))`.execute(on)
  return new Map(
    rows.flatMap((row) => [
      [row.id, row],
      [row.state, row],
    ]),
  )
}

/** How many customers each of these members has, to choose between single reads and pages. */
export async function customersOf(
  on: Executor,
  corpId: number,
  userids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ userid: string; n: number }>`
    select userid, count(*)::int as n from relations
    where corp_id = ${corpId} and userid = any(${[...userids]}::text[]) and status = 'alive' group by userid`.execute(
    on,
  )
  return new Map(rows.map((row) => [row.userid, row.n]))
}

export async function namesOf(
  on: Executor,
  customerIds: readonly number[],
): Promise<ReadonlyMap<number, string | null>> {
  if (customerIds.length === 0) return new Map()
  const rows = await on
    .selectFrom('customers')
    .select(['id', 'name'])
    .where('id', 'in', [...customerIds])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

export async function effectState(on: Executor, key: string): Promise<string | undefined> {
  return (await on.selectFrom('effects').select('state').where('key', '=', key).executeTakeFirst())?.state
}

/** Half relations that have waited longer than this for the member to add too. */
export async function longHalf(
  on: Executor,
  corpId: number,
  before: Date,
): Promise<{ count: number; members: number }> {
  const { rows } = await sql<{ count: number; members: number }>`
    select count(*)::int as count, count(distinct userid)::int as members from relations
    where corp_id = ${corpId} and status = 'half' and half_at < ${before}`.execute(on)
  return rows[0] ?? { count: 0, members: 0 }
}
