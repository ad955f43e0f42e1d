import { CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Executor } from '../../../infra/db/database.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { absentMarks } from './marks.store.ts'
import { bitsOfRuleSql } from './rule-bits.ts'

/**
 * What is told of a member beside that he is one: `hits`, which of these rules hold him, as bits from 0; `first`, the place of
 * the first that does, or null.
 */
export interface Marking {
  readonly column: string
  readonly tells: 'hits' | 'first'
  readonly rules: readonly Rule[]
}

/** Persons as chunks of 65,536 bits, one row a chunk and rule: `place` 0 is who is a member, then the rules in order. */
const bitsTable = (table: string) => sql.table(`${table}_bits`)

/** A part of the work of `markMembers`; parts of one step can be done at the same time, each on a connection of its own. */
export interface MarkingSteps {
  /** One a rule. */
  readonly rules: readonly ((on: Executor) => Promise<void>)[]
  /** One a chunk, after all rules. */
  readonly members: readonly ((on: Executor) => Promise<void>)[]
}

/**
 * Who is held by a rule, and of each which of other rules hold him too, as rows (customer_id, a column a marking) of an unlogged
 * table of this name. Rules are worked out as bits and brought together per chunk, so a rule costs the same for one person and
 * for all; only members become rows. Who asks drops the table, and the one of the bits, `<table>_bits`.
 */
export async function markMembers(
  on: Executor,
  corpId: number,
  table: string,
  rule: Rule,
  markings: readonly Marking[],
  today: number,
): Promise<MarkingSteps> {
  const name = sql.table(table)
  const columns = markings.map(({ column, tells }) => sql`, ${sql.ref(column)} ${type(tells)}`)
  await sql`create unlogged table ${bitsTable(table)} (place smallint not null, chunk integer not null, bits varbit not null)`.execute(
    on,
  )
  await sql`create unlogged table ${name} (customer_id bigint not null ${sql.join(columns, sql``)})`.execute(on)
  const rules = [rule, ...markings.flatMap((marking) => marking.rules)]
  const { rows } = await sql<{ chunks: number }>`
    select (next_no + 65535) >> 16 as chunks from audience_corps where corp_id = ${corpId}`.execute(on)
  const chunks = Array.from({ length: rows[0]?.chunks ?? 0 }, (_, chunk) => chunk)
  return {
    rules: rules.map((one, place) => (lane) => keepBits(lane, corpId, table, one, place, today)),
    members: chunks.map((chunk) => (lane) => writeMembers(lane, corpId, table, markings, chunk)),
  }
}

const type = (tells: Marking['tells']) => (tells === 'hits' ? sql`integer not null` : sql`smallint`)

async function keepBits(
  on: Executor,
  corpId: number,
  table: string,
  rule: Rule,
  place: number,
  today: number,
): Promise<void> {
  const { text, values } = bitsOfRuleSql(rule, corpId, today, await absentMarks(on, corpId, rule, today))
  await on.executeQuery(
    CompiledQuery.raw(
      `with kept as (${text} select chunk, bits from fresh where bit_count(bits) > 0)
       insert into "${table}_bits" (place, chunk, bits) select $${values.length + 1}::smallint, chunk, bits from kept`,
      [...values, place],
    ),
  )
}

async function writeMembers(
  on: Executor,
  corpId: number,
  table: string,
  markings: readonly Marking[],
  chunk: number,
): Promise<void> {
  let place = 0
  const told = markings.map(({ tells, rules }) => {
    const bits = rules.map(() => {
      place += 1
      return sql`get_bit(${sql.ref(`b${place}`)}, p.person_no & 65535)`
    })
    return sql`, ${tells === 'hits' ? hitsSql(bits) : firstSql(bits)}`
  })
  // an operation on the bits unpacks them once a chunk, and not once a person
  const columns = Array.from(
    { length: place + 1 },
    (
      _,
      at,
    ) => sql`coalesce((select bits from ${bitsTable(table)} k where k.place = ${sql.lit(at)} and k.chunk = ${chunk}), none.bits)
      | none.bits as ${sql.ref(`b${at}`)}`,
  )
  const from = chunk * 65_536
  await sql`
    insert into ${sql.table(table)}
    select p.customer_id ${sql.join(told, sql``)}
    from (select ${sql.join(columns)} from (select repeat('0', 65536)::varbit as bits offset 0) none offset 0) held
    join audience_people p on get_bit(held.b0, p.person_no & 65535) = 1
    where p.corp_id = ${corpId} and p.person_no >= ${from} and p.person_no < ${from + 65_536}`.execute(on)
}

type Sql = RawBuilder<unknown>

function hitsSql(bits: readonly Sql[]): Sql {
  if (bits.length === 0) return sql`0`
  return sql.join(
    bits.map((bit, at) => sql`(${bit} << ${sql.lit(at)})`),
    sql` | `,
  )
}

function firstSql(bits: readonly Sql[]): Sql {
  if (bits.length === 0) return sql`null::smallint`
  return sql`(case ${sql.join(
    bits.map((bit, at) => sql`when ${bit} = 1 then ${sql.lit(at)}`),
    sql` `,
  )} end)::smallint`
}
