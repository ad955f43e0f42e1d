import { CompiledQuery, sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { membersSql } from '../counts/sql.ts'
import {
  type BehaviourOfPerson,
  digitMarks,
  markOf,
  namedMarks,
  numberOfMarks,
  type OrderOfPerson,
  type PersonFacts,
  type RelationOfPerson,
} from '../rules/facts.ts'
import type { Leaf, Rule } from '../rules/rule.schema.ts'
import { leavesOf } from '../rules/rule.ts'
import { behavioursOf } from './behaviours.store.ts'
import { heldMarksOf } from './marks.store.ts'
import { stockMarks } from './stock.store.ts'

/**
 * What these rules ask of these customers, for the check in memory. Who is no person (merged into another, erased, never
 * told of) is not among the answers.
 */
export async function personFacts(
  on: Executor,
  corpId: number,
  rules: readonly Rule[],
  customerIds: readonly number[],
): Promise<ReadonlyMap<number, PersonFacts>> {
  const leaves = rules.flatMap(leavesOf)
  const keys = new Set([markOf.person, ...leaves.flatMap(marksRead)])
  const has = (is: string) => leaves.some((leaf) => leaf.is === is)
  const people = await heldMarksOf(on, corpId, [...keys], customerIds)
  const numbers = people.map(({ no }) => no)
  const relations = has('relation') ? await relationsOf(on, corpId, numbers) : new Map()
  const orders = has('orders') ? await ordersOf(on, corpId, numbers, leaves) : new Map()
  const stocked = await stockMarks(on, corpId, leaves, numbers)
  const names = leaves.flatMap((leaf) => (leaf.is === 'events' ? [leaf.name] : []))
  const did = names.length > 0 ? await behavioursOf(on, corpId, numbers, names) : []
  const behaviours = gathered(did, ({ name, day, times }): BehaviourOfPerson => ({ name, day, times }))
  const fields = new Set(
    leaves.flatMap((leaf) => (leaf.is === 'number' || leaf.is === 'date' || leaf.is === 'ago' ? [leaf.field] : [])),
  )
  return new Map(
    people.flatMap(({ customerId, no, keys }): [number, PersonFacts][] => {
      const own = new Set([...keys, ...(stocked.get(no) ?? [])])
      if (!own.has(markOf.person)) return []
      const facts: PersonFacts = {
        marks: own,
        numbers: numbersIn(own, [...fields]),
        relations: relations.get(no) ?? [],
        orders: orders.get(no) ?? [],
        behaviours: behaviours.get(no) ?? [],
      }
      return [[customerId, facts]]
    }),
  )
}

/** Which rows, beside marks and behaviour, a rule reads of a person. */
export function rowsAsked(rule: Rule): readonly ('relations' | 'orders' | 'lines')[] {
  return leavesOf(rule).flatMap((leaf) => {
    if (leaf.is === 'relation' || leaf.is === 'stock') return ['relations']
    if (leaf.is !== 'orders') return []
    return leaf.product === undefined && leaf.category === undefined ? ['orders'] : ['lines']
  })
}

/** The marks that the check in memory asks for: those it names, and the digits of the numbers it compares. */
function marksRead(leaf: Leaf): readonly string[] {
  if (leaf.is === 'number' || leaf.is === 'date' || leaf.is === 'ago')
    return digitMarks(leaf.field, leaf.is !== 'number')
  return namedMarks(leaf)
}

function numbersIn(marks: ReadonlySet<string>, fields: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    fields.flatMap((field): [string, number][] => {
      const value = numberOfMarks(field, marks)
      return value === undefined ? [] : [[field, value]]
    }),
  )
}

type Places = { store: string | null; channel: string | null }

async function relationsOf(on: Executor, corpId: number, numbers: readonly number[]) {
  type Row = { no: number; staff: string; departments: string[]; since: number; ended: number | null } & Places
  const { rows } = await sql<Row>`
    select person_no as no, staff, departments, store, channel, since, ended from audience_relations
    where corp_id = ${corpId} and person_no = any(${[...numbers]}::int[])`.execute(on)
  return gathered(
    rows,
    ({ store, channel, ended, staff, departments, since }): RelationOfPerson => ({
      ...{ staff, departments, since },
      ...{ store: store ?? undefined, channel: channel ?? undefined, ended: ended ?? undefined },
    }),
  )
}

/** With those of their lines that a rule asks for. */
async function ordersOf(on: Executor, corpId: number, numbers: readonly number[], leaves: readonly Leaf[]) {
  type Row = { no: number; id: number; day: number; net: number; lines: OrderOfPerson['lines'] | null } & Places
  const of = (what: 'product' | 'category') => [
    ...new Set(leaves.flatMap((leaf) => (leaf.is === 'orders' ? (leaf[what] ?? []) : []))),
  ]
  const [products, categories] = [of('product'), of('category')]
  const lines = sql`(
      select json_agg(json_build_object('product', l.product, 'category', l.category, 'amount', l.amount) order by l.line)
      from audience_lines l where l.corp_id = o.corp_id and l.order_id = o.order_id
        and (l.product = any(${products}::text[]) or l.category = any(${categories}::text[])))`
  const { rows } = await sql<Row>`
    select person_no as no, order_id as id, day, net, store, channel,
      ${products.length + categories.length > 0 ? lines : sql`null`} as lines
    from audience_orders o where corp_id = ${corpId} and person_no = any(${[...numbers]}::int[])`.execute(on)
  return gathered(
    rows,
    ({ id, day, net, store, channel, lines: own }): OrderOfPerson => ({
      ...{ id, day, net, lines: own ?? [] },
      ...{ store: store ?? undefined, channel: channel ?? undefined },
    }),
  )
}

function gathered<Row extends { readonly no: number }, Fact>(
  rows: readonly Row[],
  make: (row: Row) => Fact,
): ReadonlyMap<number, readonly Fact[]> {
  return new Map([...Map.groupBy(rows, (row) => row.no)].map(([no, list]) => [no, list.map(make)]))
}

/**
 * Collects whom rules hold, without carrying them through the process: rows (class, person_no, customer_id) in a temporary
 * table of this name, which the transaction drops at its end.
 */
export async function collectMembers(
  tx: Tx,
  corpId: number,
  table: string,
  classes: readonly { readonly class: string | null; readonly rule: Rule }[],
  today: number,
): Promise<void> {
  const name = sql.table(table)
  await sql`create temporary table ${name} (class text, person_no integer not null, customer_id bigint not null) on commit drop`.execute(
    tx,
  )
  for (const one of classes) {
    const { text, values } = membersSql(one.rule, corpId, today)
    const place = `$${values.length + 1}::text`
    // its first value is the corp
    const insert = `insert into "${table}" (class, person_no, customer_id)
      select ${place}, p.person_no, p.customer_id from (${text}) members
      join audience_people p on p.corp_id = $1 and p.person_no = members.person_no`
    await tx.executeQuery(CompiledQuery.raw(insert, [...values, one.class]))
  }
  await sql`analyze ${name}`.execute(tx)
}
