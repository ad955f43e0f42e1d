import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { type Change, type MarkChange, markChanges } from '../rules/change.ts'
import { marksOfRelation, type RelationOfPerson } from '../rules/facts.ts'
import { noteBehaved } from './behaviours.store.ts'
import { noteOrders } from './orders-note.store.ts'
import { touchLive } from './touched.store.ts'

/**
 * Tells audiences what is new of persons, in the transaction in which it became so. Set-based: the number of statements
 * does not grow with the number of changes. Persons who are met for the first time get their numbers.
 */
export async function noteChanges(tx: Tx, corpId: number, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  const numbers = await numberPersons(tx, corpId, [...new Set(changes.map((change) => change.customerId))])
  const marks = [...markChanges(changes), ...(await noteRelations(tx, corpId, numbers, changes))]
  await writeMarks(tx, corpId, numbers, marks)
  await noteOrders(tx, corpId, (customerId) => numberOf(numbers, customerId), changes)
  const did = changes.flatMap((change) => (change.kind === 'behaviour' ? [change] : []))
  await noteBehaved(
    tx,
    corpId,
    did.map(({ customerId, behaviour }) => ({ ...behaviour, personNo: numberOf(numbers, customerId) })),
  )
  await touchLive(tx, corpId, numbers, changes)
}

type Numbers = ReadonlyMap<number, number>

function numberOf(numbers: Numbers, customerId: number): number {
  const number = numbers.get(customerId)
  if (number === undefined) throw new Error(`Customer ${customerId} has no number`)
  return number
}

/** The numbers of these persons; who is met for the first time gets one. */
export async function numberPersons(tx: Tx, corpId: number, ids: readonly number[]): Promise<Numbers> {
  const known = await readNumbers(tx, ids)
  if (known.size === ids.length) return known
  // whoever holds this row gives the next numbers; what another gave meanwhile is read after it
  await sql`insert into audience_corps (corp_id) values (${corpId}) on conflict (corp_id) do update set next_no = audience_corps.next_no`.execute(
    tx,
  )
  const now = await readNumbers(tx, ids)
  const missing = ids.filter((id) => !now.has(id)).sort((a, b) => a - b)
  if (missing.length === 0) return now
  const { rows } = await sql<{ id: number; no: number }>`with numbers as (
      update audience_corps set next_no = next_no + ${missing.length} where corp_id = ${corpId} returning next_no - ${missing.length} as first
    )
    insert into audience_people (customer_id, corp_id, person_no)
    select id, ${corpId}, numbers.first + at - 1 from numbers, unnest(${missing}::bigint[]) with ordinality as given(id, at)
    returning customer_id as id, person_no as no`.execute(tx)
  return new Map([...now, ...rows.map(({ id, no }): [number, number] => [id, no])])
}

async function readNumbers(db: Executor, ids: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await sql<{ customer_id: number; person_no: number }>`
    select customer_id, person_no from audience_people where customer_id = any(${ids}::bigint[])`.execute(db)
  return new Map(rows.map((row) => [row.customer_id, row.person_no]))
}

async function writeMarks(tx: Tx, corpId: number, numbers: Numbers, marks: readonly MarkChange[]): Promise<void> {
  if (marks.length === 0) return
  await sql`insert into audience_changes (corp_id, key, chunk, person_no, present)
    select ${corpId}, key, no >> 16, no, present
    from unnest(${marks.map((mark) => mark.key)}::text[], ${marks.map((mark) => numberOf(numbers, mark.customerId))}::int[],
      ${marks.map((mark) => mark.present)}::boolean[]) as given(key, no, present)
    -- in one order, so that two who tell of the same persons wait for each other and do not block one another
    order by key, no
    on conflict (corp_id, key, person_no, chunk) do update set present = excluded.present`.execute(tx)
}

/** Writes relations, and answers the marks that come and go with them. */
async function noteRelations(
  tx: Tx,
  corpId: number,
  numbers: Numbers,
  changes: readonly Change[],
): Promise<readonly MarkChange[]> {
  const last = new Map<string, { customerId: number; relation: RelationOfPerson }>()
  for (const change of changes) {
    if (change.kind === 'relation') last.set(`${change.customerId} ${change.relation.staff}`, change)
  }
  if (last.size === 0) return []
  const given = [...last.values()]
  const persons = [...new Set(given.map((one) => one.customerId))]
  const before = await readRelations(tx, corpId, numbers, persons)
  const rows = given.map(({ customerId, relation }) => {
    const no = numberOf(numbers, customerId)
    return {
      ...{ corp_id: corpId, chunk: no >> 16, person_no: no, staff: relation.staff },
      ...{ departments: relation.departments, store: relation.store ?? null, channel: relation.channel ?? null },
      ...{ since: relation.since, ended: relation.ended ?? null },
    }
  })
  await sql`insert into audience_relations (corp_id, chunk, person_no, staff, departments, store, channel, since, ended)
    select corp_id, chunk, person_no, staff, departments, store, channel, since, ended
    from json_populate_recordset(null::audience_relations, ${JSON.stringify(rows)}::json)
    on conflict (corp_id, person_no, staff, chunk) do update set departments = excluded.departments,
      store = excluded.store, channel = excluded.channel, since = excluded.since, ended = excluded.ended`.execute(tx)
  const after = await readRelations(tx, corpId, numbers, persons)
  return persons.flatMap((customerId) => {
    const now = new Set(after.get(customerId)?.flatMap(marksOfRelation) ?? [])
    const old = new Set(before.get(customerId)?.flatMap(marksOfRelation) ?? [])
    return [
      ...[...old].filter((key) => !now.has(key)).map((key) => ({ customerId, key, present: false })),
      ...[...now].filter((key) => !old.has(key)).map((key) => ({ customerId, key, present: true })),
    ]
  })
}

async function readRelations(
  db: Executor,
  corpId: number,
  numbers: Numbers,
  persons: readonly number[],
): Promise<Map<number, RelationOfPerson[]>> {
  const customers = new Map(persons.map((id) => [numberOf(numbers, id), id]))
  const { rows } = await sql<{
    person_no: number
    staff: string
    departments: string[]
    store: string | null
    channel: string | null
    since: number
    ended: number | null
  }>`select person_no, staff, departments, store, channel, since, ended from audience_relations
    where corp_id = ${corpId} and person_no = any(${[...customers.keys()]}::int[])`.execute(db)
  const found = new Map<number, RelationOfPerson[]>()
  for (const { person_no, store, channel, ended, ...rest } of rows) {
    const customerId = customers.get(person_no)
    if (customerId === undefined) continue
    const relation = { ...rest, store: store ?? undefined, channel: channel ?? undefined, ended: ended ?? undefined }
    found.set(customerId, [...(found.get(customerId) ?? []), relation])
  }
  return found
}
