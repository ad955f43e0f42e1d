import type { Rule } from '../rules/rule.schema.ts'
import { prepare, type Statement } from './sql.ts'

/**
 * A statement that ends in `fresh`: one row a chunk with the bits of the persons whom a rule holds and of all persons,
 * pending changes merged in. Its first value is the corp; a query over `fresh` goes on with a comma.
 */
export function bitsOfRuleSql(rule: Rule, corpId: number, today: number, absent: ReadonlySet<string>): Statement {
  const { statement, bits, changed } = prepare(rule, corpId, today, { absent })
  const put = (column: string) => `bit_or(set_bit(z.bits, person_no & 65535, ${column}::int))`
  statement.text += `,
settled as materialized (select c.person_no, coalesce((${changed.after}), false) as holds,
  coalesce((${changed.person.after}), false) as person from ${changed.from}),
masks as materialized (select person_no >> 16 as chunk, ${put('1')} as touched, ${put('holds')} as holds, ${put('person')} as person
  from settled, (select repeat('0', 65536)::varbit as bits offset 0) z group by 1),
fresh as materialized (select b.chunk,
  case when m.chunk is null then (${bits}) else ((${bits}) & ~m.touched) | m.holds end as bits,
  case when m.chunk is null then b.k0 else (b.k0 & ~m.touched) | m.person end as persons
  from b left join masks m on m.chunk = b.chunk)`
  return statement
}
