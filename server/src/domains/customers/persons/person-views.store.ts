import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../../infra/auth/actor.ts'
import { staffInScope } from '../../../infra/auth/scope.ts'
import type { Executor } from '../../../infra/db/database.ts'

export interface PersonSide {
  /** The home asked for, and its person's root. */
  readonly home: number
  readonly root: number
  readonly name: string | null
  readonly avatar: string | null
  readonly identities: readonly { home: number; kind: string; value: string; seenAt: string }[]
  readonly members: readonly string[]
}

export interface PairRow {
  readonly low: number
  readonly high: number
  readonly kind: string
  readonly source: string | null
  readonly at: Date
}

export interface MergeRow {
  readonly id: number
  readonly kind: 'merged' | 'parted'
  readonly part: number
  readonly root: number
  readonly homes: readonly number[]
  readonly others: readonly number[]
  readonly low: number | null
  readonly high: number | null
  readonly source: string | null
  readonly reference: string | null
  readonly evidenceAt: Date | null
  readonly reason: string | null
  readonly by: string | null
  readonly at: Date
  readonly undoneAt: Date | null
}

interface Page {
  readonly after: { readonly at: Date; readonly low: number; readonly high: number } | undefined
  readonly limit: number
}

/** Evidence that is not followed, the newest first. */
export async function listConflicts(on: Executor, actor: Actor, page: Page): Promise<readonly PairRow[]> {
  return pairs(on, actor, page, sql`identity_conflicts`, sql`p.source`, sql`true`)
}

/** Proposals that wait for a decision, the newest first: whose homes are two persons still. */
export async function listProposals(on: Executor, actor: Actor, page: Page): Promise<readonly PairRow[]> {
  return pairs(on, actor, page, sql`identity_proposals`, sql`null::text`, sql`p.state = 'open'`)
}

async function pairs(
  on: Executor,
  actor: Actor,
  { after, limit }: Page,
  table: RawBuilder<unknown>,
  source: RawBuilder<unknown>,
  open: RawBuilder<unknown>,
): Promise<readonly PairRow[]> {
  const { rows } = await sql<PairRow>`
    select p.low_id as low, p.high_id as high, p.kind, ${source} as source, p.at from ${table} p
    join customers l on l.id = p.low_id join customers h on h.id = p.high_id
    where p.corp_id = ${actor.corpId} and ${open} and coalesce(l.merged_into, l.id) <> coalesce(h.merged_into, h.id)
      and not exists (select from identity_blocks b where b.customer_id = p.low_id and b.other_id = p.high_id)
      and ${bothInScope(actor)}
      ${after === undefined ? sql`` : sql`and (p.at, p.low_id, p.high_id) < (${after.at}::timestamptz, ${after.low}::bigint, ${after.high}::bigint)`}
    order by p.at desc, p.low_id desc, p.high_id desc limit ${limit}`.execute(on)
  return rows
}

/** Whether the actor may see, and decide on, both sides: of those who have relations he sees one, and one of the two has. */
export async function seesPair(on: Executor, actor: Actor, low: number, high: number): Promise<boolean> {
  const { rows } = await sql`
    select from customers l, customers h where l.id = ${low} and h.id = ${high} and l.corp_id = ${actor.corpId}
      and h.corp_id = ${actor.corpId} and l.erased_at is null and h.erased_at is null and ${bothInScope(actor)}`.execute(
    on,
  )
  return rows.length > 0
}

function bothInScope(actor: Actor): RawBuilder<unknown> {
  if (actor.scope.kind === 'corp') return sql`true`
  const homes = (side: RawBuilder<unknown>) => sql`
    (select m.id from customers m where m.id = coalesce(${side}.merged_into, ${side}.id)
      union all select m.id from customers m where m.merged_into = coalesce(${side}.merged_into, ${side}.id))`
  const any = (side: RawBuilder<unknown>) => sql`exists (select from relations r where r.customer_id in ${homes(side)})`
  const seen = (side: RawBuilder<unknown>) => sql`
    exists (select from relations r where r.customer_id in ${homes(side)} and ${staffInScope(actor, 'r.userid')})`
  const [l, h] = [sql`l`, sql`h`]
  return sql`((${seen(l)} and (${seen(h)} or not ${any(h)})) or (${seen(h)} and not ${any(l)}))`
}

/** What joined and what parted, the newest first; of one person when `homes` are given. */
export async function listMerges(
  on: Executor,
  actor: Actor,
  page: { readonly before: number | undefined; readonly limit: number; readonly homes?: readonly number[] },
): Promise<readonly MergeRow[]> {
  const { before, limit, homes } = page
  const { rows } = await sql<MergeRow>`
    select p.id, p.kind, p.customer_id as part, p.root_id as root, to_json(p.homes) as homes, to_json(p.others) as others, p.low_id as low, p.high_id as high, p.source,
      p.reference, p.evidence_at as "evidenceAt", p.reason, a.name as by, p.at, p.undone_at as "undoneAt"
    from person_merges p join customers l on l.id = p.customer_id join customers h on h.id = p.root_id
    left join accounts a on a.id = p.decided_by
    where p.corp_id = ${actor.corpId} and ${bothInScope(actor)}
      ${homes === undefined ? sql`` : sql`and (p.customer_id = any(${[...homes]}::bigint[]) or p.root_id = any(${[...homes]}::bigint[]))`}
      ${before === undefined ? sql`` : sql`and p.id < ${before}`}
    order by p.id desc limit ${limit}`.execute(on)
  return rows
}

export async function findMerge(on: Executor, actor: Actor, id: number): Promise<MergeRow | undefined> {
  const rows = await listMerges(on, actor, { before: id + 1, limit: 1 })
  return rows[0]?.id === id ? rows[0] : undefined
}

/** The persons of these homes as both sides of a decision show them. */
export async function sidesOf(
  on: Executor,
  actor: Actor,
  homes: readonly number[],
): Promise<ReadonlyMap<number, PersonSide>> {
  if (homes.length === 0) return new Map()
  const { rows } = await sql<PersonSide>`
    with asked as (
      select id as home, coalesce(merged_into, id) as root from customers
      where id = any(${[...new Set(homes)]}::bigint[]) and corp_id = ${actor.corpId}
    ), spread as materialized (
      select root, root as id from asked union select asked.root, c.id from asked join customers c on c.merged_into = asked.root
    )
    select asked.home, asked.root, c.name, c.avatar,
      coalesce((select json_agg(json_build_object('home', i.customer_id, 'kind', i.kind, 'value', i.value, 'seenAt', i.seen_at)
          order by i.kind, i.value) from spread s join identities i on i.customer_id = s.id where s.root = asked.root), '[]') as identities,
      coalesce((select json_agg(distinct coalesce(f.name, r.userid)) from spread s join relations r on r.customer_id = s.id
          left join staff f on f.corp_id = r.corp_id and f.userid = r.userid
          where s.root = asked.root and ${staffInScope(actor, 'r.userid')}), '[]') as members
    from asked join customers c on c.id = asked.root`.execute(on)
  return new Map(rows.map((row) => [row.home, row]))
}
