import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { locks } from '../../../infra/db/locks.ts'
import { type IdentityKinds, kindsWith } from '../identities/identity-kinds.ts'
import { type Block, hubAbove, type Identity, type Link } from './persons.ts'

/** Everything that could be one person with some homes: what the rules are asked about. */
export interface Component {
  readonly identities: readonly Identity[]
  readonly links: readonly Link[]
  readonly blocks: readonly Block[]
  /** The root of every home as it stands; homes of erased people are not among them. */
  readonly roots: ReadonlyMap<number, number>
}

/** The kinds of this corp: the house's and those it declared. */
export async function kindsOf(on: Executor, corpId: number): Promise<IdentityKinds> {
  const { rows } = await sql<{ kind: string; strong: boolean; exclusive: boolean }>`
    select kind, strong, exclusive from identity_kinds where corp_id = ${corpId}`.execute(on)
  return kindsWith(rows)
}

/**
 * Evidence changes one at a time in a corp, from the first look to the end of the transaction: two facts that meet in one
 * person cannot pass each other. Taken before anything is written, so that nobody waits for whom he holds back.
 *
 * The order of locks, for everything that writes of persons; whoever needs only some of them keeps it too:
 * 1. this lock (callbacks, syncs and readings of details do without: they only note evidence);
 * 2. new identities: external_userids, then unionids, then others, each by value (`byKindAndValue`), their homes with them;
 * 3. evidence (`identity_links`), by home, and what is to be worked out of it (`person_todos`), by home;
 * 4. rows of `customers`, by number;
 * 5. relations, by customer and member; then cards, by customer;
 * 6. hints, by value, and what they propose.
 */
export async function lockEvidence(tx: Tx, corpId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.evidence}, ${corpId})`.execute(tx)
}

/** Follows the evidence from these homes on, round by round, and reads what the rules ask for. Locks the homes' rows. */
export async function componentOf(tx: Tx, corpId: number, touched: readonly number[]): Promise<Component> {
  const homes = new Set(touched)
  const links = new Map<string, Link>()
  for (let frontier = [...homes]; frontier.length > 0; ) {
    const found = Map.groupBy(await linksFrom(tx, frontier), (row) => row.home)
    for (const row of [...found.values()].flat()) {
      const link = directed(row)
      links.set(`${link.low} ${link.high} ${link.source}`, link)
    }
    // what a hub leads to is not one person with it, but for those who joined it before it was one
    const hubs = [...found].filter(([, own]) => own.length >= linksRead).map(([home]) => home)
    const near = [...found.values()]
      .filter((own) => own.length < linksRead)
      .flatMap((own) => own.map((row) => row.other))
    frontier = [...new Set([...near, ...(await samePerson(tx, hubs))])].filter((home) => !homes.has(home))
    for (const home of frontier) homes.add(home)
  }
  const all = [...homes].sort((a, b) => a - b)
  const { rows: known } = await sql<{ id: number; root: number }>`
    select id, coalesce(merged_into, id) as root from customers
    where id = any(${all}::bigint[]) and erased_at is null order by id for no key update`.execute(tx)
  const roots = new Map(known.map((row) => [row.id, row.root]))
  return {
    roots,
    identities: (await identitiesAt(tx, all)).filter(({ home }) => roots.has(home)),
    links: [...links.values()],
    blocks: links.size === 0 ? [] : await blocksAmong(tx, corpId, all),
  }
}

/** More than a hub needs to be known as one. */
const linksRead = hubAbove * 8

async function samePerson(tx: Tx, homes: readonly number[]): Promise<readonly number[]> {
  if (homes.length === 0) return []
  const { rows } = await sql<{ id: number }>`
    with given as (select coalesce(merged_into, id) as root from customers where id = any(${[...homes]}::bigint[]))
    select root as id from given union select c.id from customers c join given on c.merged_into = given.root`.execute(
    tx,
  )
  return rows.map((row) => row.id)
}

interface LinkRow {
  readonly home: number
  readonly other: number
  readonly source: string
  readonly reference: string
  readonly at: Date
}

async function linksFrom(tx: Tx, homes: readonly number[]): Promise<readonly LinkRow[]> {
  const { rows } = await sql<LinkRow>`
    select l.home, l.other, l.source, l.reference, l.at
    from unnest(${[...homes]}::bigint[]) as asked(id) cross join lateral (
      select customer_id as home, other_id as other, source, reference, at from identity_links
      where customer_id = asked.id order by other_id, source limit ${linksRead}) l`.execute(tx)
  return rows
}

function directed({ home, other, source, reference, at }: LinkRow): Link {
  return { low: Math.min(home, other), high: Math.max(home, other), source, reference, at }
}

async function identitiesAt(on: Executor, homes: readonly number[]): Promise<readonly Identity[]> {
  const { rows } = await sql<Identity>`
    select customer_id as home, kind, value from identities where customer_id = any(${[...homes]}::bigint[])`.execute(
    on,
  )
  return rows
}

async function blocksAmong(tx: Tx, corpId: number, homes: readonly number[]): Promise<readonly Block[]> {
  const { rows: some } = await sql<Block>`
    select customer_id as low, other_id as high from identity_blocks
    where customer_id = any(${[...homes]}::bigint[]) and corp_id = ${corpId} and customer_id < other_id`.execute(tx)
  return some
}
